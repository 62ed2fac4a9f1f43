import assert from 'node:assert/strict';
import { randomUUID, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loginText } from '@jolly/contracts/citizen-login';
import { inNamespaces } from '../namespaces.ts';
import type { Scenario, Stage } from '../stage.ts';
import { CONTEXT, digits, openDevice } from './card-device.ts';

const OPENSC = '/usr/bin/opensc-tool';
const OPENSSL = '/usr/bin/openssl';

interface Said {
  readonly sw: string;
  readonly data: Buffer;
}

/** Commands to the card in the first slot, said by a program that knows nothing of Jolly. */
async function say(stage: Stage, ...apdus: readonly string[]): Promise<readonly Said[]> {
  const commands = apdus.flatMap((apdu) => ['-s', apdu]);
  const out = await stage.run(OPENSC, ['-r', '0', '-c', 'default', ...commands]);
  const answers = out.split(/^Sending: /m).slice(1);
  assert.equal(answers.length, apdus.length, out);
  return answers.map((answer) => {
    const [, sw1 = '', sw2 = ''] = /SW1=0x(..), SW2=0x(..)/.exec(answer) ?? [];
    const rows = answer.slice(answer.indexOf('SW2')).split('\n').slice(1);
    // sixteen bytes a row, then what they are in letters
    const hex = rows.map((row) => /^(?:[0-9A-F]{2} ){1,16}/.exec(row)?.[0] ?? '').join('');
    return { sw: `${sw1}${sw2}`, data: Buffer.from(hex.replaceAll(' ', ''), 'hex') };
  });
}

/** `-l` and `-a`, beside what our own driver sees of the same card. */
async function isListed(stage: Stage): Promise<void> {
  const reader = stage.open();
  await reader.card();
  const atr = Buffer.from(reader.stack.slots[0]?.atr ?? []).toString('hex');
  assert.match(await stage.run(OPENSC, ['-l']), /0\s+Yes.*Virtual PCD 00 00/);
  const said = await stage.run(OPENSC, ['-r', '0', '-a']);
  assert.equal(said.trim().replaceAll(':', '').toLowerCase(), atr);
  assert.ok(atr.length > 20);
}

const MASTER = '00A40000023F00';
const CIE = '00A4040C0DA0000000308000000009816001';
const CIE_ROOT = '00A4040C06A00000000039';

