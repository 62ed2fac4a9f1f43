import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { run } from './run.ts';

const nothing: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
};

async function ask(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await run(args, {
    input: nothing,
    out: async (line) => void out.push(line),
    err: async (line) => void err.push(line),
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

describe('jolly --help', () => {
  it.each(Object.keys(commands))('says more about %s, and only that', async (name) => {
    for (const question of ['--help', '-h']) {
      const { status, out, err } = await ask(name, question);
      expect(status).toBe(0);
      expect(err).toBe('');
      expect(out).toMatch(new RegExp(`^jolly ${name} `));
      expect(out).not.toContain('undefined');
    }
  });

  it('never runs the command that is asked about', async () => {
    const asked: (readonly string[])[] = [];
    const command = { usage: 'act', run: async (args: readonly string[]) => asked.push(args) };
    const io = { input: nothing, out: async () => undefined, err: async () => undefined };
    const table = { act: { summary: '', load: async () => command } };
    expect(await run(['act', '--config', 'x', '--help'], io, table)).toBe(0);
    expect(asked).toEqual([]);
  });
});

describe('jolly day-end', () => {
  it('closes nothing when it does not understand the command line', async () => {
    const { status, err } = await ask('day-end', '--config', '/nowhere.json', '--dry-run');
    expect(status).toBe(2);
    expect(err).toContain('--dry-run');
  });
});
