import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Command, type CommandIo, EXIT } from '@jolly/contracts/command';
import { isJollyError, sleep, systemClock } from '@jolly/contracts/values';
import type { DeviceRole } from '@jolly/drivers/registry';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { decodeRecording, encodeRecordingLine, recordingHead, replayDial } from '@jolly/drivers/transport';
import { readControl } from '@jolly/kiosk-runtime/control';
import { wireDrivers } from './drivers.ts';

const usage = `record --terminal <data folder> [--seconds n]
     record --uri <device URI> --role <role> --out <file>
     show <file>
     replay <file> --role <role> [--uri <device URI>]

Records what goes over a terminal's wires, without anybody's data: each protocol masks its own, what
it does not recognise is kept as a length, and a reader of citizens' cards is never recorded.

  record --terminal   asks the running terminal to record all its wires (30 s, or --seconds, at most 900);
                      the file lies in recordings/ of its data folder
  record --uri        runs one device's self-test and records it; nothing is charged, nothing printed
  show                prints a recording, a frame a line
  replay              plays the device's side of a recording to its driver's self-test, on a wire in memory

Roles: pos, printer, barcode, lights, presence, door, ups, display.
Exit status: 0 done, 1 failed or the driver does something else today, 2 wrong usage.`;

const ROLES: readonly DeviceRole[] = [
  'pos',
  'printer',
  'barcode',
  'lights',
  'presence',
  'door',
  'ups',
  'display',
];
/** Protocols whose recordings hold whole messages in JSON. */
const MESSAGES = /^(nexo|xfs4iot)\+/;
/** A recorded address shows a password as `***`; what was masked on the wire is each protocol's own default. */
const withoutStars = (uri: string): string =>
  uri.replace(/([?&])[^=&]+=\*\*\*(?:&|$)/g, '$1').replace(/[?&]$/, '');
const LONGEST_S = 900;
/** A device that is coming up gets this long before its self-test. */
const SETTLE_MS = 1_500;

interface Options {
  readonly terminal?: string | undefined;
  readonly uri?: string | undefined;
  readonly role?: string | undefined;
  readonly out?: string | undefined;
  readonly seconds?: string | undefined;
}

async function recordTerminal(dataDir: string, seconds: number, io: CommandIo): Promise<number> {
  const control = readControl(dataDir);
  if (!control) {
    await io.err(`no terminal has run on ${dataDir}`);
    return EXIT.usage;
  }
  const ask = async (route: string): Promise<{ readonly file?: string; readonly lines?: number }> => {
    const answer = await fetch(`${control.origin}/${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.token}` },
    });
    if (!answer.ok) throw new Error(`the terminal refused (${answer.status})`);
    return (await answer.json()) as { readonly file?: string; readonly lines?: number };
  };
  try {
    const { file } = await ask('wire-record');
    await io.err(`recording for ${seconds} s into ${file}`);
    await sleep(systemClock, seconds * 1000);
    const { lines } = await ask('wire-stop');
    await io.out(`${file} (${lines} lines)`);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    await io.err(error instanceof TypeError ? 'the terminal does not run' : error.message);
    return EXIT.wrong;
  }
}

const roleOf = (word: string | undefined): DeviceRole | undefined => ROLES.find((role) => role === word);

async function recordDevice(uri: string, role: DeviceRole, out: string, io: CommandIo): Promise<number> {
  const clock = systemClock;
  const from = clock.monotonic();
  const lines = [recordingHead(clock.now())];
  const record = {
    session: 1,
    take: (at: string, event: Parameters<typeof encodeRecordingLine>[0]['event']) => {
      lines.push(encodeRecordingLine({ t: Math.round(clock.monotonic() - from), uri: at, event }));
    },
  };
  const device = wireDrivers(new DeviceRegistry()).create(role, uri, { clock, log: () => undefined, record });
  await sleep(clock, SETTLE_MS);
  const steps = await device.selfTest();
  await device.close();
  writeFileSync(out, `${lines.join('\n')}\n`, { mode: 0o600 });
  for (const { name, ok, detail } of steps)
    await io.out(`${ok ? '✓' : '✗'} ${name}${detail ? `: ${detail}` : ''}`);
  await io.out(`${out} (${lines.length - 1} lines)`);
  return steps.every(({ ok }) => ok) ? EXIT.done : EXIT.wrong;
}

