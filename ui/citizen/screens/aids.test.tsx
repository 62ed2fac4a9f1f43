import { Language, Theme } from '@jolly/contracts/terminal-channel';
import { WordsProvider } from '@jolly/ui-kit/messages';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { type SampleName, sampleSnapshot, samples } from '../fixtures/samples.ts';
import { firstLanguages } from './home.tsx';
import { Terminal } from './terminal.tsx';

const draw = (name: SampleName, preferences = {}) => {
  const snapshot = sampleSnapshot(name, preferences);
  const view = { snapshot, now: snapshot.at, send: () => undefined, secret: () => undefined };
  return renderToStaticMarkup(
    <WordsProvider language="it" timeZone="Europe/Rome">
      <Terminal view={view} />
    </WordsProvider>,
  );
};

describe('the languages of the home page', () => {
  it('are the five most used, with the one that is spoken among them', () => {
    expect(firstLanguages(Language.options, 'it')).toEqual(['it', 'en', 'de', 'fr', 'es']);
    expect(firstLanguages(Language.options, 'ar')).toEqual(['it', 'en', 'de', 'fr', 'ar']);
    expect(firstLanguages(['it', 'de'], 'it')).toEqual(['it', 'de']);
    // a sixth stands where "one more" would stand
    expect(firstLanguages(['it', 'en', 'de', 'fr', 'es', 'ro'], 'it')).toHaveLength(6);
  });

  it('each have their own name marked as theirs; the others are one touch away', () => {
    const home = draw('home');
    expect(home).toMatch(/lang="zh"[^>]*>.*?中文/);
    expect(home).toContain('Altre 6');
    const sheet = draw('languages');
    for (const language of Language.options) expect(sheet).toContain(`data-testid="language-${language}"`);
  });
});

describe('the threshold', () => {
  it.each(Object.keys(samples) as SampleName[])('%s: four aids and the sheet of all are in reach', (name) => {
    const html = draw(name);
    const threshold = html.slice(html.indexOf('class="threshold"'));
    for (const aid of [
      'toggle-text-size',
      'toggle-contrast',
      'toggle-lowered',
      'toggle-listen',
      'open-aids',
    ]) {
      expect(threshold).toContain(`data-testid="${aid}"`);
    }
    // nothing that holds it is inert: `inert` stands on what lies before it only
    const open = html.slice(0, html.indexOf('class="threshold"'));
    expect(open.lastIndexOf('class="frame"')).toBeGreaterThanOrEqual(0);
    expect(html).not.toMatch(/class="frame"[^>]*inert/);
  });
});

describe('the sheet of all aids', () => {
  it('shows what is chosen, and offers the code where nothing works by itself', () => {
    for (const theme of Theme.options) {
      const sheet = draw('aids', { theme });
      expect(sheet).toMatch(new RegExp(`data-testid="theme-${theme}"[^>]*aria-pressed="true"`));
    }
    expect(draw('aids')).toContain('show-preferences-code');
    expect(draw('aids-goodbye')).not.toContain('show-preferences-code');
  });
});
