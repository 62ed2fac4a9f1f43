import type { PaymentCommand, PaymentScreen } from '@jolly/kiosk-runtime/payments';
import type { World } from './world.ts';

export interface CitizenHabits {
  /** Cards tried after the first was refused. */
  readonly otherCards: number;
}

/** A person who wants to pay: answers each screen once, takes the paper, goes. Resolves when gone or the power is. */
export async function visit(world: World, habits: CitizenHabits = { otherCards: 0 }): Promise<void> {
  const { payment } = world;
  if (!payment) return;
  let cards = habits.otherCards;
  let seen = '';
  const answer = (): PaymentCommand | undefined => {
    const command = answerTo(payment.screen, cards > 0);
    if (command?.type === 'retry-card') cards--;
    return command;
  };
  let left = false;
  const patience = world.clock.now() + 60_000;
  await world.pass(
    60_000,
    () => {
      const { screen } = payment;
      const key = `${payment.kioskPaymentId} ${JSON.stringify(screen)}`;
      if (left) return true;
      if (key === seen && world.clock.now() < patience) return false;
      seen = key;
      const command = answer();
      if (command) guarded(() => payment.send(command));
      left = command?.type === 'leave';
      return false;
    },
    20,
  );
  if (world.power.on && !left) guarded(() => payment.send({ type: 'leave', reason: 'idle' }));
}

/** What a person who wants to pay does on each screen; undefined: waits. */
export function answerTo(screen: PaymentScreen, anotherCard: boolean): PaymentCommand | undefined {
  switch (screen.name) {
    case 'pay-check':
    case 'pay-changed':
      return { type: 'consent', totalCents: screen.notice.totalCents };
    case 'pay-no-paper':
      return { type: 'accept-phone-receipt' };
    case 'pay-done': {
      const waiting = screen.paper === 'printing' || (screen.paper !== 'printed' && !screen.receiptUrl);
      return waiting ? undefined : { type: 'leave', reason: 'left' };
    }
    case 'problem':
      if (anotherCard && screen.actions.includes('retry-card')) return { type: 'retry-card' };
      return screen.paper === 'printing' ? undefined : { type: 'leave', reason: 'left' };
    default:
      return undefined;
  }
}

/** A power cut inside a command ends the visit, not the test. */
export function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'PowerCut') throw error;
  }
}
