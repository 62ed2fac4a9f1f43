import { type SecretField, Snapshot } from '@jolly/contracts/terminal-channel';
import { loadCatalogue, WordsProvider, wordsIn } from '@jolly/ui-kit/messages';
import {
  forAllEars,
  forOneEar,
  readScene,
  type Scene,
  tellChange,
  tellWelcome,
  tellWhole,
} from '@jolly/ui-kit/speech';
import fc from 'fast-check';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { treeOfMarkup, withFocus } from '../fixtures/markup.ts';
import { everyLogin, type SampleName, sampleSnapshot, samples } from '../fixtures/samples.ts';
import { Terminal } from './terminal.tsx';
import { namesOf } from './view.ts';

await Promise.all((['en'] as const).map(loadCatalogue));
const { t } = wordsIn('it', 'Europe/Rome');
const NAMES = /Giulia|Bianchi|Maria Antonietta|De’ Medici/;

function sceneOf(snapshot: Snapshot, { focus = '', names = namesOf(snapshot) } = {}): Scene {
  const { language } = snapshot.preferences;
  const html = renderToString(
    <WordsProvider language={language} timeZone={snapshot.place.timeZone}>
      <Terminal view={{ snapshot, now: snapshot.at, send: () => undefined, secret: () => undefined }} />
    </WordsProvider>,
  );
  return forAllEars(
    readScene(withFocus(treeOfMarkup(html), focus)),
    names,
    wordsIn(language, 'Europe/Rome').t,
  );
}
const whole = (name: SampleName) => tellWhole(sceneOf(sampleSnapshot(name)), t);

type SecretScreen = Extract<Snapshot['screen'], { name: 'login-secret' }>;
const typing = (more: Partial<SecretScreen>, name: SampleName = 'login-secret-empty'): Snapshot => {
  const sample = sampleSnapshot(name, { listen: true });
  if (sample.screen.name !== 'login-secret') throw new Error('no pad');
  return Snapshot.parse({ ...sample, screen: { ...sample.screen, ...more } });
};

describe('a screen is told', () => {
  it('from its title to what can be done, in the order of the page', () => {
    expect(whole('login-card')).toBe(
      'Appoggia o inserisci la carta. Passo 1 di 3: carta. Poi lasciala ferma fino al segnale. ' +
        'Aspetto la carta… Carta d’identità sopra il lettore, con la foto verso l’alto. ' +
        'Tessera sanitaria nella fessura, con il chip in avanti. ' +
        'Serve a sapere chi sei. Dopo l’uscita qui non resta nulla. ' +
        'Il lettore è qui sotto, a sinistra. Segui la luce blu. ' +
        'Il lettore della tua carta è in basso a sinistra. ' +
        'Hai 2 scelte: Entra senza PIN; Non ho la carta. Muoviti: Indietro; Aiuto; Lingua; Esci.',
    );
    expect(whole('login-last-try')).toMatch(
      /^Resta un solo tentativo\. .*Se sbagli il PIN si blocca\. .*Hai \d scelte: .*; Uso l’ultimo tentativo\. Muoviti/,
    );
  });

  it.each(Object.keys(samples) as SampleName[])('%s: title, every choice, no name, no amount', (name) => {
    for (const language of ['it', 'en'] as const) {
      const snapshot = sampleSnapshot(name, { language });
      const scene = sceneOf(snapshot);
      const said = tellWelcome(scene, wordsIn(language, 'Europe/Rome').t);
      expect(scene.title).not.toBe('');
      expect(said).toContain(scene.title.replace(/[.?]$/, ''));
      for (const control of scene.controls) {
        if (control.possible && control.told !== 'as-pad') expect(said).toContain(control.name);
      }
      expect(said).not.toMatch(NAMES);
      expect(said).not.toMatch(/\d,\d\d\s€|€\s?\d/);
      expect(said).not.toMatch(/undefined|,,|\.\.|:\.| {2}/);
    }
  });

  it('says every kind of bad news with its facts, its code and each way on', () => {
    for (const snapshot of everyLogin) {
      const scene = sceneOf(snapshot);
      const said = tellWhole(scene, t);
      expect(said.startsWith(scene.title)).toBe(true);
      expect(said).toContain('PO-09 10:52 C1E7');
      expect(said).toMatch(/Prova di nuovo|Continua con questa carta/);
    }
  });

  it('marks names where they stand: no sentence is lost for want of the guard', () => {
    for (const name of Object.keys(samples) as SampleName[]) {
      const unguarded = sceneOf(sampleSnapshot(name), { names: [] });
      expect(tellWelcome(unguarded, t), name).not.toMatch(NAMES);
    }
    expect(whole('signed-in')).toMatch(/^Sei entrato\. /);
    expect(whole('home-signed-in')).toMatch(/^Sei entrato\. Buongiorno, di cosa hai bisogno\? /);
  });

  it('keeps back a sentence with a name that nobody marked', () => {
    const titled = (title: string, names: readonly string[]) =>
      forAllEars({ ...sceneOf(sampleSnapshot('help')), title }, names, t).title;
    expect(titled('Ciao, Giulia', ['GIULIA', 'Giulia'])).toBe('');
    expect(titled('Ciao, D’Ana (ospite)', ['D’Ana (ospite)'])).toBe('');
    expect(titled('Riprendi la tua carta', ['Re', 'Carta'])).toBe('Riprendi la tua carta');
  });

  it('loses nothing to a citizen whose name is a word of the page', () => {
    const sample = sampleSnapshot('signed-in');
    if (!sample.citizen) throw new Error('nobody signed in');
    const citizen = { ...sample.citizen, givenName: 'ROSA', familyName: 'CARTA' };
    const said = tellWhole(sceneOf({ ...sample, citizen }), t);
    expect(said).toContain('Accesso fatto con la carta d’identità.');
    expect(said).not.toMatch(/rosa/i);
  });

  it('tells what lies over the page, and nothing under it', () => {
    expect(whole('idle-signed-in')).toMatch(/^Sei ancora qui\? .*Hai \d scelte: .*Sono qui, continua/);
    expect(whole('idle-signed-in')).not.toContain('TARI');
    expect(whole('languages')).toBe(
      'Scegli la lingua. Hai 12 scelte: Italiano; English; 中文; Română; Shqip; Deutsch; Français; Español; Slovenščina; Українська; العربية; Resta in italiano.',
    );
  });
});

