import { parseArgs } from 'node:util';
import { type Command, type CommandIo, EXIT } from '@jolly/contracts/command';
import { type Decoded, decoders } from './decoders.ts';
import { linesOf } from './lines.ts';

const forms = Object.entries(decoders).map(
  ([name, { options, summary }]) => `  ${[name, ...options].join(' ')}\n      ${summary}`,
);

const usage = `<form> [options]

Reads what went over a wire. One record a line on standard input, one JSON object
a message on standard output, each with the input's line number (from 1).
Bytes are hex, blanks between them allowed; empty lines are passed over.

Forms:
${forms.join('\n')}

Exit status: 0 all decoded, 1 some lines could not be (they gave an "error"), 2 wrong usage.`;

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** The options of the command line, or a sentence saying what is wrong with them. */
function optionsOf(args: readonly string[]): { readonly values: Options; readonly names: string[] } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        lrc: { type: 'string' },
        from: { type: 'string' },
        reply: { type: 'string' },
        serial: { type: 'boolean' },
        hid: { type: 'boolean' },
        descriptor: { type: 'string' },
      },
    });
    return { values, names: positionals };
  } catch (error) {
    // parseArgs says what it did not understand in a TypeError.
    if (!(error instanceof TypeError)) throw error;
    return error.message;
  }
}

/** An `error` that is a plain flag is a bit of some device's status, not a failure to decode. */
const failed = (message: object) => 'error' in message && typeof message.error === 'object';

async function decodeAll(io: CommandIo, decode: (record: string) => Decoded): Promise<number> {
  let status: number = EXIT.done;
  for await (const { line, text } of linesOf(io.input)) {
    if (text !== undefined && text.trim() === '') continue;
    const messages =
      text === undefined
        ? [{ error: { code: 'LINE_TOO_LONG', message: 'a record is at most 1 MiB' } }]
        : decode(text);
    for (const message of messages) {
      if (failed(message)) status = EXIT.wrong;
      await io.out(JSON.stringify({ line, ...message }));
    }
  }
  return status;
}

/** `jolly decode`: what went over a wire, in words. Reads line by line: it can stand at the end of a pipe for hours. */
export const decodeCommand: Command = {
  usage,
  run: async (args, io) => {
    const wrong = async (sentence: string) => {
      await io.err(`jolly decode: ${sentence}`);
      await io.err('Try: jolly decode --help');
      return EXIT.usage;
    };
    const parsed = optionsOf(args);
    if (typeof parsed === 'string') return wrong(parsed);
    const { values, names } = parsed;
    if (values.help === true) {
      await io.out(`jolly decode ${usage}`);
      return EXIT.done;
    }
    const [form, ...more] = names;
    if (form === undefined) return wrong(`which form? One of ${Object.keys(decoders).join(', ')}`);
    const decoder = Object.hasOwn(decoders, form) ? decoders[form] : undefined;
    if (!decoder) return wrong(`no form "${form}": one of ${Object.keys(decoders).join(', ')}`);
    if (more.length > 0) return wrong(`one form at a time, not also "${more.join(' ')}"`);
    const foreign = Object.keys(values).find(
      (name) => !decoder.options.some((option) => option.includes(`--${name}`)),
    );
    if (foreign !== undefined) return wrong(`"${form}" has no option --${foreign}`);
    const decode = decoder.prepare(values);
    if (typeof decode === 'string') return wrong(decode);
    return decodeAll(io, decode);
  },
};
