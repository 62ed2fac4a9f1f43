import { cents } from '@jolly/contracts/values';
import { type NodeSimulator, otherPsp, startNodeSimulator } from '@jolly/simulators/pagopa-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordingGateway } from './gateway.ts';

let simulator: NodeSimulator;
let wire: ReturnType<typeof recordingGateway>;
beforeAll(async () => {
  simulator = await startNodeSimulator({ settings: { creditorTimeoutMs: 20 } });
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.node.reset();
  simulator.faults.set({ mode: 'none' });
  Object.assign(simulator.node.settings, { idempotency: true, idempotencyMs: 1_800_000, tokenMs: 1_800_000 });
  wire = recordingGateway(simulator.url);
});

const notice = (label = 'TARI 2026, seconda rata') => {
  const found = simulator.node.books.all().find((position) => position.notice.label === label);
  if (!found) throw new Error(`no notice ${label}`);
  return found.notice;
};
const state = (of = notice()) => simulator.node.books.position(of.creditorTaxCode, of.noticeNumber)?.state;
const acquired = (of = notice()) =>
  simulator.node.books.position(of.creditorTaxCode, of.noticeNumber)?.acquisitions ?? [];
const prepare = (of = notice(), expirationMs = 600_000) =>
  wire.gateway.prepareOpen(of, cents(of.amountCents), expirationMs);
async function open(of = notice(), expirationMs = 600_000) {
  const opened = await wire.gateway.sendOpen(prepare(of, expirationMs));
  if (opened.ok !== true) throw new Error(`not opened: ${JSON.stringify(opened)}`);
  return opened;
}
const outcome = (paymentToken: string, said: 'OK' | 'KO') =>
  wire.gateway.prepareOutcome({
    paymentToken,
    outcome: said,
    feeCents: cents(0),
    paymentMethod: 'creditCard',
    applicationDate: '2026-11-21',
    kioskPaymentId: '01a2b3c4-0000-7000-8000-000000000001',
    localTime: '2026-11-21T10:15:30',
    announced: false,
  });
const report = (token: string, said: 'OK' | 'KO') => wire.gateway.sendOutcome(outcome(token, said));
const lapse = (ms: number) => {
  simulator.node.offsetMs = ms;
};
const refusal = (faultClass: string, faultCode: string, retry: string) => ({
  ok: false,
  problem: { class: faultClass, faultCode, retry },
});
const again = (request: ReturnType<typeof prepare>, from: string | RegExp, to: string) =>
  wire.gateway.sendOpen({ ...request, body: request.body.replace(from, to) });
const OTHER = [
  ['<idPSP>BDIMITMM', `<idPSP>${otherPsp}`],
  ['<idBrokerPSP>02654890025', '<idBrokerPSP>90000000002'],
  ['<idChannel>02654890025_01', '<idChannel>90000000002_01'],
] as const;
const asOtherPsp = (body: string) => OTHER.reduce((text, [from, to]) => text.replace(from, to), body);

describe('a payment', () => {
  it('is verified, opened, reported and in the ledger once', async () => {
    const verified = await wire.gateway.verify(notice());
    expect(verified).toMatchObject({
      ok: true,
      amountCents: 12_345,
      description: 'TARI 2026 - seconda rata',
      creditorTaxCode: '84006890481',
      creditorName: 'Comune di Prato',
      office: 'Ufficio Tributi',
      standIn: false,
    });
    const opened = await open();
    expect(opened).toMatchObject({ totalCents: 12_345, iuv: '02000120456789276' });
    expect(opened.paymentToken).toMatch(/^[0-9a-f]{32}$/);
    expect(await report(opened.paymentToken, 'OK')).toEqual({ answer: 'ok' });
    expect(acquired()).toMatchObject([{ token: opened.paymentToken, psp: 'BDIMITMM', late: false }]);
    expect(
      simulator.node.books.receipts.filter(({ receiptId }) => receiptId === opened.paymentToken),
    ).toHaveLength(1);
  });
});

