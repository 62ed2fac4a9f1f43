import { CONSOLE_API, type CommandRow } from '@jolly/contracts/fleet-api';
import { useEffect, useState } from 'react';
import { dayTime } from '../../format.ts';
import { t } from '../../messages/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { commandTitle } from './command-words.ts';

/** More lines than these at once make a page slow; the whole is in the download. */
const MOST_LINES = 2_000;

/** What a command brought: the picture of the screen, or its logs with a filter. */
export function Attachment({ command, close }: { command: CommandRow; close: () => void }) {
  const address = `${CONSOLE_API}/commands/${encodeURIComponent(command.commandId)}/attachment`;
  const type = command.attachment?.type ?? '';
  const title = `${commandTitle(command.act)}: ${command.terminalId}`;
  return (
    <Dialog title={title} close={close} wide>
      <p className="quiet">{dayTime(command.history.at(-1)?.at ?? command.createdAt)}</p>
      {type.startsWith('image/') ? (
        <img
          className="screen-picture"
          src={address}
          alt={t('attachment.alt', { terminal: command.terminalId })}
        />
      ) : /^text\/|json/.test(type) ? (
        <Lines address={address} packed={type.endsWith('+gzip')} />
      ) : (
        <p>{t('attachment.packed')}</p>
      )}
      <p>
        <a
          className="button"
          href={address}
          download={`${command.terminalId}-${command.commandId.slice(-8)}`}
        >
          <Icon name="download" />
          {t('attachment.save')}
        </a>
      </p>
    </Dialog>
  );
}

/** The terminal packs its logs; the browser unpacks them. */
const textOf = (response: Response, packed: boolean): Promise<string> =>
  packed && response.body
    ? new Response(response.body.pipeThrough(new DecompressionStream('gzip'))).text()
    : response.text();

function Lines({ address, packed }: { address: string; packed: boolean }) {
  const [text, setText] = useState<string | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const [filter, setFilter] = useState('');
  useEffect(() => {
    let wanted = true;
    fetch(address, { credentials: 'same-origin' })
      .then((response) =>
        response.ok ? textOf(response, packed) : Promise.reject(new Error(response.statusText)),
      )
      .then(
        (got) => wanted && setText(got),
        () => wanted && setFailed(true),
      );
    return () => {
      wanted = false;
    };
  }, [address, packed]);
  if (failed) return <p role="alert">{t('attachment.gone')}</p>;
  if (text === undefined) return <p>{t('loading')}</p>;
  const lines = text.split('\n').filter((line) => line.toLowerCase().includes(filter.toLowerCase()));
  return (
    <>
      <Field label={t('attachment.filter')}>
        {(tied) => (
          <input {...tied} type="search" value={filter} onChange={(event) => setFilter(event.target.value)} />
        )}
      </Field>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who uses the keyboard scrolls it */}
      <pre className="log-lines" tabIndex={0}>
        {lines.slice(-MOST_LINES).join('\n')}
      </pre>
    </>
  );
}
