import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, type CommandIo, EXIT } from '@jolly/contracts/command';
import { isJollyError, systemClock } from '@jolly/contracts/values';
import { FaultsFound } from '../problems/index.ts';
import { allMigrations } from '../schema.ts';
import { openKeyring } from '../sealing/index.ts';
import { readSettings } from '../settings.ts';
import { type BackupParts, keepNewest, makeBackup } from './make.ts';
import { restoreBackup, testRestore } from './restore.ts';

const softwareVersion = (): string => {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
};

/** Reads what all three have in common, and turns refusals into words. */
function command(
  usage: string,
  needsFolder: boolean,
  act: (
    parts: BackupParts,
    asked: {
      readonly folder: string;
      readonly flags: Readonly<Record<string, string | boolean | undefined>>;
    },
    io: CommandIo,
  ) => Promise<number>,
): Command {
  return {
    usage,
    run: async (args, io) => {
      const { values, positionals } = parseArgs({
        args: [...args],
        options: {
          config: { type: 'string' },
          out: { type: 'string' },
          keep: { type: 'string' },
          replace: { type: 'boolean' },
          'without-key': { type: 'boolean' },
        },
        allowPositionals: true,
        strict: false,
      });
      const [folder = ''] = positionals;
      const keepIsNumber = values.keep === undefined || /^[1-9]\d{0,3}$/.test(String(values.keep));
      if (typeof values.config !== 'string' || needsFolder !== (folder !== '') || !keepIsNumber) {
        await io.err(`usage: ${usage}`);
        return EXIT.usage;
      }
      try {
        const config = readSettings(values.config);
        const parts: BackupParts = {
          config,
          keyring: openKeyring(config.masterKeyFile),
          clock: systemClock,
          migrations: allMigrations,
          software: softwareVersion(),
        };
        return await act(parts, { folder, flags: values as Record<string, string | boolean> }, io);
      } catch (error) {
        if (error instanceof FaultsFound) {
          for (const fault of error.faults) await io.err(`${error.code} ${fault.path}: ${fault.message}`);
          return EXIT.wrong;
        }
        if (!isJollyError(error)) throw error;
        const detail = Object.entries(error.detail).map(([name, value]) => `${name}: ${value}`);
        await io.err([error.message, ...detail].join('. '));
        if (error.cause instanceof Error) await io.err(error.cause.message);
        if (error.entry.cure) await io.err(error.entry.cure);
        return EXIT.wrong;
      }
    },
  };
}

export const backupCommand = command(
  `--config <file of the fleet server> --out <folder> [--keep <number>]

Copies the store while the server runs, into a folder of its own under --out, with a manifest.
  --keep   removes all but the newest backups of that folder afterwards

The master key file is NOT in a backup, on purpose: who has both can read every credential. Keep a copy of it
elsewhere; without it the credentials of gateways must be set again after a restore.`,
  false,
  async (parts, { flags }, io) => {
    if (typeof flags.out !== 'string') {
      await io.err('where to? --out <folder>');
      return EXIT.usage;
    }
    mkdirSync(flags.out, { recursive: true, mode: 0o700 });
    const { folder, manifest } = await makeBackup(parts, flags.out);
    await io.out(`${folder}: ${manifest.file.bytes} bytes, schema ${manifest.schema.at(-1)}`);
    await io.out(`needs master key ${manifest.keys[0]} of ${parts.config.masterKeyFile}, which is not in it`);
    const removed = flags.keep === undefined ? [] : keepNewest(flags.out, Number(flags.keep));
    for (const name of removed) await io.out(`removed ${name}`);
    return EXIT.done;
  },
);

export const restoreCommand = command(
  `<backup> --config <file of the fleet server> [--replace] [--without-key]

Puts a backup in place of the store; stop every server on it first. The schema is brought up to date.
  --replace       what is there now may go (a SQLite file is kept beside the new one)
  --without-key   the master key file of that time is lost: the credentials must be set again`,
  true,
  async (parts, { folder, flags }, io) => {
    const { manifest, aside } = await restoreBackup(parts, folder, {
      replace: flags.replace === true,
      withoutKey: flags['without-key'] === true,
    });
    await io.out(`restored the backup of ${manifest.madeAt} (version ${manifest.software})`);
    if (aside) await io.out(`what was there is ${aside}`);
    return EXIT.done;
  },
);

export const restoreTestCommand = command(
  `<backup> --config <file of the fleet server> [--without-key]

Restores a backup into a scratch place (of PostgreSQL: a database beside the live one, removed afterwards; the user
needs CREATEDB), brings its schema up to date, opens every credential, reads the audit log's and the sealed days'
chains again, and says what it found. Touches nothing of the running server.`,
  true,
  async (parts, { folder, flags }, io) => {
    const { manifest, checks } = await testRestore(parts, folder, flags['without-key'] === true);
    await io.out(`backup of ${manifest.madeAt}, version ${manifest.software}, ${manifest.store}`);
    await io.out(`schema ${manifest.schema.at(-1)}, brought to ${parts.migrations.at(-1)?.name}`);
    for (const { name, ok, says } of checks) await io.out(`${ok ? 'ok   ' : 'WRONG'} ${name}: ${says}`);
    return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.wrong;
  },
);
