import type { PaidView } from '@jolly/contracts/terminal-channel';
import type { PaymentView } from './events.ts';

/** What was paid in this session, after a payment has shown another page: told by what the money is, once for each notice. */
export function paidAfter(paid: readonly PaidView[], { screen, money }: PaymentView): readonly PaidView[] {
  if (screen.name !== 'pay-done' && screen.name !== 'problem') return paid;
  const { notice } = screen;
  if (!notice) return paid;
  const others = paid.filter((one) => one.notice.noticeNumber !== notice.noticeNumber);
  const charged = money === 'charged-registered' || money === 'charged-registering';
  if (!charged) return others.length === paid.length ? paid : others;
  const entry: PaidView = { notice, paper: screen.paper ?? 'skipped', money };
  const at = paid.findIndex((one) => one.notice.noticeNumber === notice.noticeNumber);
  return at < 0 ? [...paid, entry] : paid.map((one, index) => (index === at ? entry : one));
}
