import { useEffect, useState } from 'react';
import { changeLanguage, language, languageNames, t } from '../messages/index.ts';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const key = 'jolly-console-theme';
const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system';

/** The console follows the system's theme, with a switch. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(stored);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem(key, theme);
  }, [theme]);
  return (
    <label className="theme">
      <span>{t('theme.label')}</span>
      <select
        value={theme}
        onChange={(event) => setTheme(themes.find((each) => each === event.target.value) ?? 'system')}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {t(`theme.${each}`)}
          </option>
        ))}
      </select>
    </label>
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