describe('verify and activate by notice (pagopa.md 4)', () => {
  it.each([
    ['Già pagato', 'NOTICE_ALREADY_PAID', 'PPT_PAGAMENTO_DUPLICATO', 'no'],
    ["Scaduto: l'ente non lo incassa più", 'EXPIRED_NOTICE', 'PAA_PAGAMENTO_SCADUTO', 'no'],
    ["Annullato dall'ente", 'REVOKED_NOTICE', 'PAA_PAGAMENTO_ANNULLATO', 'no'],
    ["Sconosciuto all'ente", 'UNKNOWN_NOTICE', 'PAA_PAGAMENTO_SCONOSCIUTO', 're-enter'],
    ['In corso presso un altro PSP', 'PAYMENT_ALREADY_IN_PROGRESS', 'PPT_PAGAMENTO_IN_CORSO', 'later'],
    ['Ente sconosciuto', 'WRONG_NOTICE_DATA', 'PPT_DOMINIO_SCONOSCIUTO', 're-enter'],
    ["L'ente non risponde", 'CREDITOR_PROBLEMS', 'PPT_STAZIONE_INT_PA_TIMEOUT', 'later'],
    ["L'ente risponde male", 'CREDITOR_PROBLEMS', 'PPT_STAZIONE_INT_PA_ERRORE_RESPONSE', 'later'],
    ['Canale disabilitato (guasto nostro)', 'NOTICE_GLITCH', 'PPT_CANALE_DISABILITATO', 'no'],
  ])('%s', async (label, faultClass, code, retry) => {
    const expected = refusal(faultClass, code, retry);
    expect(await wire.gateway.verify(notice(label))).toEqual(expected);
    expect(wire.sent).toHaveLength(faultClass === 'CREDITOR_PROBLEMS' ? 2 : 1);
    expect(await wire.gateway.sendOpen(prepare(notice(label)))).toEqual(expected);
  });

  it('finds the code of the creditor in the description of a channel without extended faults', async () => {
    simulator.node.settings.extendedFaults = false;
    const expired = await wire.gateway.verify(notice("Scaduto: l'ente non lo incassa più"));
    simulator.node.settings.extendedFaults = true;
    expect(wire.received[0]).not.toContain('originalFaultCode');
    expect(expired).toEqual(refusal('EXPIRED_NOTICE', 'PAA_PAGAMENTO_SCADUTO', 'no'));
  });

  it('does not know a notice that nobody made, nor a station of aux digit 4', async () => {
    const creditorTaxCode = '84006890481';
    expect(await wire.gateway.verify({ creditorTaxCode, noticeNumber: '302000000000000066' })).toEqual(
      refusal('UNKNOWN_NOTICE', 'PAA_PAGAMENTO_SCONOSCIUTO', 're-enter'),
    );
    expect(await wire.gateway.verify({ creditorTaxCode, noticeNumber: '402000000000000066' })).toEqual(
      refusal('WRONG_NOTICE_DATA', 'PPT_STAZIONE_INT_PA_SCONOSCIUTA', 're-enter'),
    );
  });

  it('takes the amount of the activation, not that of the verification', async () => {
    const changing = notice("Importo che cambia all'attivazione");
    expect(await wire.gateway.verify(changing)).toMatchObject({ ok: true, amountCents: 8_000 });
    expect(await open(changing)).toMatchObject({ totalCents: 9_250, transfers: [{ amountCents: 9_250 }] });
  });

  it.each([
    ['Due beneficiari (TARI e TEFA)', 2],
    ['Cinque beneficiari', 5],
  ])('%s: the parts make the whole', async (label, parts) => {
    const opened = await open(notice(label));
    expect(opened.transfers).toHaveLength(parts);
    expect(opened.transfers.reduce((sum, { amountCents }) => sum + amountCents, 0)).toBe(opened.totalCents);
  });

  it('marks a revenue stamp, and names a refused one', async () => {
    expect((await open(notice('Marca da bollo digitale (attivata)'))).transfers[0]?.stamp).toBe(true);
    const refused = notice('Marca da bollo digitale (rifiutata dal nodo)');
    expect(await wire.gateway.sendOpen(prepare(refused))).toEqual(
      refusal('STAMP_NOT_SOLD', 'PPT_SEMANTICA', 'no'),
    );
  });

  it('tells a stand-in, and lets an overdue notice be paid', async () => {
    const standIn = await wire.gateway.verify(notice("Stand-in: risponde l'archivio centrale"));
    expect(standIn).toMatchObject({ ok: true, standIn: true });
    expect(await wire.gateway.verify(notice('Oltre la scadenza, ma pagabile'))).toMatchObject({ ok: true });
  });
});