describe('a change says only what is new', () => {
  const change = (before: Snapshot, now: Snapshot, focus: readonly [string?, string?] = []) =>
    tellChange(sceneOf(before, { focus: focus[0] ?? '' }), sceneOf(now, { focus: focus[1] ?? '' }), t);
  const on = (name: SampleName) => sampleSnapshot(name);

  it('the count while digits are typed and erased, and the door when it opens', () => {
    expect(change(typing({ entered: 2 }), typing({ entered: 3 }))).toBe('cifra 3 di 8.');
    expect(change(typing({ entered: 3 }), typing({ entered: 2 }))).toBe('cifra 2 di 8.');
    expect(change(typing({ entered: 3 }), typing({ entered: 0 }))).toBe('Nessuna cifra di 8.');
    expect(change(typing({ entered: 7 }), typing({ entered: 8, canSubmit: true }))).toBe(
      'cifra 8 di 8. Adesso puoi scegliere: Entra.',
    );
  });

  it('why a PIN is asked again, with what is left', () => {
    expect(change(typing({ triesLeft: 3 }), typing({ triesLeft: 2, notice: 'wrong' }))).toBe(
      'Il PIN non è giusto. Hai ancora 2 tentativi. Poi il PIN si blocca.',
    );
  });

  it('the new title and lead when the reader begins, and each step of the card', () => {
    expect(change(on('login-card-cie'), on('login-card-reading'))).toMatch(
      /^Tieni ferma la carta\. Lasciala dov’è fino al segnale\. Leggo la carta…/,
    );
    expect(change(on('login-working-cns'), on('login-working'))).toContain('Leggo chi sei');
    expect(change(on('login-working'), on('login-secret'))).toMatch(/^Scrivi il PIN della carta\. /);
  });

  it('that leaving waits for the card', () => {
    expect(change(on('login-working'), on('login-working-leaving'))).toContain(
      'Esco appena la carta ha finito',
    );
  });

  it('nothing when nothing is new, and no running second', () => {
    expect(change(on('login-card-cie'), on('login-card-cie'))).toBeUndefined();
    const later = { ...on('pay-card'), at: on('pay-card').at + 1000 };
    expect(change(on('pay-card'), later)).toBeUndefined();
  });

  it('name and state of what has the focus, with its bar when one comes into it', () => {
    const at = on('login-secret');
    expect(change(at, at, ['', 'action-forgot-pin'])).toBe('Non ricordo il PIN, 1 di 2.');
    expect(change(at, at, ['', 'back'])).toBe('Muoviti: Indietro, 1 di 4.');
    expect(change(at, at, ['back', 'help'])).toBe('Aiuto, 2 di 4.');
    expect(change(at, at, ['', 'submit-secret'])).toBe('Mancano 3 cifre, per ora non si può, 2 di 2.');
    const listens = sampleSnapshot('login-secret', { listen: true });
    expect(change(at, at, ['help', 'toggle-contrast'])).toBe(
      'Come vuoi leggere: Contrasto, non attivo, 2 di 5.',
    );
    expect(change(at, listens, ['toggle-listen', 'toggle-listen'])).toBe('Ascolta, attivo.');
    const help = { ...at, screen: { name: 'help' } } as Snapshot;
    expect(change(help, help, ['back', 'help'])).toBe('Aiuto, per ora non si può, 2 di 4.');
  });
});

