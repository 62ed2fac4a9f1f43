import type { Layer } from '@jolly/contracts/twin';
import { createContext, type ReactNode, useContext, useId } from 'react';
import { t } from '../../messages/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { type Draft, type Inherited, originOf, valueAt, withValue } from './document.ts';

export interface Editing {
  readonly layer: Layer;
  readonly draft: Draft;
  readonly inherited: Inherited;
  readonly change: (draft: Draft) => void;
}
export const EditingContext = createContext<Editing | undefined>(undefined);

export interface SettingControl {
  readonly id: string;
  readonly describedBy: string;
  /** What is shown: said here, or inherited; undefined: the terminal's own file says it. */
  readonly value: unknown;
  readonly own: boolean;
  set(value: unknown): void;
}

export function useSetting(path: string): Omit<SettingControl, 'id' | 'describedBy'> & {
  readonly from: Layer | 'file';
} {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error('no layer is edited here');
  const { layer, draft, inherited, change } = editing;
  const origin = originOf(path, draft, layer, inherited);
  return {
    value: origin.own ? valueAt(draft, path) : valueAt(inherited.values, path),
    own: origin.own,
    from: origin.from,
    set: (value) => change(withValue(draft, path, value)),
  };
}

/** One setting: its control, and beside it where the value comes from; what is said here can be taken back. */
export function Setting({
  path,
  label,
  hint,
  group = false,
  children,
}: {
  readonly path: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** Several controls under one name. */
  readonly group?: boolean;
  readonly children: (control: SettingControl) => ReactNode;
}) {
  const id = useId();
  const { from, ...setting } = useSetting(path);
  const describedBy = `${id}-from`;
  const body = children({ ...setting, id, describedBy });
  return (
    <div
      className={setting.own ? 'setting setting-own' : 'setting'}
      data-testid={`setting-${path}`}
      {...(group ? { role: 'group', 'aria-labelledby': `${id}-name` } : {})}
    >
      <div className="setting-name">
        {group ? <span id={`${id}-name`}>{label}</span> : <label htmlFor={id}>{label}</label>}
        {hint === undefined ? null : <span className="hint">{hint}</span>}
      </div>
      <div className="setting-control">{body}</div>
      <div className="setting-from">
        <span id={describedBy} className={setting.own ? 'origin origin-own' : 'origin'}>
          {setting.own ? t('origin.own') : t(`origin.${from}`)}
        </span>
        {setting.own ? (
          <button
            type="button"
            className="link-button"
            aria-label={t('origin.resetOne', { setting: label })}
            onClick={() => setting.set(undefined)}
          >
            <Icon name="restore" />
            {t('origin.reset')}
          </button>
        ) : null}
      </div>
    </div>
  );
}