describe('configuration checks, in order (pagopa.md 3.8)', () => {
  const D = 'BDIMITMM';
  const B = '02654890025';
  it.each([
    ['PPT_PSP_SCONOSCIUTO', 'NESSUNO', 'x', 'x', 'sbagliata!'],
    ['PPT_PSP_DISABILITATO', 'CHIUITMM', 'x', 'x', 'sbagliata!'],
    ['PPT_INTERMEDIARIO_PSP_SCONOSCIUTO', D, 'x', 'x', 'sbagliata!'],
    ['PPT_CANALE_SCONOSCIUTO', D, B, 'x', 'sbagliata!'],
    ['PPT_CANALE_DISABILITATO', D, B, `${B}_03`, 'sbagliata!'],
    ['PPT_AUTENTICAZIONE', D, B, `${B}_02`, 'sbagliata!'],
    ['PPT_AUTORIZZAZIONE', D, B, `${B}_02`, 'PLACEHOLDER'],
    ['PPT_AUTORIZZAZIONE', D, '90000000002', `${B}_01`, 'PLACEHOLDER'],
  ])('%s for %s %s %s', async (code, idPsp, idBrokerPsp, idChannel, password) => {
    wire = recordingGateway(simulator.url, { idPsp, idBrokerPsp, idChannel }, password);
    const expected = refusal('NOTICE_GLITCH', code, 'no');
    // An unknown creditor too: the caller is looked at first.
    expect(await wire.gateway.verify(notice('Ente sconosciuto'))).toEqual(expected);
    expect(await wire.gateway.sendOpen(prepare())).toEqual(expected);
  });

  it('refuses a token life above the default of the platform', async () => {
    simulator.node.settings.tokenMs = 300_000;
    expect(await wire.gateway.sendOpen(prepare())).toEqual(
      refusal('NOTICE_GLITCH', 'PPT_AUTORIZZAZIONE', 'no'),
    );
    expect(wire.received[0]).toContain('expirationTime deve essere &lt;= 300000');
  });

  it('answers anything against the interface with PPT_SINTASSI_EXTRAXSD in the element that matches', async () => {
    const request = prepare();
    const syntax = refusal('WRONG_NOTICE_DATA', 'PPT_SINTASSI_EXTRAXSD', 're-enter');
    expect(await again(request, /<expirationTime>\d+/, '<expirationTime>1800001')).toEqual(syntax);
    expect(await again(request, /soap\/envelope/g, 'soap/other')).toEqual(syntax);
    expect(await wire.gateway.sendOpen({ ...request, body: '' })).toEqual(syntax);
    expect(await wire.gateway.sendOpen({ ...request, body: '<!DOCTYPE a>' })).toEqual(syntax);
  });
});