describe('digits nobody may hear', () => {
  const SECRET_SAMPLES = (Object.keys(samples) as SampleName[]).filter(
    (name) => sampleSnapshot(name).screen.name === 'login-secret' && !sampleSnapshot(name).idle,
  );
  const FIELDS: readonly SecretField[] = ['cie-pin', 'cie-puk', 'cie-can', 'cns-pin', 'cie-new-pin'];
  const DIGIT = /\d|\b(zero|uno|due|tre|quattro|cinque|sei|sette|otto|nove)\b|riga|colonna/i;

  it('every key of the pad sounds the same, on every screen that asks for them', () => {
    for (const name of SECRET_SAMPLES) {
      const heard = Array.from({ length: 10 }, (_, digit) => {
        const from = sceneOf(sampleSnapshot(name), { focus: 'key-clear' });
        return tellChange(from, sceneOf(sampleSnapshot(name), { focus: `key-${digit}` }), t);
      });
      expect(new Set(heard), name).toEqual(new Set(['tasto.']));
    }
    const pad = sceneOf(typing({}), { focus: 'key-1' });
    expect(tellChange(sceneOf(typing({})), pad, t)).toBe('Tastiera con i numeri: tasto.');
    expect(tellChange(pad, sceneOf(typing({}), { focus: 'key-erase' }), t)).toBe('Cancella ultima.');
  });

  /** All that is heard while somebody walks to each key with the arrows, presses it, and now and then erases one. */
  function heardWhileTyping(
    field: SecretField,
    pin: readonly number[],
    erased: readonly boolean[],
  ): string[] {
    const heard: string[] = [];
    let entered = 0;
    let scene = sceneOf(typing({ field }));
    const next = (more: Partial<SecretScreen>, focus: string) => {
      const now = sceneOf(typing({ field, ...more }), { focus });
      heard.push(tellChange(scene, now, t) ?? '');
      scene = now;
    };
    for (const [at, digit] of pin.entries()) {
      next({ entered }, `key-${digit}`);
      entered += 1;
      next({ entered }, `key-${digit}`);
      heard.push(tellWhole(scene, t, true));
      if (!erased[at]) continue;
      next({ entered }, 'key-erase');
      entered -= 1;
      next({ entered }, 'key-erase');
    }
    return heard;
  }

  it('what is heard depends on how many are typed, never on which', () => {
    const someDigits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 4 });
    const noTwins = someDigits.filter((pin) => pin.every((digit, at) => digit !== pin[at - 1]));
    const slips = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), noTwins, noTwins, slips, (field, one, other, erased) => {
        const heard = heardWhileTyping(field, one, erased);
        expect(heard).toEqual(heardWhileTyping(field, other, erased));
        const focused = heard.filter((words) => words.includes('tasto.'));
        expect(focused.every((words) => !DIGIT.test(words))).toBe(true);
      }),
      { numRuns: 6 },
    );
  });
});

