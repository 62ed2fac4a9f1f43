import type { Snapshot } from '@jolly/contracts/terminal-channel';
import { WordsProvider } from '@jolly/ui-kit/messages';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import {
  everyLimitation,
  everyLogin,
  everyProblem,
  type SampleName,
  sampleSnapshot,
  samples,
} from '../fixtures/samples.ts';
import { Terminal } from './terminal.tsx';

const draw = (snapshot: Snapshot, language: 'it' | 'en' = 'it') =>
  renderToString(
    <WordsProvider language={language} timeZone={snapshot.place.timeZone}>
      <Terminal view={{ snapshot, now: snapshot.at, send: () => undefined, secret: () => undefined }} />
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

describe('the login', () => {
  it('says for every kind of bad news what became of the card, what comes next and the code', () => {
    for (const snapshot of everyLogin) {
      const html = draw(snapshot);
      expect(html).toContain('data-testid="money"');
      expect(html).toContain('data-testid="action-try-again"');
      expect(html).toContain('PO-09 10:52 C1E7');
    }
  });

  it('tells the ear how many digits there are, and nobody which', () => {
    const html = draw(sampleSnapshot('login-secret'));
    expect(html).toContain('cifra 5 di 8');
    expect(html.match(/class="box box--full"/g)).toHaveLength(5);
    expect(html).not.toContain('<input');
  });

  it('says what is missing on the door, the tries left in words, and opens when all is there', () => {
    const html = draw(sampleSnapshot('login-secret'));
    expect(html).toContain('Mancano 3 cifre');
    expect(html).toContain('Hai ancora 2 tentativi.');
    expect(html).toContain('Poi il PIN si blocca.');
    expect(draw(sampleSnapshot('login-secret-cns'))).not.toContain('Manca');
  });

  it('puts the keys in the order of the snapshot, with the mark on the five', () => {
    const keys = (name: SampleName) =>
      [...draw(sampleSnapshot(name)).matchAll(/data-testid="key-(\w+)"/g)].map(([, key]) => key).join(' ');
    expect(keys('login-secret')).toBe('1 2 3 4 5 6 7 8 9 clear 0 erase');
    expect(keys('login-secret-shuffled')).toBe('7 0 3 9 5 1 8 2 6 clear 4 erase');
    expect(draw(sampleSnapshot('login-secret')).match(/key__five/g)).toHaveLength(1);
  });

  it('draws where each accepted card goes, and names no card that is not taken', () => {
    expect(draw(sampleSnapshot('login-card'))).toContain('nella fessura, con il chip in avanti');
    expect(draw(sampleSnapshot('login-card-cie'))).not.toContain('fessura');
  });

  it('draws the card that lies there, and none while nobody knows which', () => {
    const drawn = (name: SampleName) => {
      const html = draw(sampleSnapshot(name));
      return [/class="d-idcard"/, /class="d-health"/, /class="d-way"/].map((part) => part.test(html));
    };
    expect(drawn('login-card')).toEqual([true, true, true]);
    expect(drawn('login-card-reading-any')).toEqual([false, false, false]);
    expect(drawn('login-card-reading-cns')).toEqual([false, true, false]);
    expect(drawn('login-working-cns')).toEqual([false, true, false]);
    expect(drawn('card-left-cns')).toEqual([false, true, true]);
    expect(draw(sampleSnapshot('card-left-cns'))).toContain('La tessera è qui sotto');
  });

  it('says that leaving waits for the card, where the way out is', () => {
    for (const name of ['login-working-leaving', 'home-leaving'] as const) {
      expect(draw(sampleSnapshot(name))).toMatch(
        /data-testid="leave"[^>]*data-busy.*Esco appena la carta ha finito/s,
      );
    }
    expect(draw(sampleSnapshot('login-working'))).not.toContain('Esco appena');
  });

  it('warns of a card on the reader and says nothing of money where nobody pays', () => {
    const html = draw(sampleSnapshot('idle-login'));
    expect(html).toContain('La tua carta è ancora sul lettore');
    expect(html).not.toContain('Non hai ancora pagato');
    expect(draw(sampleSnapshot('idle'))).toContain('Non hai ancora pagato');
  });

  it('keeps the word "demonstration" on every page, signed in and lowered too', () => {
    for (const name of ['signed-in-cns', 'pay-check-signed-in-demo', 'home-signed-in-long'] as const) {
      for (const lowered of [false, true]) {
        expect(draw(sampleSnapshot(name, { lowered })), name).toContain('Dimostrazione');
      }
    }
  });

  it('leads on from the page without a card, as long as payments work', () => {
    expect(draw(sampleSnapshot('login-no-card'))).toContain('data-testid="start-payment"');
    const stopped = { ...sampleSnapshot('login-no-card'), limitations: ['pos-unavailable' as const] };
    expect(draw(stopped)).not.toContain('data-testid="start-payment"');
  });

  it('offers on home what the card can do to who is in, and to nobody else', () => {
    expect(draw(sampleSnapshot('home-signed-in'))).toContain('data-testid="my-card"');
    expect(draw(sampleSnapshot('home'))).not.toContain('data-testid="my-card"');
  });

  it('keeps the card where it is when the new PIN is still to be used, and gives it back to who is in', () => {
    const unblocked = draw(sampleSnapshot('pin-unblocked'));
    expect(unblocked).toContain('Entra con il PIN nuovo');
    expect(unblocked).toContain('Lascia la carta dov’è');
    expect(unblocked).not.toContain('Prendi la carta');
    const changed = draw(sampleSnapshot('pin-done'));
    expect(changed).toContain('Vai ai servizi');
    expect(changed).toContain('Prendi la carta');
  });

  it('never calls itself the national service', () => {
    for (const name of Object.keys(samples) as SampleName[]) {
      expect(draw(sampleSnapshot(name))).not.toMatch(/Entra con (CIE|SPID)/i);
    }
  });
});

describe('who is signed in', () => {
  it('is named on every page, with the way out', () => {
    for (const name of ['home-signed-in', 'pay-check-signed-in', 'signed-in'] as const) {
      for (const lowered of [false, true]) {
        const html = draw(sampleSnapshot(name, { lowered }));
        expect(html, name).toMatch(/data-testid="leave".*Esci.*Giulia/s);
      }
      expect(draw(sampleSnapshot(name))).toContain('Giulia Bianchi');
    }
  });

  it('is greeted by the given name', () => {
    expect(draw(sampleSnapshot('home-signed-in'))).toContain('Buongiorno, Giulia');
  });

  it('is named neither by the idle warning nor by a card left behind', () => {
    const plinth = draw(sampleSnapshot('idle-signed-in')).split('class="plinth"')[1] ?? '';
    expect(plinth).not.toContain('Giulia');
    expect(draw(sampleSnapshot('card-left'))).not.toContain('Giulia');
  });
});

describe('the home page', () => {
  it('offers to sign in where there is a reader, and says why when it is stopped', () => {
    expect(draw(samples.home as Snapshot)).toContain('data-testid="sign-in"');
    expect(draw(sampleSnapshot('home-no-sign-in'))).not.toContain('data-testid="sign-in"');
    expect(draw(sampleSnapshot('home-no-card'))).toContain('Lettore carta fermo');
    expect(draw(sampleSnapshot('home-signed-in'))).not.toContain('data-testid="sign-in"');
  });

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
