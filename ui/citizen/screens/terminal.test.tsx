import type { Snapshot } from '@jolly/contracts/terminal-channel';
import { WordsProvider } from '@jolly/ui-kit/messages';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import {
  everyLimitation,
  everyProblem,
  type SampleName,
  sampleSnapshot,
  samples,
} from '../fixtures/samples.ts';
import { Terminal } from './terminal.tsx';

const draw = (snapshot: Snapshot, language: 'it' | 'en' = 'it') =>
  renderToString(
    <WordsProvider language={language} timeZone={snapshot.place.timeZone}>
      <Terminal view={{ snapshot, now: snapshot.at, send: () => undefined }} />
    </WordsProvider>,
  ).replaceAll('\u00a0', ' ');

describe('every screen', () => {
  it.each(Object.keys(samples) as SampleName[])(
    '%s has one title and the four aids, in both languages',
    (name) => {
      for (const language of ['it', 'en'] as const) {
        const html = draw(sampleSnapshot(name, { language }), language);
        expect(html.match(/data-testid="title"/g)).toHaveLength(1);
        for (const aid of ['text-size', 'contrast', 'lowered', 'listen']) {
          expect(html).toContain(`data-testid="toggle-${aid}"`);
        }
      }
    },
  );
});

describe('bad news', () => {
  it('says what happened, where the money is, what comes next and the code, for every kind and money', () => {
    for (const snapshot of everyProblem) {
      const html = draw(snapshot);
      expect(html).toContain('data-testid="money"');
      expect(html).toContain('data-testid="action-retry-card"');
      expect(html).toContain('PO-09 10:08 D4F7');
    }
  });

  it('never asks to pay again when the money may be gone', () => {
    const html = draw(sampleSnapshot('problem-unknown'));
    expect(html).toContain('Non pagare di nuovo');
    expect(html).not.toContain('data-testid="action-retry-card"');
  });
});

describe('the home page', () => {
  it('says every limitation before anyone starts', () => {
    for (const snapshot of everyLimitation) {
      const html = draw(snapshot);
      const blocked = html.includes('Adesso qui non puoi pagare');
      expect(blocked || html.includes('data-testid="status-line"'), snapshot.limitations[0]).toBe(true);
    }
  });

  it('keeps the blue card shut with its reason when payments are impossible', () => {
    const html = draw(sampleSnapshot('home-no-payments'));
    expect(html).toMatch(
      /data-testid="start-payment"[^>]*aria-disabled="true"|aria-disabled="true"[^>]*data-testid="start-payment"/,
    );
    expect(html).toContain('Il lettore di carte è fermo');
  });
});

describe('the screen shows what the snapshot says', () => {
  it('amount, creditor and notice number in fours', () => {
    const html = draw(sampleSnapshot('pay-check'));
    for (const words of [
      '123,45 €',
      'Paga 123,45 €',
      '3020 0012 0456 7892 76',
      'mancano 11 giorni',
      'le paga il Comune',
    ]) {
      expect(html).toContain(words);
    }
  });

  it('remaining time of the reader in words', () => {
    expect(draw(sampleSnapshot('pay-card'))).toContain('Il lettore aspetta ancora 1 minuto e 12 secondi');
  });

  it('nothing personal under the idle warning can be reached', () => {
    expect(draw(sampleSnapshot('idle'))).toContain('inert=""');
  });

  it('lowered, the notice number is cut: the upper half names nobody', () => {
    expect(draw(sampleSnapshot('pay-check', { lowered: true }))).toContain('…0456 7892 76');
  });
});
