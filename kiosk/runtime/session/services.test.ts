import { noticeQr } from '@jolly/contracts/notice';
import { FormField } from '@jolly/contracts/service-catalogue';
import type { NoticeView, PaidView } from '@jolly/contracts/terminal-channel';
import { cents } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import type {
  CitizenForm,
  FormCommand,
  FormScreen,
  KnownCitizen,
  ServiceCard,
  ServiceDesk,
} from '../services/index.ts';
import { NOTICE, sessionBench, settle } from '../stand-ins/index.ts';

const SECOND = {
  ...NOTICE,
  noticeNumber: '302000100000000094',
  description: 'IMU 2026',
  totalCents: cents(500),
};
const plate = FormField.parse({ id: 'plate', kind: 'plate', label: { it: 'Targa' } });
const fiscalCode = FormField.parse({ id: 'code', kind: 'fiscal-code', label: { it: 'Codice fiscale' } });
const holder = FormField.parse({ id: 'holder', kind: 'name', label: { it: 'Intestatario' } });
const service = { id: 'pagamenti.multe', title: { it: 'Multe' } };
const asking: FormScreen = {
  name: 'service-field',
  service,
  field: plate,
  value: '',
  step: 1,
  of: 1,
  canContinue: true,
};
const review: FormScreen = {
  name: 'service-review',
  service,
  answers: [{ field: plate, value: 'AB123CD' }],
  busy: false,
};

/** A form that does what the test says. */
class FakeForm implements CitizenForm {
  readonly commands: FormCommand[] = [];
  readonly #listeners = new Set<() => void>();
  screen: FormScreen = asking;
  canGoBack = false;
  made: CitizenForm['made'];
  closed = false;

