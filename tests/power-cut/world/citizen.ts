import type { PaymentCommand } from '@jolly/kiosk-runtime/payments';
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
    const { screen } = payment;
    switch (screen.name) {
      case 'pay-check':
      case 'pay-changed':
        return { type: 'consent', totalCents: screen.notice.totalCents };
      case 'pay-no-paper':
        return { type: 'accept-phone-receipt' };
      case 'pay-done':
        return screen.paper === 'printing' || (screen.paper !== 'printed' && !screen.receiptUrl)
          ? undefined
          : { type: 'leave', reason: 'left' };
      case 'problem':
        if (screen.actions.includes('retry-card') && cards-- > 0) return { type: 'retry-card' };
        return screen.paper === 'printing' || screen.money === 'unknown'
          ? undefined
          : { type: 'leave', reason: 'left' };
      default:
        return undefined;
    }
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

/** A power cut inside a command ends the visit, not the test. */
export function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'PowerCut') throw error;
  }
}
