import { Language } from '@jolly/contracts/terminal-channel';
import { share } from '../../format.ts';
import { language, t } from '../../messages/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { movedInList } from './document.ts';
import { Setting, type SettingControl } from './setting.tsx';

interface Simple {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
}

export function SwitchSetting({ path, label, hint }: Simple) {
  return (
    <Setting path={path} label={label} hint={hint}>
      {({ id, describedBy, value, set }) => (
        <span className="switch">
          <input
            id={id}
            type="checkbox"
            aria-describedby={describedBy}
            // whatever nobody says is offered
            checked={value !== false}
            onChange={(event) => set(event.target.checked)}
          />
          <span aria-hidden="true">{t(value !== false ? 'setting.on' : 'setting.off')}</span>
        </span>
      )}
    </Setting>
  );
}

export function NumberSetting({
  path,
  label,
  hint,
  min,
  max,
  unit,
}: Simple & { readonly min: number; readonly max: number; readonly unit: string }) {
  return (
    <Setting path={path} label={label} hint={hint}>
      {({ id, describedBy, value, set }) => (
        <span className="with-unit">
          <input
            id={id}
            type="number"
            className="short"
            aria-describedby={describedBy}
            min={min}
            max={max}
            value={typeof value === 'number' ? value : ''}
            onChange={(event) => set(event.target.value === '' ? undefined : Number(event.target.value))}
          />
          {unit}
        </span>
      )}
    </Setting>
  );
}

export function TextSetting({ path, label, hint, max }: Simple & { readonly max: number }) {
  return (
    <Setting path={path} label={label} hint={hint}>
      {({ id, describedBy, value, set }) => (
        <input
          id={id}
          aria-describedby={describedBy}
          maxLength={max}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => set(event.target.value === '' ? undefined : event.target.value)}
        />
      )}
    </Setting>
  );
}

/** A device by its address; "none" is a word of its own, not an empty field. */
export function DeviceSetting({ path, label }: Simple) {
  return (
    <Setting path={path} label={label}>
      {({ id, describedBy, value, set }) => (
        <span className="device-uri">
          <input
            id={id}
            className="mono"
            aria-describedby={describedBy}
            maxLength={200}
            spellCheck={false}
            autoComplete="off"
            disabled={value === ''}
            placeholder={value === '' ? t('setting.noDevice') : 'schema:indirizzo'}
            value={typeof value === 'string' ? value : ''}
            onChange={(event) => set(event.target.value === '' ? undefined : event.target.value)}
          />
          <label className="check">
            <input
              type="checkbox"
              checked={value === ''}
              onChange={(event) => set(event.target.checked ? '' : undefined)}
            />
            {t('setting.none')}
            <span className="unseen">: {label}</span>
          </label>
        </span>
      )}
    </Setting>
  );
}

export function VolumeSetting({ path, label, hint }: Simple) {
  return (
    <Setting path={path} label={label} hint={hint}>
      {({ id, describedBy, value, set }) => (
        <span className="with-unit">
          <input
            id={id}
            type="range"
            aria-describedby={describedBy}
            min={0}
            max={100}
            step={5}
            value={typeof value === 'number' ? Math.round(value * 100) : 50}
            onChange={(event) => set(Number(event.target.value) / 100)}
          />
          {typeof value === 'number' ? share(value) : t('setting.unsaid')}
        </span>
      )}
    </Setting>
  );
}

const names = new Intl.DisplayNames(language, { type: 'language' });
const own = (code: string) => new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code;

/** The offered languages in their order, most used here first. */
export function LanguagesSetting({ path, label, hint }: Simple) {
  return (
    <Setting path={path} label={label} hint={hint} group>
      {(control) => <LanguageList control={control} />}
    </Setting>
  );
}

function LanguageList({ control: { value, set } }: { control: SettingControl }) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const rest = Language.options.filter((code) => !chosen.includes(code));
  return (
    <div className="languages">
      {chosen.length === 0 ? <p className="quiet">{t('setting.unsaid')}</p> : null}
      <ol>
        {chosen.map((code, at) => {
          const name = names.of(code) ?? code;
          return (
            <li key={code}>
              <span>
                <span lang={code}>{own(code)}</span> <span className="quiet">{name}</span>
              </span>
              <button
                type="button"
                className="icon-button turn-up"
                aria-label={t('languages.earlier', { name })}
                disabled={at === 0}
                onClick={() => set(movedInList(chosen, at, -1))}
              >
                <Icon name="arrow-left" />
              </button>
              <button
                type="button"
                className="icon-button turn-up"
                aria-label={t('languages.later', { name })}
                disabled={at === chosen.length - 1}
                onClick={() => set(movedInList(chosen, at, 1))}
              >
                <Icon name="arrow-right" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={t('languages.drop', { name })}
                disabled={chosen.length === 1}
                onClick={() => set(chosen.filter((each) => each !== code))}
              >
                <Icon name="close" />
              </button>
            </li>
          );
        })}
      </ol>
      {rest.length === 0 ? null : (
        <select
          aria-label={t('languages.add')}
          value=""
          onChange={(event) => set([...chosen, event.target.value])}
        >
          <option value="">{t('languages.add')}</option>
          {rest.map((code) => (
            <option key={code} value={code}>
              {names.of(code)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
