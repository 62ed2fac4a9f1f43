import { parseArgs } from 'node:util';
import { CENTRE } from '../audit/index.ts';
import { type AdministrationIo, type Opened, withServer } from './opened.ts';

const USAGE = `usage: jolly audit verify --config <file> [--tenant <id>] [--expect <lines>:<hash>]
       jolly audit export --config <file> --tenant <id>        every line, one JSON a line
       the centre's own log is that of the tenant centre
`;

/** `jolly audit …`: reads the chains again, or gives them out. Exit status 1 where one is not whole. */
export async function runAuditCommand(args: readonly string[], io: AdministrationIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, tenant: { type: 'string' }, expect: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const [verb] = positionals;
  const { config, tenant, expect } = values;
  const noted = typeof expect === 'string' ? /^(\d+):([0-9a-f]{64})$/.exec(expect) : undefined;
  const whole =
    verb === 'export'
      ? typeof tenant === 'string'
      : verb === 'verify' && (expect === undefined || (noted && tenant));
  if (typeof config !== 'string' || !whole) {
    io.print(USAGE);
    return 2;
  }
  return withServer(config, io, async (opened) => {
    const all = ['centre', ...opened.config.tenants.map(({ id }) => id)];
    const wanted = typeof tenant === 'string' ? [tenant] : all;
    if (wanted.some((name) => !all.includes(name))) {
      io.print(USAGE);
      return 2;
    }
    if (verb === 'export') {
      for await (const line of opened.audit.lines(idOf(wanted[0]))) io.print(JSON.stringify(line));
      return 0;
    }
    let broken = 0;
    for (const name of wanted) broken += (await isWhole(opened, name, io)) ? 0 : 1;
    if (noted && !(await wasThere(opened, wanted[0], noted))) {
      io.print(`${wanted[0]}: the line noted is not there: the log is an older one, or another`);
      broken += 1;
    }
    return broken > 0 ? 1 : 0;
  });
}

const idOf = (name: string | undefined): string => (name === 'centre' || name === undefined ? CENTRE : name);

async function isWhole({ audit }: Opened, name: string, io: AdministrationIo): Promise<boolean> {
  const { head, faults } = await audit.verify(idOf(name));
  for (const { seq, what } of faults) io.print(`${name}: line ${seq}: ${what}`);
  // To be noted elsewhere: `--expect` finds a whole log that was put back from before.
  io.print(
    `${name}: ${head.count} lines, ${faults.length === 0 ? 'whole' : 'broken'}, head ${head.count}:${head.hash}`,
  );
  return faults.length === 0;
}

async function wasThere(
  { audit }: Opened,
  name: string | undefined,
  [, seq, hash]: RegExpExecArray,
): Promise<boolean> {
  if (Number(seq) === 0) return true;
  const [line] = await audit.page(idOf(name), { before: Number(seq) + 1, limit: 1 });
  return line?.seq === Number(seq) && line.hash === hash;
}