  send(command: FormCommand): void {
    this.commands.push(command);
  }
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  close(): void {
    this.closed = true;
    this.#listeners.clear();
  }
  show(changes: Partial<Pick<FakeForm, 'screen' | 'canGoBack' | 'made'>>): void {
    Object.assign(this, changes);
    for (const listener of [...this.#listeners]) listener();
  }
}

class FakeServices implements ServiceDesk {
  readonly forms: FakeForm[] = [];
  readonly known: (KnownCitizen | undefined)[] = [];
  readonly carts: NoticeView[] = [];
  readonly summaries: (readonly PaidView[])[] = [];
  services: readonly ServiceCard[] = [service];
  readonly printing = false;
  cartUrl: string | undefined = 'https://checkout.example/c/1';
  gone = false;

  open(_service: string, citizen: KnownCitizen | undefined): FakeForm | undefined {
    if (this.gone) return undefined;
    this.known.push(citizen);
    const form = new FakeForm();
    this.forms.push(form);
    return form;
  }
  cart = async (notice: NoticeView) => {
    this.carts.push(notice);
    return this.cartUrl;
  };
  printSummary = async (paid: readonly PaidView[]) => {
    this.summaries.push(paid);
    return 'printed' as const;
  };
  refresh = () => undefined;
  onChange = () => () => undefined;
  close = () => undefined;
}

function bench() {
  const services = new FakeServices();
  const made = sessionBench(undefined, undefined, undefined, services);
  const form = () => {
    const found = services.forms.at(-1);
    if (!found) throw new Error('no form was opened');
    return found;
  };
  const toForm = () => {
    made.session.intent({ type: 'open-services' });
    made.session.intent({ type: 'choose-service', service: service.id });
    return form();
  };
  const pay = (notice: typeof NOTICE) => {
    made.scan(noticeQr(notice, 1));
    made.payment().show({ name: 'pay-done', notice, paper: 'printed' }, { money: 'charged-registered' });
  };
  return { ...made, services, form, toForm, pay };
}
const name = (made: ReturnType<typeof bench>) => made.screen().name;

describe('a payment without a notice', () => {
  it('goes from home through list, question and review to the payment of its notice', () => {
    const made = bench();
    made.session.intent({ type: 'open-services' });
    expect(made.screen()).toEqual({ name: 'service-list', services: [service], page: 1, pages: 1 });
    made.session.intent({ type: 'choose-service', service: service.id });
    expect(made.screen()).toEqual(asking);
    made.session.intent({ type: 'write', text: 'A' });
    made.session.intent({ type: 'submit-field' });
    expect(made.form().commands).toEqual([{ type: 'write', text: 'A' }, { type: 'submit-field' }]);
    made.form().show({ screen: review, canGoBack: true });
    made.session.intent({ type: 'submit-form' });
    made.form().show({ made: NOTICE });
    expect(made.desk.payments).toHaveLength(1);
    expect(name(made)).toBe('pay-verifying');
    made
      .payment()
      .show({ name: 'pay-done', notice: NOTICE, paper: 'printed' }, { money: 'charged-registered' });
    // who has paid needs the answers no longer
    expect(made.form().closed).toBe(true);
    expect(made.uses).toEqual(['pagamenti-multe open', 'pagamenti-multe use', 'pagamenti-multe done']);
  });

  it('keeps the answers for who turns back from the notice, and asks nobody twice', () => {
    const made = bench();
    const form = made.toForm();
    form.show({ screen: review, canGoBack: true, made: NOTICE });
    made.payment().show({ name: 'pay-check', notice: NOTICE });
    made.session.intent({ type: 'back' });
    expect(made.screen()).toEqual(review);
    expect(made.payment().commands).toEqual([{ type: 'leave', reason: 'left' }]);
    expect([form.closed, made.desk.payments.length]).toEqual([false, 1]);
  });

  it.each<[string, FormScreen]>([
    ['its fiscal code', { ...asking, field: fiscalCode, value: 'RSSMRA80A01H501U' }],
    ['its name', { ...asking, field: holder, value: 'MARIA ROSSI' }],
    ['its answers', { ...review, answers: [{ field: holder, value: 'MARIA ROSSI' }] }],
    ['nothing written yet', { ...asking, field: holder }],
  ])('is covered when the headset is pulled out: %s', (_, screen) => {
    const made = bench();
    made.session.headset(true);
    made.toForm().show({ screen });
    made.session.headset(false);
    expect(made.session.snapshot()).toMatchObject({ screen: { name: screen.name }, covered: true });
    expect(made.session.intent({ type: 'write', text: 'A' })).toBe('dropped');
    made.session.intent({ type: 'uncover' });
    expect(made.session.snapshot().covered).toBe(false);
  });

  it('is covered, as what was paid is, when it begins after the headset was pulled out', () => {
    const made = bench();
    made.session.headset(true);
    made.session.intent({ type: 'open-services' });
    made.session.headset(false);
    expect(made.session.snapshot().covered).toBe(false);
    made.session.intent({ type: 'choose-service', service: service.id });
    expect(made.session.snapshot()).toMatchObject({ screen: { name: 'service-field' }, covered: true });
    const other = bench();
    other.pay(NOTICE);
    other.session.headset(true);
    other.session.intent({ type: 'another-notice' });
    expect(name(other)).toBe('pay-scan');
    other.session.headset(false);
    expect(other.session.snapshot().covered).toBe(true);
  });

  it.each(['leave', 'start-over'] as const)('is forgotten with its session (%s)', (type) => {
    const made = bench();
    const form = made.toForm();
    form.show({ screen: { ...asking, value: 'AB123CD' } });
    made.session.intent({ type });
    expect(form.closed).toBe(true);
    expect(JSON.stringify(made.session.snapshot())).not.toContain('AB123CD');
  });

  it('is forgotten when nobody is there any more', () => {
    const made = bench();
    const form = made.toForm();
    form.show({ screen: { ...asking, value: 'AB123CD' } });
    made.clock.advance(200_000);
    expect([form.closed, name(made)]).toEqual([true, 'home']);
  });

  it('is left for another notice, and its answers with it', () => {
    const made = bench();
    const form = made.toForm();
    form.show({ screen: review, made: NOTICE });
    made.payment().show({ name: 'pay-check', notice: NOTICE });
    made.session.intent({ type: 'another-notice' });
    expect([form.closed, name(made)]).toEqual([true, 'pay-scan']);
  });

  it('waits without a limit while the position is made, and cannot be turned away from', () => {
    const made = bench();
    made.toForm().show({ screen: { ...review, busy: true } as FormScreen });
    expect(made.session.intent({ type: 'back' })).toBe('dropped');
    expect(made.session.snapshot().session?.canGoBack).toBe(false);
    made.clock.advance(120_000);
    expect(made.session.snapshot().idle).toBeUndefined();
  });

  it('is not begun where nothing can be paid, nor with a service that is gone', () => {
    const made = bench();
    made.session.limitations(['payments-offline']);
    made.session.intent({ type: 'open-services' });
    expect(name(made)).toBe('problem');
    made.session.intent({ type: 'back' });
    made.session.limitations([]);
    made.session.intent({ type: 'open-services' });
    expect(made.session.intent({ type: 'choose-service', service: 'pagamenti.gone' })).toBe('dropped');
    made.services.gone = true;
    made.session.intent({ type: 'choose-service', service: service.id });
    expect(name(made)).toBe('service-list');
  });

  it('goes back question by question, then to the list, then home', () => {
    const made = bench();
    const form = made.toForm();
    form.show({ canGoBack: true });
    made.session.intent({ type: 'back' });
    expect(form.commands).toEqual([{ type: 'back' }]);
    made.clock.advance(1_000);
    form.show({ canGoBack: false });
    made.session.intent({ type: 'back' });
    expect([name(made), form.closed]).toEqual(['service-list', true]);
    made.clock.advance(1_000);
    made.session.intent({ type: 'back' });
    expect(name(made)).toBe('home');
  });
});

describe('several payments', () => {
  it('offer one summary after the second, and it comes before goodbye', async () => {
    const made = bench();
    made.pay(NOTICE);
    expect(made.screen()).not.toHaveProperty('paid');
    expect(made.session.intent({ type: 'show-summary' })).toBe('dropped');
    made.session.intent({ type: 'another-notice' });
    made.pay(SECOND);
    expect(made.screen()).toMatchObject({ name: 'pay-done', paid: 2 });
    made.session.intent({ type: 'finish' });
    expect(made.screen()).toMatchObject({
      name: 'pay-summary',
      totalCents: 12_845,
      paid: [{ notice: { description: 'TARI 2026' } }, { notice: { description: 'IMU 2026' } }],
    });
    made.session.intent({ type: 'print-summary' });
    expect(made.screen()).toMatchObject({ paper: 'printing' });
    await settle();
    expect(made.screen()).toMatchObject({ paper: 'printed' });
    expect(made.services.summaries).toHaveLength(1);
    made.clock.advance(1_000);
    made.session.intent({ type: 'finish' });
    expect(name(made)).toBe('goodbye');
  });

  it('are forgotten by home, and by whoever comes next', () => {
    const made = bench();
    made.pay(NOTICE);
    made.session.intent({ type: 'leave' });
    made.clock.advance(10_000);
    made.pay(SECOND);
    made.session.intent({ type: 'finish' });
    expect(name(made)).toBe('goodbye');
  });

  it('count each notice once, and not what was given back', () => {
    const made = bench();
    made.pay(NOTICE);
    made
      .payment()
      .show({ name: 'pay-done', notice: NOTICE, paper: 'reprinting' }, { money: 'charged-registered' });
    made.payment().show(
      {
        name: 'problem',
        kind: 'outcome-pending',
        money: 'charged-registering',
        notice: NOTICE,
        supportCode: 'X',
        actions: ['finish'],
      },
      { money: 'charged-registering' },
    );
    made.session.intent({ type: 'another-notice' });
    made.pay(SECOND);
    made.payment().show(
      {
        name: 'problem',
        kind: 'duplicate-returned',
        money: 'returned',
        notice: SECOND,
        supportCode: 'X',
        actions: ['finish'],
      },
      { money: 'returned' },
    );
    made.session.intent({ type: 'choose', action: 'finish' });
    expect(name(made)).toBe('goodbye');
  });

  it('show a summary after the rating too', () => {
    const made = bench();
    made.pay(NOTICE);
    made.session.intent({ type: 'another-notice' });
    made.pay(SECOND);
    made.session.intent({ type: 'rate', stars: 5 });
    made.session.intent({ type: 'skip-rating' });
    expect(name(made)).toBe('pay-summary');
    made.session.intent({ type: 'finish' });
    expect(made.ratings).toHaveLength(1);
  });
});

describe('finishing on the phone', () => {
  it('shows the address, locks nothing and leads back', async () => {
    const made = bench();
    made.scan(noticeQr(NOTICE, 1));
    made.payment().show({ name: 'pay-check', notice: NOTICE });
    made.session.intent({ type: 'pay-on-phone' });
    expect(made.screen()).toEqual({ name: 'pay-on-phone', notice: NOTICE });
    await settle();
    expect(made.screen()).toEqual({
      name: 'pay-on-phone',
      notice: NOTICE,
      url: 'https://checkout.example/c/1',
    });
    made.session.intent({ type: 'back' });
    expect(name(made)).toBe('pay-check');
    expect(made.payment().commands).toEqual([]);
    expect(made.session.intent({ type: 'consent', totalCents: 12_345 })).toBe('taken');
  });

  it('says that there is no code now, and tries again', async () => {
    const made = bench();
    made.services.cartUrl = undefined;
    made.scan(noticeQr(NOTICE, 1));
    made.payment().show({ name: 'pay-check', notice: NOTICE });
    made.session.intent({ type: 'pay-on-phone' });
    await settle();
    expect(made.screen()).toMatchObject({ problem: true });
    made.services.cartUrl = 'https://checkout.example/c/2';
    made.clock.advance(1_000);
    made.session.intent({ type: 'pay-on-phone' });
    await settle();
    expect(made.screen()).toMatchObject({ url: 'https://checkout.example/c/2' });
    expect(made.screen()).not.toHaveProperty('problem');
  });

  it('ends the session from its page: the payment was never begun', async () => {
    const made = bench();
    made.scan(noticeQr(NOTICE, 1));
    made.payment().show({ name: 'pay-check', notice: NOTICE });
    made.session.intent({ type: 'pay-on-phone' });
    await settle();
    expect(made.session.intent({ type: 'finish' })).toBe('taken');
    expect(name(made)).toBe('goodbye');
    expect(made.payment().commands).toEqual([{ type: 'leave', reason: 'left' }]);
  });

  it('is offered before anything is locked, and never after', () => {
    const made = bench();
    made.scan(noticeQr(NOTICE, 1));
    for (const screen of [
      { name: 'pay-activating', notice: NOTICE } as const,
      { name: 'pay-changed', notice: NOTICE, previousTotalCents: cents(1) } as const,
      { name: 'pay-card', notice: NOTICE, progress: { step: 'sending', canCancel: true } } as const,
    ]) {
      made.payment().show(screen);
      made.clock.advance(1_000);
      expect(made.session.intent({ type: 'pay-on-phone' })).toBe('dropped');
    }
  });

  it('takes no address that was asked for another notice', async () => {
    const made = bench();
    made.scan(noticeQr(NOTICE, 1));
    made.payment().show({ name: 'pay-check', notice: NOTICE });
    made.session.intent({ type: 'pay-on-phone' });
    made.session.intent({ type: 'back' });
    made.session.intent({ type: 'another-notice' });
    made.scan(noticeQr(SECOND, 1));
    made.payment().show({ name: 'pay-check', notice: SECOND });
    made.clock.advance(1_000);
    made.services.cartUrl = 'https://checkout.example/c/2';
    made.session.intent({ type: 'pay-on-phone' });
    await settle();
    expect(made.screen()).toMatchObject({ notice: SECOND, url: 'https://checkout.example/c/2' });
  });
});