describe('idempotency of activate (pagopa.md 3.6)', () => {
  it('same key, same body: the same token', async () => {
    const request = prepare();
    const first = await wire.gateway.sendOpen(request);
    expect(await wire.gateway.sendOpen(request)).toEqual(first);
    expect(wire.received[1]).toBe(wire.received[0]);
  });

  it.each([
    ['changed', '<amount>123.45', '<amount>123.46'],
    ['added', '</amount>', '</amount><dueDate>2026-12-01</dueDate>'],
    ['removed', '<touchPoint>POS</touchPoint>', ''],
    ['password', 'PLACEHOLDER', 'ALTRAPASSWORD'],
  ])('same key, a field %s: PPT_ERRORE_IDEMPOTENZA', async (_what, from, to) => {
    const request = prepare();
    await wire.gateway.sendOpen(request);
    expect(await again(request, from, to)).toEqual(
      refusal('UNEXPECTED_ERROR', 'PPT_ERRORE_IDEMPOTENZA', 'no'),
    );
  });

  it('same key after the expiry job, another amount: a new call', async () => {
    const request = prepare(notice(), 60_000);
    await wire.gateway.sendOpen(request);
    lapse(60_000);
    expect(await again(request, '<amount>123.45', '<amount>123.46')).toMatchObject({
      problem: { faultCode: 'PPT_PAGAMENTO_IN_CORSO' },
    });
    simulator.node.reset();
    await wire.gateway.sendOpen(request);
    lapse(60_000);
    expect(simulator.node.expireJob()).toBe(1);
    expect(await again(request, '<amount>123.45', '<amount>123.46')).toMatchObject({ ok: true });
  });

  it('same key from another PSP: a new call, which finds the session open', async () => {
    const request = prepare();
    await wire.gateway.sendOpen(request);
    const other = { ...request, body: asOtherPsp(request.body) };
    expect(await wire.gateway.sendOpen(other)).toEqual(
      refusal('PAYMENT_ALREADY_IN_PROGRESS', 'PPT_PAGAMENTO_IN_CORSO', 'later'),
    );
  });

  it('no key, a new key, a dead key, or keys switched off: PPT_PAGAMENTO_IN_CORSO', async () => {
    const inProgress = refusal('PAYMENT_ALREADY_IN_PROGRESS', 'PPT_PAGAMENTO_IN_CORSO', 'later');
    simulator.node.settings.idempotencyMs = 1_000;
    const request = prepare();
    await wire.gateway.sendOpen(request);
    expect(await again(request, /<idempotencyKey>.*<\/idempotencyKey>/, '')).toEqual(inProgress);
    expect(await wire.gateway.sendOpen(prepare())).toEqual(inProgress);
    simulator.node.settings.idempotency = false;
    expect(await wire.gateway.sendOpen(request)).toEqual(inProgress);
    simulator.node.settings.idempotency = true;
    lapse(1_000);
    expect(await wire.gateway.sendOpen(request)).toEqual(inProgress);
  });

  it('a syntax error leaves the key free, any later error takes it', async () => {
    const request = prepare();
    await again(request, 'POS', 'CHIOSCO');
    expect(await wire.gateway.sendOpen(request)).toMatchObject({ ok: true });
    const next = prepare(notice('CIE'));
    expect(await again(next, 'PLACEHOLDER', 'SBAGLIATA')).toMatchObject({
      problem: { faultCode: 'PPT_AUTENTICAZIONE' },
    });
    expect(await wire.gateway.sendOpen(next)).toMatchObject({
      problem: { faultCode: 'PPT_ERRORE_IDEMPOTENZA' },
    });
  });

  it('the key dies with the outcome', async () => {
    const request = prepare();
    const first = await wire.gateway.sendOpen(request);
    if (first.ok !== true) throw new Error('not opened');
    await report(first.paymentToken, 'KO');
    const second = await wire.gateway.sendOpen(request);
    expect(second).toMatchObject({ ok: true });
    expect(second).not.toMatchObject({ paymentToken: first.paymentToken });
  });
});

