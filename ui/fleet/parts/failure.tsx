import type { ApiError } from '../api/client.ts';
import { t, word } from '../messages/index.ts';

/** Why an act did not go through, in words where the catalogue has them, with the full list of faults. */
export function Failure({ error }: { error: ApiError | undefined }) {
  if (!error) return null;
  const said = word('problem', error.code);
  return (
    <div role="alert" className="failure">
      <p>{said === error.code ? t('failed', { code: error.code }) : said}</p>
      {error.faults.length === 0 ? null : (
        <ul>
          {error.faults.map((fault) => (
            <li key={`${fault.path} ${fault.message}`}>
              <code>{fault.path}</code> {fault.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