async function show(file: string, io: CommandIo): Promise<number> {
  const { startedAt, lines } = decodeRecording(readFileSync(file, 'utf8'));
  await io.out(new Date(startedAt).toISOString());
  const uris = [...new Set(lines.map(({ uri }) => uri))];
  for (const [at, uri] of uris.entries()) await io.out(`[${at + 1}] ${uri}`);
  for (const { t, uri, event } of lines) {
    const head = `${(t / 1000).toFixed(3).padStart(9)} [${uris.indexOf(uri) + 1}]`;
    if ('state' in event)
      await io.out(`${head} -- ${event.state}${event.reason ? ` (${event.reason})` : ''}`);
    else {
      const sign = event.direction === 'in' ? '<' : '>';
      const shown =
        'kept' in event
          ? Buffer.from(event.kept).toString(MESSAGES.test(uri) ? 'utf8' : 'hex')
          : `${event.dropped} bytes, not kept`;
      await io.out(`${head} ${sign}  ${shown}`);
    }
  }
  return EXIT.done;
}

async function replay(
  file: string,
  role: DeviceRole,
  wanted: string | undefined,
  io: CommandIo,
): Promise<number> {
  const { lines } = decodeRecording(readFileSync(file, 'utf8'));
  const uris = [...new Set(lines.map(({ uri }) => uri))];
  const uri = wanted ?? uris[0];
  if (uri === undefined || (wanted === undefined && uris.length > 1) || !uris.includes(uri)) {
    await io.err(`which wire? --uri, one of:\n${uris.join('\n')}`);
    return EXIT.usage;
  }
  if (MESSAGES.test(uri)) {
    await io.err('messages of the web are shown, not replayed');
    return EXIT.usage;
  }
  const context = { clock: systemClock, log: () => undefined };
  const { dial, report } = replayDial(
    lines.filter((line) => line.uri === uri).map(({ event }) => event),
    context,
  );
  const device = wireDrivers(new DeviceRegistry()).create(role, withoutStars(uri), { ...context, dial });
  await sleep(systemClock, SETTLE_MS);
  const steps = await device.selfTest();
  await device.close();
  for (const { name, ok, detail } of steps)
    await io.out(`${ok ? '✓' : '✗'} ${name}${detail ? `: ${detail}` : ''}`);
  const { sent, heard, different, missing, over } = report();
  await io.out(
    `${sent} frames of the device played, ${heard} of the driver heard, ${different} of them different` +
      `${missing > 0 ? `; ${missing} bytes were never kept` : ''}${over ? '' : '; not played to the end'}`,
  );
  return steps.every(({ ok }) => ok) && different === 0 ? EXIT.done : EXIT.wrong;
}

/** What is to be done, or a sentence saying what is wrong with the command line. */
function planOf(args: readonly string[]): ((io: CommandIo) => Promise<number>) | string {
  let values: Options;
  let words: readonly string[];
  try {
    const text = { type: 'string' } as const;
    const parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { terminal: text, uri: text, role: text, out: text, seconds: text },
    });
    values = parsed.values;
    words = parsed.positionals;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return error.message;
  }
  const [verb, file, ...more] = words;
  const role = roleOf(values.role);
  if (more.length > 0) return `one file at a time, not also "${more.join(' ')}"`;
  if (verb === 'show' && file !== undefined) return (io) => show(file, io);
  if (verb === 'replay' && file !== undefined) {
    return role ? (io) => replay(file, role, values.uri, io) : `which role? --role ${ROLES.join('|')}`;
  }
  if (verb === 'record' && file === undefined) {
    const { terminal, uri, out } = values;
    const seconds = Number(values.seconds ?? '30');
    if (!(seconds >= 1 && seconds <= LONGEST_S)) return `--seconds: 1 to ${LONGEST_S}`;
    if (terminal !== undefined && uri === undefined) return (io) => recordTerminal(terminal, seconds, io);
    if (uri !== undefined && terminal === undefined && out !== undefined && role)
      return (io) => recordDevice(uri, role, out, io);
    return 'record needs --terminal <data folder>, or --uri with --role and --out';
  }
  return 'record, show <file> or replay <file>?';
}

/** `jolly wire`: recordings of wires. */
export const wireCommand: Command = {
  usage,
  run: async (args, io) => {
    const plan = planOf(args);
    if (typeof plan === 'string') {
      await io.err(`jolly wire: ${plan}`);
      await io.err('Try: jolly wire --help');
      return EXIT.usage;
    }
    try {
      return await plan(io);
    } catch (error) {
      const known = isJollyError(error) || (error instanceof Error && 'code' in error);
      if (!known || !(error instanceof Error)) throw error;
      await io.err(error.message);
      if (isJollyError(error) && error.entry.cure) await io.err(error.entry.cure);
      return EXIT.wrong;
    }
  },
};
