import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  publicDecrypt,
  sign,
} from 'node:crypto';
import { loginText } from '@jolly/contracts/citizen-login';
import { LoginProof, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import { systemRandom } from '@jolly/contracts/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CardTown,
  dg1,
  GIULIA,
  MARIO,
  rsaPair,
  TestAuthority,
  TestCard,
  type TestTerminal,
} from '../testing/index.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const refusal = (problem: string) => ({ result: 'refused', problem });

describe('a tampered terminal, with its own good key, that invents a citizen', () => {
  const town = new CardTown();
  /** What it has at home: authorities with the very names of the real ones. */
  const forged = (name: string): TestAuthority => new TestAuthority(name, { now: town.clock.now() });
  const fakeCa = forged('Citizens');
  const fakeCsca = forged('CSCA');
  let terminal: TestTerminal;
  let giulia: TestCard;
  let visits = 0;

  beforeAll(async () => {
    await town.rig.start();
    giulia = town.card();
  });
  beforeEach(async () => {
    visits += 1;
    terminal = await town.rig.terminal(`TOTEM-${visits}`);
  });
  afterAll(() => town.close());

  it('cannot edit the name in a real certificate', async () => {
    const tamper = (proof: Extract<LoginProof, { kind: 'cie-pin' }>) => {
      const text = Buffer.from(proof.certificate, 'base64').toString('latin1');
      const edited = text.replace(GIULIA.fiscalCode, MARIO.fiscalCode);
      expect(edited).not.toBe(text);
      return { ...proof, certificate: base64(Buffer.from(edited, 'latin1')) };
    };
    expect(await town.login(terminal, giulia, { tamper })).toEqual(refusal('certificate-untrusted'));
  });

  it('cannot skip the card and sign with a key of its own', async () => {
    const mine = rsaPair('of the terminal');
    const { loginId, context } = await town.ask(terminal);
    const signature = base64(sign('sha256', Buffer.from(loginText(context)), mine.privateKey));
    const proof = { ...giulia.pinProof(context), signature };
    expect(await town.prove(terminal, loginId, proof)).toEqual(refusal('signature-wrong'));
  });

  it('cannot put its own key into the real certificate', async () => {
    const mine = rsaPair('of the terminal');
    const { loginId, context } = await town.ask(terminal);
    const spki = (card: { publicKey: typeof mine.publicKey }) =>
      card.publicKey.export({ format: 'der', type: 'spki' }).toString('latin1');
    const swapped = giulia.certificate.toString('latin1').replace(spki(giulia.pair), spki(mine));
    const proof = {
      ...giulia.pinProof(context),
      certificate: base64(Buffer.from(swapped, 'latin1')),
      signature: base64(sign('sha256', Buffer.from(loginText(context)), mine.privateKey)),
    };
    expect(await town.prove(terminal, loginId, proof)).toEqual(refusal('certificate-untrusted'));
  });

  it('cannot be its own authority, not even under the same name', async () => {
    const invented = new TestCard({ citizenCa: fakeCa, csca: fakeCsca, holder: MARIO, name: 'invented' });
    expect(await town.login(terminal, invented)).toEqual(refusal('certificate-untrusted'));
  });

  it('cannot be an authority that nobody configured', async () => {
    const middle = forged('Middle');
    const invented = new TestCard({ citizenCa: middle, csca: town.csca, name: 'invented' });
    expect(await town.login(terminal, invented)).toEqual(refusal('certificate-untrusted'));
  });

  it('cannot write the security object itself', async () => {
    const invented = new TestCard({ citizenCa: town.citizenCa, csca: fakeCsca });
    expect(await town.login(terminal, invented)).toEqual(refusal('sod-untrusted'));
    const tamper = (proof: Extract<LoginProof, { kind: 'cie-pin' }>) => {
      const sod = Buffer.from(proof.sod, 'base64');
      const hash = createHash('sha256').update(giulia.certificate).digest();
      sod[sod.indexOf(hash)] = (hash[0] ?? 0) ^ 1;
      return { ...proof, sod: base64(sod) };
    };
    expect(await town.login(terminal, giulia, { tamper })).toEqual(refusal('sod-untrusted'));
  });

  it('cannot use anchors of one kind for another', async () => {
    const byCsca = new TestCard({ citizenCa: town.csca, csca: town.csca });
    expect(await town.login(terminal, byCsca)).toEqual(refusal('certificate-untrusted'));
    const byCitizenCa = new TestCard({ citizenCa: town.citizenCa, csca: town.citizenCa });
    expect(await town.login(terminal, byCitizenCa)).toEqual(refusal('sod-untrusted'));
  });

  it('cannot send a weak key', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const certificate = { publicKey: weak.publicKey };
    const { loginId, context } = await town.ask(terminal);
    const proof = {
      ...town.card({ certificate }).pinProof(context),
      signature: base64(sign('sha256', Buffer.from(loginText(context)), weak.privateKey)),
    };
    expect(await town.prove(terminal, loginId, proof)).toEqual(refusal('certificate-unreadable'));
  });

  it('cannot use a key whose answer is the question itself', async () => {
    const { n } = rsaPair('of the terminal').publicKey.export({ format: 'jwk' });
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'RSA', ...(n && { n }), e: 'AQ' } });
    const { loginId, context } = await town.ask(terminal);
    const { publicKey: proven, privateKey } = rsaPair('of the terminal');
    // padded and not signed: raised to the first power it is what it was
    const block = publicDecrypt(
      { key: proven, padding: constants.RSA_NO_PADDING },
      sign('sha256', Buffer.from(loginText(context)), privateKey),
    );
    const proof = {
      ...town.card({ certificate: { publicKey } }).pinProof(context),
      signature: base64(block),
    };
    expect(await town.prove(terminal, loginId, proof)).toEqual(refusal('certificate-unreadable'));
  });

  describe('without PIN', () => {
    type CardProof = Extract<LoginProof, { kind: 'cie-card' }>;
    const attempt = async (tamper: (proof: CardProof, nonce: Buffer) => LoginProof, card = giulia) => {
      const { loginId, context } = await town.ask(terminal, { level: 'card' });
      const nonce = Buffer.from(context.nonce, 'base64url');
      return town.prove(terminal, loginId, tamper(card.cardProof(context), nonce));
    };

    it('cannot answer for the card, nor with an old answer', async () => {
      const old = await town.ask(terminal, { level: 'card' });
      const recorded = giulia.cardProof(old.context);
      expect(await attempt((proof) => ({ ...proof, antiCloneAnswer: recorded.antiCloneAnswer }))).toEqual(
        refusal('signature-wrong'),
      );
      const mine = rsaPair('of the terminal');
      const own = await attempt((proof, nonce) => ({
        ...proof,
        antiCloneKey: base64(mine.publicKey.export({ format: 'der', type: 'pkcs1' })),
        antiCloneAnswer: base64(
          privateEncrypt({ key: mine.privateKey, padding: constants.RSA_PKCS1_PADDING }, nonce),
        ),
      }));
      expect(own).toEqual(refusal('sod-mismatch'));
    });

    it.each([
      ['shorter padding', (nonce: Buffer) => [Buffer.from([0, 1, 0xff, 0]), nonce, systemRandom(220)]],
      [
        'a hole in the padding',
        (nonce: Buffer) => [Buffer.from([0, 1]), Buffer.alloc(220, 0xff), Buffer.from([0x7f, 0]), nonce],
      ],
      [
        'another block type',
        (nonce: Buffer) => [Buffer.from([0, 2]), Buffer.alloc(221, 0xff), Buffer.from([0]), nonce],
      ],
    ])('cannot pass a block with %s', async (_, parts) => {
      const answer = (nonce: Buffer) =>
        privateEncrypt(
          { key: giulia.antiClone.privateKey, padding: constants.RSA_NO_PADDING },
          Buffer.concat(parts(nonce)),
        );
      expect(await attempt((proof, nonce) => ({ ...proof, antiCloneAnswer: base64(answer(nonce)) }))).toEqual(
        refusal('signature-wrong'),
      );
    });

    it('cannot show the data of another document', async () => {
      const mario = town.card({
        holder: MARIO,
        name: 'mario',
        nis: '9'.repeat(12),
        documentNumber: 'CA11111BB',
      });
      const data = {
        dg1: base64(mario.dg1),
        dg11: base64(mario.dg11),
        documentSod: base64(mario.documentSod),
      };
      expect(await attempt((proof) => ({ ...proof, ...data }))).toEqual(refusal('sod-mismatch'));
      expect(await attempt((proof) => ({ ...proof, dg11: data.dg11 }))).toEqual(refusal('sod-mismatch'));
    });

    it('cannot write the document’s security object itself', async () => {
      // Giulia's card, and under its number a document about somebody else
      const mario = town.card({ holder: MARIO, name: 'mario', csca: fakeCsca });
      const data = {
        dg1: base64(mario.dg1),
        dg11: base64(mario.dg11),
        documentSod: base64(mario.documentSod),
      };
      expect(await attempt((proof) => ({ ...proof, ...data }))).toEqual(refusal('sod-untrusted'));
    });

    it('cannot give the NIS of another card', async () => {
      expect(await attempt((proof) => ({ ...proof, nis: '999999999999' }))).toEqual(refusal('sod-mismatch'));
    });

    it('identifies nobody without DG11, nor by an expired document', async () => {
      expect(await attempt(({ dg11: _, ...proof }) => proof)).toEqual(refusal('identity-unreadable'));
      const expired = dg1('CA00000AA', '900101', '261120', 'BIANCHI<<GIULIA');
      const documentSod = town.csca.sod(
        new Map([
          [1, expired],
          [11, giulia.dg11],
        ]),
      );
      expect(
        await attempt((proof) => ({ ...proof, dg1: base64(expired), documentSod: base64(documentSod) })),
      ).toEqual(refusal('document-expired'));
    });
  });

  it('gets nothing but a named refusal for garbage of every kind', async () => {
    const { loginId } = await town.ask(terminal);
    const target = TERMINAL_ROUTES.loginProof.replace(':id', loginId);
    for (const body of [null, [], 'x', {}, { kind: 'cie-pin' }, { kind: 'spid' }]) {
      expect((await terminal.call('POST', target, body)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await terminal.call('POST', target.replace(loginId, 'x'), {})).status).toBe(400);
    for (const bytes of [1, 2, 300, 6_000]) {
      const junk = () => base64(systemRandom(bytes));
      const proof = LoginProof.parse({
        kind: 'cie-pin',
        certificate: junk(),
        signature: base64(systemRandom(256)),
        nis: '1'.repeat(12),
        sod: junk(),
      });
      const asked = await town.ask(terminal);
      expect(await town.prove(terminal, asked.loginId, proof)).toEqual(refusal('certificate-unreadable'));
    }
  });

  it('cannot get a challenge for what the municipality does not take', async () => {
    const strict = new CardTown({ methods: ['cie-card-local'], withoutPin: false });
    await strict.rig.start();
    const there = await strict.rig.terminal();
    const sessionId = crypto.randomUUID();
    for (const asked of [
      { method: 'cns-card-local', level: 'pin' },
      { method: 'cie-card-local', level: 'card' },
      { method: 'cns-card-local', level: 'card' },
    ]) {
      const answer = await there.call('POST', TERMINAL_ROUTES.logins, { ...asked, sessionId });
      expect(answer.body).toMatchObject({ code: 'LOGIN_NOT_ACCEPTED', status: 403 });
    }
    await strict.close();
  });

  it('is slowed down when it tries and tries, and no other is', async () => {
    const second = await town.rig.terminal('TOTEM-PATIENT');
    const statuses = [];
    for (let times = 0; times < 20; times += 1) {
      const target = TERMINAL_ROUTES.loginProof.replace(':id', crypto.randomUUID());
      const proof = { kind: 'cns-pin', certificate: 'AAAA', signature: 'AAAA' };
      statuses.push((await terminal.call('POST', target, proof)).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect(await town.login(second, giulia)).toMatchObject({ result: 'verified' });
  });
});
