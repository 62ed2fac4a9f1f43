import type { SettingChange } from '@jolly/contracts/twin';
import { t } from '../../messages/index.ts';
import { changeLines } from './change-words.ts';

const signs = { added: '+', removed: '−', changed: '≠' } as const;

/** What was and what is, line by line; the sign and the word say which, not the colour alone. */
export function Diff({ changes, caption }: { changes: readonly SettingChange[]; caption: string }) {
  return (
    <div className="scroll">
      <table className="diff">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t('diff.setting')}</th>
            <th scope="col">{t('diff.before')}</th>
            <th scope="col">{t('diff.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changeLines(changes).map((line) => (
            <tr key={line.path} className={`diff-${line.kind}`} data-testid="diff-line">
              <th scope="row">
                <span className="diff-sign" aria-hidden="true">
                  {signs[line.kind]}
                </span>
                {line.name}
                <span className="unseen"> ({t(`diff.${line.kind}`)})</span>
              </th>
              <td>
                {line.kind === 'added' ? (
                  <span className="quiet">{line.before}</span>
                ) : (
                  <del>{line.before}</del>
                )}
              </td>
              <td>
                {line.kind === 'removed' ? (
                  <span className="quiet">{line.after}</span>
                ) : (
                  <ins>{line.after}</ins>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