export const foreignScenarios: readonly Scenario[] = [
  ...(['giulia', 'marco'] as const).map(
    (id): Scenario => ({
      name: `foreign: opensc-tool lists ${id}’s CIE, reads its ATR, NIS and serial number`,
      tools: [OPENSC],
      run: async (stage) => {
        const cards = await stage.cards();
        await cards.hold(id);
        await isListed(stage);
        const [, root, nis] = await say(stage, CIE, CIE_ROOT, '00B081000C');
        assert.equal(`${root?.sw} ${nis?.sw}`, '9000 9000');
        assert.match(nis?.data.toString('latin1') ?? '', /^\d{12}$/);
        const [, , serial] = await say(stage, CIE, '00A4000C02D003', '00B000000C');
        assert.equal(serial?.sw, '9000');
        assert.equal(serial?.data.length, 12);
        assert.equal(serial?.data.subarray(5, 11).toString('hex'), nis?.data.toString('latin1'));
      },
    }),
  ),
  ...(['lucia', 'old-cns'] as const).map(
    (id): Scenario => ({
      name: `foreign: opensc-tool lists ${id}’s TS-CNS, reads its ATR, card id and personal data`,
      tools: [OPENSC],
      run: async (stage) => {
        const cards = await stage.cards();
        const { name } = await cards.hold(id);
        await isListed(stage);
        const card = await say(stage, MASTER, '00A40000021000', '00A40000021003', '00B0000010');
        assert.match(card[3]?.data.toString('latin1') ?? '', /^\d{16}$/);
        const file = await say(stage, MASTER, '00A40000021100', '00A40000021102', '00B0000080');
        const personal = file[3]?.data.toString('latin1') ?? '';
        for (const word of name.toUpperCase().split(' ')) assert.ok(personal.includes(word), personal);
        assert.match(personal, /[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]/);
      },
    }),
  ),
  ...(['giulia', 'marco', 'lucia', 'old-cns'] as const).map(
    (id): Scenario => ({
      name: `foreign: openssl verifies certificate and signature of ${id}’s login`,
      tools: [OPENSSL],
      run: async (stage) => {
        const cards = await stage.cards();
        const { pin, card } = await cards.hold(id);
        const reader = openDevice(stage, cards);
        await reader.card();
        await reader.device.look();
        const proof = await reader.device.signIn(digits(pin), CONTEXT);
        assert.ok(proof.kind !== 'cie-card');
        const folder = mkdtempSync(join(inNamespaces() ? '/run' : tmpdir(), 'jolly-proof-'));
        stage.defer(async () => rmSync(folder, { recursive: true, force: true }));
        const save = (name: string, bytes: Uint8Array | string) => {
          const path = join(folder, name);
          writeFileSync(path, bytes);
          return path;
        };
        const certificate = save('citizen.pem', new X509Certificate(proof.certificate).toString());
        const anchor = card === 'cie' ? cards.anchors.citizenCa : cards.anchors.cnsCa;
        const list = await fetch(`${cards.address}/ca/${card === 'cie' ? 'citizen' : 'cns'}.crl`);
        const der = save('list.der', new Uint8Array(await list.arrayBuffer()));
        const crl = join(folder, 'list.pem');
        await stage.run(OPENSSL, ['crl', '-inform', 'DER', '-in', der, '-out', crl]);
        const chain = ['-CAfile', anchor, '-CRLfile', crl, '-crl_check', '-purpose', 'sslclient'];
        assert.match(await stage.run(OPENSSL, ['verify', ...chain, certificate]), /OK/);

        const key = join(folder, 'key.pem');
        await stage.run(OPENSSL, ['x509', '-in', certificate, '-pubkey', '-noout', '-out', key]);
        const text = save('login.txt', loginText(CONTEXT));
        const signature = save('signature.bin', proof.signature);
        const check = (what: string) =>
          stage.run(OPENSSL, ['dgst', '-sha256', '-verify', key, '-signature', signature, what]);
        assert.match(await check(text), /Verified OK/);
        // and it can say no: another session's text
        const other = save('other.txt', loginText({ ...CONTEXT, sessionId: randomUUID() }));
        await assert.rejects(check(other));
      },
    }),
  ),
  {
    name: 'foreign: openssl refuses the certificate that was taken back',
    tools: [OPENSSL],
    run: async (stage) => {
      const cards = await stage.cards();
      const { pin } = await cards.hold('revoked');
      const reader = openDevice(stage, cards);
      await reader.card();
      const proof = await reader.device.signIn(digits(pin), CONTEXT);
      assert.ok(proof.kind === 'cie-pin');
      const folder = mkdtempSync(join(inNamespaces() ? '/run' : tmpdir(), 'jolly-proof-'));
      stage.defer(async () => rmSync(folder, { recursive: true, force: true }));
      const certificate = join(folder, 'citizen.pem');
      writeFileSync(certificate, new X509Certificate(proof.certificate).toString());
      const list = await fetch(`${cards.address}/ca/citizen.crl`);
      writeFileSync(join(folder, 'list.der'), new Uint8Array(await list.arrayBuffer()));
      const crl = join(folder, 'list.pem');
      await stage.run(OPENSSL, ['crl', '-inform', 'DER', '-in', join(folder, 'list.der'), '-out', crl]);
      const chain = ['-CAfile', cards.anchors.citizenCa];
      assert.match(await stage.run(OPENSSL, ['verify', ...chain, certificate]), /OK/);
      await assert.rejects(
        stage.run(OPENSSL, ['verify', ...chain, '-CRLfile', crl, '-crl_check', certificate]),
        /certificate revoked/,
      );
    },
  },
];
