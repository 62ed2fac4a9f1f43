import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Language } from '@jolly/contracts/terminal-channel';
import { readWavHead, type WavHead } from './codec-wav.ts';
import { type Samples, type SpeechEngine, speechError, type Utterance } from './port.ts';

const VOICES: Readonly<Record<Language, string>> = {
  it: 'it',
  en: 'en-gb',
  de: 'de',
  fr: 'fr-fr',
  es: 'es',
  ro: 'ro',
  sq: 'sq',
  sl: 'sl',
  uk: 'uk',
  ar: 'ar',
  zh: 'cmn',
};
const WORDS_A_MINUTE = 150;
/** About a fifth of a second: a piece that is cut off soon is not heard for long. */
const PIECE_BYTES = 8192;

/**
 * espeak-ng as a process of its own for each utterance. The text goes in by standard input: a command line can be read by every
 * program of the machine. A process that is no longer wanted is killed.
 */
export function espeakEngine(command: string): SpeechEngine {
  return {
    name: 'espeak-ng',
    works: async () => {
      try {
        const child = spawn(command, ['--version'], { stdio: 'ignore' });
        const [status] = await once(child, 'exit');
        return status === 0;
      } catch {
        // an absent engine is an answer, not a fault: the screen has other ways to speak
        return false;
      }
    },
    speak: (utterance, signal) => speak(command, utterance, signal),
  };
}

async function* speak(
  command: string,
  { text, language, speed }: Utterance,
  signal: AbortSignal,
): AsyncGenerator<Samples> {
  if (signal.aborted) return;
  const args = ['--stdout', '--stdin', '-b', '1', '-v', VOICES[language]];
  const child = spawn(command, [...args, '-s', String(Math.round(WORDS_A_MINUTE * speed))]);
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let fault: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fault = 'code' in error ? String(error.code) : error.name;
      resolve();
    });
    child.once('exit', (status) => {
      if (status !== 0) fault ??= `status ${status}`;
      resolve();
    });
  });
  // what it complains of may hold the text: it is read and let fall
  child.stderr.resume();
  // a process that is gone before it has read everything is told of by its exit
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  let pieces = 0;
  try {
    for await (const piece of samplesOf(child)) {
      if (signal.aborted) return;
      pieces += 1;
      yield piece;
    }
    await exited;
    if (!signal.aborted && (fault !== undefined || pieces === 0))
      throw speechError('SPEECH_FAILED', { why: fault ?? 'no samples' });
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

/** Standard output as pieces of whole samples. A pipe that is cut by a kill ends the samples. */
async function* samplesOf({ stdout }: ChildProcessWithoutNullStreams): AsyncGenerator<Samples> {
  let head: WavHead | undefined;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!head) {
      const reading = readWavHead(rest);
      if (reading.read === 'refused') throw speechError('SPEECH_FAILED', { why: reading.why });
      if (reading.read === 'more') continue;
      head = reading.head;
      rest = rest.subarray(head.from);
    }
    while (rest.length >= 2) {
      const length = Math.min(PIECE_BYTES, rest.length - (rest.length % 2));
      yield { hz: head.hz, samples: rest.subarray(0, length) };
      rest = rest.subarray(length);
    }
  }
}
