import { cents, JollyError, ManualClock } from '@jolly/contracts/values';
import type { LoginDesk } from '../citizens/index.ts';
import { RuntimeConfig } from '../config/index.ts';
import type { CitizenPayment, PaymentCommand, PaymentDesk, PaymentScreen } from '../payments/index.ts';
import type { ServiceDesk } from '../services/index.ts';
import { Session } from '../session/index.ts';

/** Stand-ins for tests: a terminal's configuration with nothing real behind it. */
export const testConfig = (changes: Partial<RuntimeConfig> = {}): RuntimeConfig => ({
  ...RuntimeConfig.parse({
    mode: 'demo',
    tenantId: 'prato',
    terminalId: 'PO-001',
    city: 'Comune di Prato',
    site: 'Piazza del Comune',
    creditorTaxCode: '84006890481',
    serverUrl: 'http://127.0.0.1:1',
    dataDir: '/nowhere',
    devices: { pos: 'ecr17+tcp://h:1', printer: 'escpos+tcp://h:2', barcode: 'scan+tcp://h:3' },
  }),
  ...changes,
});

export const NOTICE = {
  noticeNumber: '302000100000000001',
  creditorTaxCode: '84006890481',
  creditorName: 'Comune di Prato',
  description: 'TARI 2026',
  amountCents: cents(12_345),
  feeCents: cents(0),
  totalCents: cents(12_345),
};

/** A payment that does what the test says. */
export class FakePayment implements CitizenPayment {
  readonly kioskPaymentId = '0193b2f0-0000-7000-8000-000000000001';
  readonly commands: PaymentCommand[] = [];
  readonly #listeners = new Set<() => void>();
  screen: PaymentScreen = { name: 'pay-verifying' };
  money: CitizenPayment['money'] = 'nothing-charged';
  interruptible = true;

  send(command: PaymentCommand): void {
    this.commands.push(command);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  show(screen: PaymentScreen, changes: Partial<Pick<FakePayment, 'money' | 'interruptible'>> = {}): void {
    Object.assign(this, { screen, interruptible: true }, changes);
    for (const listener of [...this.#listeners]) listener();
  }

  get watched(): boolean {
    return this.#listeners.size > 0;
  }
}

export class FakeDesk implements PaymentDesk {
  readonly payments: FakePayment[] = [];
  readonly openPayments = 0;
  readonly busy = false;
  readonly outboxDepth = 0;
  refusing = false;

  open(): FakePayment {
    if (this.refusing) throw new JollyError('PAYMENT_RUNNING', { cause: 'another payment', retry: 'later' });
    const payment = new FakePayment();
    this.payments.push(payment);
    return payment;
  }
  recover = async () => ({ resumed: 0, handedOver: 0 });
  limitations = () => [];
  onChange = () => () => undefined;
  closeDay = async () => 'nothing-to-do' as const;
  close = async () => undefined;
}

/** A session on a clock that only the test moves, with everything it did written down. */
export function sessionBench(
  config = testConfig(),
  logins?: LoginDesk,
  clock = new ManualClock(),
  services?: ServiceDesk,
) {
  const desk = new FakeDesk();
  const uses: string[] = [];
  const ratings: unknown[] = [];
  const logs: unknown[] = [];
  const calls: unknown[] = [];
  const office = { answers: true };
  let listener: ((scan: { text: string; at: number }) => void) | undefined;
  const session = new Session({
    config,
    clock,
    desk,
    logins,
    services,
    barcode: {
      listen: (onScan) => {
        listener = onScan;
        return () => {
          listener = undefined;
        };
      },
    },
    usage: {
      use: ({ service, step }) => uses.push(`${service} ${step}`),
      rate: (rating) => ratings.push(rating),
    },
    callPerson: async (call) => {
      calls.push(call);
      if (!office.answers) throw new Error('nobody');
    },
    log: (event, detail) => logs.push({ event, ...detail }),
  });
  return {
    clock,
    desk,
    session,
    uses,
    ratings,
    logs,
    calls,
    office,
    listening: () => listener !== undefined,
    scan: (text: string) => listener?.({ text, at: clock.now() }),
    screen: () => session.snapshot().screen,
    payment: () => {
      const payment = desk.payments.at(-1);
      if (!payment) throw new Error('no payment was opened');
      return payment;
    },
  };
}
