import { useEffect, useState } from 'react';
import { changeLanguage, language, languageNames, t } from '../messages/index.ts';

const themes = ['system', 'light', 'dark'] as const;
const densities = ['compact', 'standard', 'roomy'] as const;

const keys = { theme: 'jolly-console-theme', density: 'jolly-console-density' } as const;

function kept<Value extends string>(key: string, values: readonly Value[], otherwise: Value): Value {
  return values.find((value) => value === localStorage.getItem(key)) ?? otherwise;
}

function show(name: 'theme' | 'density', value: string): void {
  if (value === 'system' || value === 'standard') delete document.documentElement.dataset[name];
  else document.documentElement.dataset[name] = value;
}

/** What this browser was told before; to run before the first paint. */
export function applyKept(): void {
  show('theme', kept(keys.theme, themes, 'system'));
  show('density', kept(keys.density, densities, 'standard'));
}

function Switch<Value extends string>({
  name,
  label,
  values,
  otherwise,
  words,
}: {
  readonly name: 'theme' | 'density';
  readonly label: string;
  readonly values: readonly Value[];
  readonly otherwise: Value;
  readonly words: (value: Value) => string;
}) {
  const [value, setValue] = useState<Value>(() => kept(keys[name], values, otherwise));
  useEffect(() => {
    show(name, value);
    localStorage.setItem(keys[name], value);
  }, [name, value]);
  return (
    <label className="theme">
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => setValue(values.find((each) => each === event.target.value) ?? otherwise)}
      >
        {values.map((each) => (
          <option key={each} value={each}>
            {words(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The console follows the system's theme, with a switch. */
export function ThemeSwitch() {
  return (
    <Switch
      name="theme"
      label={t('theme.label')}
      values={themes}
      otherwise="system"
      words={(theme) => t(`theme.${theme}`)}
    />
  );
}

/** Height of table rows: compact for wall screens, roomy for who likes it. */
export function DensitySwitch() {
  return (
    <Switch
      name="density"
      label={t('density.label')}
      values={densities}
      otherwise="standard"
      words={(density) => t(`density.${density}`)}
    />
  );
}

export function LanguageSwitch() {
  return (
    <label className="theme">
      <span>{t('language.label')}</span>
      <select value={language} onChange={(event) => changeLanguage(event.target.value)}>
        {Object.entries(languageNames).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
