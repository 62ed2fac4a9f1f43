import { t } from '../../messages/index.ts';
import { Field } from '../../parts/field.tsx';
import { type Draft, valueAt, withValue } from './document.ts';
import { Setting } from './setting.tsx';

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const LANGUAGES = ['it', 'en'] as const;

/** A notice on the home screen: one word of one layer, never put together of two. Empty: none is shown here. */
export function NoticeSetting() {
  return (
    <Setting path="attract" label={t('setting.attract')} hint={t('setting.attract.hint')} group>
      {({ value, set }) => {
        const notice = isDraft(value) ? value : {};
        const text = (path: string) => String(valueAt(notice, path) ?? '');
        const change = (path: string, typed: string) =>
          set(withValue(notice, path, typed === '' ? undefined : typed));
        return (
          <div className="stack notice">
            {LANGUAGES.map((code) => (
              <div key={code} className="pair">
                <Field label={t(`notice.title.${code}`)}>
                  {(tied) => (
                    <input
                      {...tied}
                      lang={code}
                      maxLength={300}
                      value={text(`title.${code}`)}
                      onChange={(event) => change(`title.${code}`, event.target.value)}
                    />
                  )}
                </Field>
                <Field label={t(`notice.text.${code}`)}>
                  {(tied) => (
                    <textarea
                      {...tied}
                      lang={code}
                      rows={2}
                      maxLength={300}
                      value={text(`text.${code}`)}
                      onChange={(event) => change(`text.${code}`, event.target.value)}
                    />
                  )}
                </Field>
              </div>
            ))}
            <div className="buttons">
              <Field label={t('notice.until')}>
                {(tied) => (
                  <input
                    {...tied}
                    type="date"
                    value={text('until')}
                    onChange={(event) => change('until', event.target.value)}
                  />
                )}
              </Field>
              <button type="button" className="button small" onClick={() => set({})}>
                {t('notice.none')}
              </button>
            </div>
          </div>
        );
      }}
    </Setting>
  );
}