describe('letters of a name or a tax code', () => {
  const LETTERS = ['Q', 'W', 'E', 'R', 'M', 'A'];
  const writing = (name: SampleName, value: string): Snapshot => {
    const sample = sampleSnapshot(name, { listen: true });
    if (sample.screen.name !== 'service-field') throw new Error('no field');
    return Snapshot.parse({ ...sample, screen: { ...sample.screen, value } });
  };
  const heard = (snapshot: Snapshot, keys: readonly string[]) =>
    keys.map((key) =>
      tellChange(
        sceneOf(snapshot, { focus: 'key-erase' }),
        sceneOf(snapshot, { focus: `key-${key.toLowerCase()}` }),
        t,
      ),
    );

  it('all sound the same in the room, those that cannot come next too', () => {
    const name = writing('service-field-name', '');
    expect(new Set(heard(name, LETTERS))).toEqual(new Set(['tasto.']));
    for (const value of ['', 'RSSMRA', 'RSSMRA80A01H50']) {
      const code = writing('service-field-code', value);
      expect(new Set(heard(code, [...LETTERS, '0', '7'])), value).toEqual(new Set(['tasto.']));
    }
  });

  it('are told where the field says nothing about a person, and the words of the keyboard always', () => {
    expect(heard(writing('service-field-plate', ''), LETTERS)).toEqual(LETTERS.map((key) => `${key}.`));
    const name = writing('service-field-name', '');
    const erase = sceneOf(name, { focus: 'key-erase' });
    expect(tellChange(sceneOf(name, { focus: 'key-q' }), erase, t)).toBe('Cancella ultima.');
  });
});

describe('into a headset', () => {
  const alone = (snapshot: Snapshot, focus = ''): Scene => {
    const html = renderToString(
      <WordsProvider language="it" timeZone={snapshot.place.timeZone}>
        <Terminal view={{ snapshot, now: snapshot.at, send: () => undefined, secret: () => undefined }} />
      </WordsProvider>,
    );
    return readScene(forOneEar(withFocus(treeOfMarkup(html), focus)));
  };

  it('names and sums are told, on every screen that shows them', () => {
    const said = tellWhole(alone(sampleSnapshot('pay-check')), t);
    expect(said).toMatch(/123,45\s€/);
    expect(tellWhole(alone(sampleSnapshot('home-signed-in')), t, true)).toContain('Giulia');
  });

  it('each key of the PIN’s pad has a name of its own', () => {
    const snapshot = sampleSnapshot('login-secret-empty', { listen: true });
    const heard = Array.from({ length: 10 }, (_, digit) =>
      tellChange(alone(snapshot, 'key-clear'), alone(snapshot, `key-${digit}`), t),
    );
    expect(heard).toEqual(Array.from({ length: 10 }, (_, digit) => `${digit}.`));
  });

  it('each letter of a name has a name of its own', () => {
    const snapshot = sampleSnapshot('service-field-name', { listen: true });
    const sample = Snapshot.parse({ ...snapshot, screen: { ...snapshot.screen, value: '' } });
    expect(tellChange(alone(sample, 'key-erase'), alone(sample, 'key-q'), t)).toBe('Q.');
  });

  it('pulled out: the cover is told, and nothing under it', () => {
    const covered = { ...sampleSnapshot('pay-check'), covered: true };
    const said = tellWhole(sceneOf(covered), t);
    expect(said).toBe(
      'La cuffia non è inserita. Comune di Prato. Ho coperto nomi e importi. ' +
        'Inserisci di nuovo la cuffia, o scegli come andare avanti. ' +
        'Hai 2 scelte: Esci e cancella tutto; Continua senza cuffia.',
    );
  });
});

describe('amounts in every way of writing them', () => {
  it.each([
    '123,45\u00a0€',
    '€1,234.50',
    '1\u202f234,50\u00a0€',
    '1\u00a0234,50\u00a0EUR',
    '\u200f1,234.50\u00a0€',
  ])('%s is kept from the room', (amount) => {
    const scene = { ...sceneOf(sampleSnapshot('help')), title: `Paga ${amount} adesso` };
    expect(forAllEars(scene, [], t).title.replace('\u200f', '')).toBe('Paga l’importo sullo schermo adesso');
  });
});