describe('outcomes by state of the position (pagopa.md 3.8)', () => {
  const expire = async () => {
    const { paymentToken } = await open(notice(), 60_000);
    lapse(60_000);
    simulator.node.expireJob();
    expect(state()).toBe('INSERTED');
    return paymentToken;
  };

  it('PAYING: others wait; KO opens the position again', async () => {
    const { paymentToken } = await open();
    expect(await wire.gateway.verify(notice())).toMatchObject({
      problem: { faultCode: 'PPT_PAGAMENTO_IN_CORSO' },
    });
    expect(await report(paymentToken, 'KO')).toEqual({ answer: 'ok' });
    expect(await report(paymentToken, 'KO')).toEqual({ answer: 'already-same' });
    expect(await report(paymentToken, 'OK')).toEqual({ answer: 'already-opposite' });
    expect(state()).toBe('INSERTED');
    expect(await wire.gateway.verify(notice())).toMatchObject({ ok: true });
  });

  it('PAID: verify and activate say so; a new outcome is the same or the opposite', async () => {
    const { paymentToken } = await open();
    await report(paymentToken, 'OK');
    const paid = refusal('NOTICE_ALREADY_PAID', 'PPT_PAGAMENTO_DUPLICATO', 'no');
    expect(await wire.gateway.verify(notice())).toEqual(paid);
    expect(await wire.gateway.sendOpen(prepare())).toEqual(paid);
    expect(await report(paymentToken, 'OK')).toEqual({ answer: 'already-same' });
    expect(await report(paymentToken, 'KO')).toEqual({ answer: 'already-opposite' });
    expect(acquired()).toHaveLength(1);
  });

  it('past its instant but before the job a token still pays', async () => {
    const { paymentToken } = await open(notice(), 60_000);
    lapse(120_000);
    expect(await report(paymentToken, 'OK')).toEqual({ answer: 'ok' });
  });

  it('expired, still payable: token-expired, and the node has the payment', async () => {
    const token = await expire();
    expect(await report(token, 'OK')).toEqual({ answer: 'token-expired' });
    expect(state()).toBe('PAID');
    expect(acquired()).toMatchObject([{ token, late: true }]);
    expect(await report(token, 'OK')).toEqual({ answer: 'already-same' });
  });

  it('expired, another session open: duplicate', async () => {
    const token = await expire();
    const second = await open();
    expect(await report(token, 'OK')).toEqual({ answer: 'duplicate' });
    expect(await report(second.paymentToken, 'OK')).toEqual({ answer: 'ok' });
    expect(await report(token, 'OK')).toEqual({ answer: 'duplicate' });
    expect(acquired()).toMatchObject([{ token: second.paymentToken }]);
  });

  it('another PSP has won: duplicate', async () => {
    const { paymentToken } = await open();
    const position = simulator.node.books.position(notice().creditorTaxCode, notice().noticeNumber);
    expect(position && simulator.node.payElsewhere(position)).toBe(true);
    expect(await report(paymentToken, 'OK')).toEqual({ answer: 'duplicate' });
    expect(acquired()).toMatchObject([{ psp: otherPsp }]);
  });

  it('expired and KO: nothing changes', async () => {
    expect(await report(await expire(), 'KO')).toEqual({ answer: 'token-expired-ko' });
    expect(state()).toBe('INSERTED');
  });

  it('a token nobody gave, or of another PSP: token-unknown', async () => {
    expect(await report('0'.repeat(32), 'OK')).toEqual({ answer: 'token-unknown' });
    const { paymentToken } = await open();
    const request = outcome(paymentToken, 'OK');
    expect(await wire.gateway.sendOutcome({ ...request, body: asOtherPsp(request.body) })).toEqual({
      answer: 'token-unknown',
    });
    expect(state()).toBe('PAYING');
  });

  it('several tokens in one outcome: PPT_SEMANTICA', async () => {
    const { paymentToken } = await open();
    const request = outcome(paymentToken, 'OK');
    const body = request.body.replace('</paymentTokens>', '<paymentToken>b</paymentToken></paymentTokens>');
    expect(await wire.gateway.sendOutcome({ ...request, body })).toEqual({
      answer: 'rejected',
      faultCode: 'PPT_SEMANTICA',
    });
  });

  it('same key: the original answer, also to a late outcome; a changed body: PPT_ERRORE_IDEMPOTENZA', async () => {
    const { paymentToken } = await open();
    const request = outcome(paymentToken, 'OK');
    expect(await wire.gateway.sendOutcome(request)).toEqual({ answer: 'ok' });
    expect(await wire.gateway.sendOutcome(request)).toEqual({ answer: 'ok' });
    const body = request.body.replace('<fee>0.00', '<fee>1.00');
    expect(await wire.gateway.sendOutcome({ ...request, body })).toEqual({
      answer: 'rejected',
      faultCode: 'PPT_ERRORE_IDEMPOTENZA',
    });
    expect(simulator.node.books.outcomes()[paymentToken]).toMatchObject([
      { answer: 'OK', replayed: false },
      { answer: 'OK', replayed: true },
      { answer: 'PPT_ERRORE_IDEMPOTENZA', replayed: false },
    ]);
    lapse(1_800_001);
    expect(await wire.gateway.sendOutcome(request)).toEqual({ answer: 'already-same' });
    expect(acquired()).toHaveLength(1);
  });
});
