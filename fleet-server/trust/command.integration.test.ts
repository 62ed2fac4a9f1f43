import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { der, TestAuthority } from '../testing/index.ts';
import { openTrust, trustCommand } from './index.ts';

const now = Date.UTC(2026, 10, 21);

describe('jolly trust', () => {
  let folder: string;
  let lines: string[];
  let errors: string[];
  const italy = new TestAuthority('Country Signer', { now });
  const elsewhere = new TestAuthority('Foreign Signer', {
    now,
    over: {
      subject: [
        ['C', 'DE'],
        ['CN', 'Foreign Signer'],
      ],
    },
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jolly-trust-'));
    lines = [];
    errors = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const save = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const run = (...args: string[]) =>
    trustCommand.run(args, {
      input: Readable.from([]),
      out: async (line) => void lines.push(line),
      err: async (line) => void errors.push(line),
    });
  const masterList = () =>
    der.sequence(
      der.oid('1.2.840.113549.1.7.2'),
      der.tlv(
        0xa0,
        der.sequence(
          der.integer(3),
          der.set(),
          der.sequence(
            der.oid('2.23.136.1.1.2'),
            der.tlv(
              0xa0,
              der.octets(der.sequence(der.integer(0), der.set(italy.certificate, elsewhere.certificate))),
            ),
          ),
        ),
      ),
    );

  it('shows what to compare and writes what the server reads', async () => {
    const out = join(folder, 'anchors.pem');
    const file = save('one.der', italy.certificate);
    expect(await run(file, save('same.pem', italy.pem), '--out', out)).toBe(0);
    expect(lines.join('\n')).toMatch(
      /CN=Country Signer\n {2}issuer .*\n {2}valid .*\n {2}SHA-256 {6}([0-9A-F]{2}:){31}/,
    );
    expect(lines.join('\n')).toContain('of the test authority');
    expect(readFileSync(out, 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
    const files = { csca: [out], citizenCa: [out], cnsCa: [] };
    expect(openTrust(files, false)).toMatchObject({ faults: [], trust: { csca: [{}], citizenCa: [{}] } });
  });

  it('takes one country of a master list, and says that it did not check the list', async () => {
    const out = join(folder, 'csca.pem');
    expect(await run(save('list.ml', masterList()), '--out', out)).toBe(0);
    expect(lines.join('\n')).not.toContain('Foreign');
    expect(errors.join('\n')).toMatch(/master list of 2, 1 of IT; its signature was not checked/);
  });

  it('writes over no file, and nothing from a file it cannot read', async () => {
    const file = save('one.pem', italy.pem);
    expect(await run(file, '--out', file)).toBe(1);
    expect(await run(save('junk', 'junk'), '--out', join(folder, 'x.pem'))).toBe(1);
    expect(await run(join(folder, 'missing'))).toBe(1);
    expect(await run()).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(italy.pem);
  });
});
