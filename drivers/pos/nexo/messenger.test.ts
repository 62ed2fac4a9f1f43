import { createServer } from 'node:http';
import { duplexPair } from 'node:stream';
import { cents, ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { overWeb, parseDeviceUri } from '../../registry/index.ts';
import type { ChargeReference } from '../port.ts';
import { NexoTerminal } from './driver.ts';
import { chargeServiceId } from './service-id.ts';
import { readSettings } from './settings.ts';

const URI = 'nexo+http://127.0.0.1:1/nexo?sale=J1&poi=SIM-1&probe=0&settle=0';
const reference: ChargeReference = {
  kioskPaymentId: '01890000-0000-7000-8000-000000000001',
  amountCents: cents(1_250),
  lastStan: undefined,
  startedAt: 1_795_000_000_000,
};

interface Asked {
  readonly SaleToPOIRequest: {
    readonly MessageHeader: Readonly<Record<string, string>>;
  };
}
type Header = Readonly<Record<string, string>>;

/** A terminal that answers each message as told, over HTTP in memory; the header of the answer is the question's, changed as wished. */
function terminalThat(answers: (header: Header) => { header?: Header; body: object }) {
  const asked: Header[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += String(part);
    const { MessageHeader } = (JSON.parse(text) as Asked).SaleToPOIRequest;
    asked.push(MessageHeader);
    const { header, body } = answers(MessageHeader);
    const told = { ...MessageHeader, MessageType: 'Response', ...header };
    response.end(JSON.stringify({ SaleToPOIResponse: { MessageHeader: told, ...body } }));
  });
  const dial = () => {
    const [kiosk, terminal] = duplexPair();
    server.emit('connection', terminal);
    return Promise.resolve(kiosk);
  };
  const context = { clock: new ManualClock(reference.startedAt), log: () => undefined };
  const pos = new NexoTerminal(URI, readSettings(overWeb(parseDeviceUri(URI))), context, { dial });
  return { pos, asked };
}

const approval = {
  PaymentResponse: {
    Response: { Result: 'Success' },
    POIData: { POITransactionID: { TransactionID: 'A.42', TimeStamp: '2026-11-18T09:00:00Z' } },
    PaymentResult: { AmountsResp: { Currency: 'EUR', AuthorizedAmount: 12.5 } },
  },
};
const told = {
  TransactionStatusResponse: {
    Response: { Result: 'Success' },
    RepeatedMessageResponse: { RepeatedResponseMessageBody: approval },
  },
};
const charge = (pos: NexoTerminal) => pos.charge(reference, {}, { beforeMoney: () => undefined });

describe('an approval that comes back for a payment', () => {
  it('counts under the payment’s own name', async () => {
    const { pos, asked } = terminalThat(() => ({ body: approval }));
    expect(await charge(pos)).toMatchObject({ outcome: 'approved', card: { amountCents: 1_250 } });
    expect(asked.at(-1)?.ServiceID).toBe(chargeServiceId(reference));
    await pos.close();
  });

  it.each([
    ['another payment’s name', { ServiceID: 'P000000001' }],
    ['the category of another message', { MessageCategory: 'Reversal' }],
  ])('proves nothing under %s', async (_, header) => {
    const { pos } = terminalThat(() => ({ header, body: approval }));
    expect(await charge(pos)).toEqual({ outcome: 'uncertain', reason: 'answer-of-another' });
    await pos.close();
  });

  it('proves nothing without a name', async () => {
    const { pos } = terminalThat(() => ({ header: { ServiceID: '' }, body: approval }));
    expect(await charge(pos)).toEqual({ outcome: 'uncertain', reason: 'answer-of-another' });
    await pos.close();
  });
});

describe('the terminal’s word on a lost payment', () => {
  it('is heard under the question’s own name', async () => {
    const { pos } = terminalThat(() => ({ body: told }));
    expect(await pos.recover(reference)).toMatchObject({ verdict: 'charged' });
    expect(await pos.lastTransaction()).toMatchObject({ found: 'approved', kind: 'payment' });
    await pos.close();
  });

  it('is not heard under the name of another question', async () => {
    const { pos } = terminalThat(() => ({ header: { ServiceID: 'Q000000001' }, body: told }));
    const reason = 'answer-of-another';
    expect(await pos.recover(reference)).toEqual({ verdict: 'unreachable', reason });
    expect(await pos.lastTransaction()).toEqual({ found: 'unreachable', reason });
    await pos.close();
  });
});
