import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Language } from '@jolly/contracts/terminal-channel';
import { ManualClock, systemClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { espeakEngine, type SayFrame, type SpeechEngine, VoiceDesk } from './index.ts';

const COMMAND = 'espeak-ng';
const installed = spawnSync(COMMAND, ['--version']).status === 0;
const WORDS: Readonly<Record<Language, string>> = {
  it: 'Appoggia la carta sul lettore.',
  en: 'Hold your card on the reader.',
  de: 'Legen Sie die Karte auf den Leser.',
  fr: 'Posez la carte sur le lecteur.',
  es: 'Pon la tarjeta en el lector.',
  ro: 'Pune cardul pe cititor și așteaptă.',
  sq: 'Vendos kartën mbi lexues.',
  sl: 'Položi kartico na čitalnik.',
  uk: 'Покладіть картку на зчитувач.',
  ar: 'ضع البطاقة على القارئ',
  zh: '请把卡放在读卡器上',
};

const say = (text: string, more: Partial<SayFrame> = {}): SayFrame => ({
  type: 'say',
  id: 1,
  text,
  language: 'it',
  speed: 1,
  private: false,
  ...more,
});

async function heard(desk: VoiceDesk, frame: SayFrame, signal = new AbortController().signal) {
  let ms = 0;
  let loudest = 0;
  for await (const { hz, samples } of desk.speak(frame, signal)) {
    const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
    for (let at = 0; at < samples.length; at += 2)
      loudest = Math.max(loudest, Math.abs(view.getInt16(at, true)));
    ms += (samples.length / 2 / hz) * 1000;
  }
  return { ms, loudest };
}

/** A desk that does not wait for ears: its clock stands ahead of the samples. */
async function desk(engine: SpeechEngine = espeakEngine(COMMAND), clock = new Hurried()) {
  const logs: unknown[] = [];
  const made = new VoiceDesk({ engine, clock, log: (...entry) => void logs.push(entry) });
  await made.open();
  return { desk: made, logs };
}

class Hurried extends ManualClock {
  override after(_ms: number, task: () => void): () => void {
    queueMicrotask(task);
    return () => undefined;
  }
}

/** Command lines of this process's children. */
function children(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return Number(parent) === process.pid ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
      } catch {
        // gone while we looked
        return [];
      }
    });
}
const speaking = () => children().filter((line) => line.startsWith(COMMAND));

describe.skipIf(!installed)('espeak-ng', () => {
  it.each(Language.options)('speaks %s', async (language) => {
    const { desk: voice } = await desk();
    const { ms, loudest } = await heard(voice, say(WORDS[language], { language }));
    expect(ms).toBeGreaterThan(600);
    expect(ms).toBeLessThan(8000);
    expect(loudest).toBeGreaterThan(3000);
  });

  it('speaks faster when asked to', async () => {
    const { desk: voice } = await desk();
    const calm = await heard(voice, say(WORDS.it, { speed: 0.75 }));
    const fast = await heard(voice, say(WORDS.it, { speed: 2 }));
    expect(fast.ms).toBeLessThan(calm.ms * 0.6);
  });

  it('says an amount as words: longer than its figures', async () => {
    const { desk: voice } = await desk();
    const cents = await heard(voice, say('123,45 €'));
    const euro = await heard(voice, say('123,00 €'));
    expect(cents.ms).toBeGreaterThan(euro.ms + 400);
  });

  it('is killed when it is interrupted, and its words are on no command line', async () => {
    // the pace of an ear: a long text is still being spoken when it is stopped
    const { desk: voice } = await desk(espeakEngine(COMMAND), systemClock as Hurried);
    const stop = new AbortController();
    const text = 'Il mio segreto. '.repeat(110);
    let pieces = 0;
    for await (const _ of voice.speak(say(text), stop.signal)) {
      pieces += 1;
      if (pieces > 1) continue;
      expect(speaking().length).toBe(1);
      expect(speaking().join()).not.toContain('segreto');
      stop.abort();
    }
    expect(pieces).toBe(1);
    while (speaking().length > 0) await new Promise((resolve) => systemClock.after(5, () => resolve(0)));
  });

  it('refuses what is private without a headset, and stops when it is pulled out', async () => {
    const { desk: voice } = await desk(espeakEngine(COMMAND), systemClock as Hurried);
    const secret = say('Buongiorno, Giulia. '.repeat(90), { private: true });
    await expect(heard(voice, secret)).rejects.toMatchObject({ code: 'SPEECH_PRIVATE' });
    voice.headset(true);
    let pieces = 0;
    await expect(
      (async () => {
        for await (const _ of voice.speak(secret, new AbortController().signal)) {
          pieces += 1;
          voice.headset(false);
        }
      })(),
    ).rejects.toMatchObject({ code: 'SPEECH_PRIVATE' });
    expect(pieces).toBe(1);
    await expect(heard(voice, secret)).rejects.toMatchObject({ code: 'SPEECH_PRIVATE' });
    expect(voice.counters.refused).toBe(2);
  });

  it('logs no word of what it says', async () => {
    const { desk: voice, logs } = await desk();
    await heard(voice, say('Rossi'));
    expect(JSON.stringify(logs)).not.toContain('Rossi');
  });
});

describe('a terminal without an engine', () => {
  it('says so once, and fails what is asked', async () => {
    const { desk: voice, logs } = await desk(espeakEngine('/no/such/espeak-ng'));
    expect(voice.works).toBe(false);
    expect(logs).toEqual([['speech', { engine: 'espeak-ng', works: false }]]);
    await expect(heard(voice, say('Ciao'))).rejects.toMatchObject({ code: 'SPEECH_FAILED' });
  });

  it('fails an engine that says something else than sound', async () => {
    const { desk: voice } = await desk({ ...espeakEngine('/bin/false'), works: async () => true });
    await expect(heard(voice, say('Ciao'))).rejects.toMatchObject({ code: 'SPEECH_FAILED' });
  });
});
