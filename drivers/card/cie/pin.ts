import { type SecretDigits, secretBytes, wipe } from '@jolly/contracts/values';
import { goOn } from '../abort.ts';
import { type Answer, type Command, refused, SW, triesLeft } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import { mustFit } from '../secret-length.ts';
import type { SecureChannel } from '../secure-messaging/index.ts';
import type { CieSession } from './session.ts';

const PIN = 0x81;
const PUK = 0x82;

/** Eight digits. Throws SECRET_MALFORMED. */
export const mustBeEight = (...secrets: readonly SecretDigits[]): void => mustFit('cie-pin', ...secrets);

/**
 * Sends a command that spends a try, once. Whatever breaks after it was handed over leaves it unknown whether the try was counted:
 * PIN_UNCERTAIN, and nobody sends it again.
 */
async function sendOnce(channel: SecureChannel, command: Command, session: CieSession): Promise<Answer> {
  const { trace } = session;
  // From here to the card nothing waits: what holds now, and for the digits in `command`, holds for what is sent.
  goOn(session.signal);
  const before = trace.apdus;
  const earlier = trace.secretSent;
  trace.secretSent = true;
  try {
    return await channel.send(command);
  } catch (error) {
    if (trace.apdus !== before) throw cardError('PIN_UNCERTAIN', {}, { cause: error });
    trace.secretSent = earlier;
    throw error;
  }
}

/** What the card says of a secret (cie-card.md 5). */
function judge(sw: number, kind: 'PIN' | 'PUK', step: string): void {
  if (sw === SW.ok) return;
  const left = triesLeft(sw);
  if (sw === SW.blocked || left === 0) throw cardError(`${kind}_BLOCKED`);
  if (left !== undefined) throw cardError(`${kind}_WRONG`, { triesLeft: left });
  if (sw === SW.verificationFailed) throw cardError(`${kind}_WRONG`);
  throw refused(step, sw);
}

export async function verifyPin(
  channel: SecureChannel,
  pin: SecretDigits,
  session: CieSession,
): Promise<void> {
  mustBeEight(pin);
  const { sw } = await sendOnce(channel, { cla: 0, ins: 0x20, p1: 0, p2: PIN, data: pin.ascii() }, session);
  judge(sw, 'PIN', 'verify-pin');
}

export async function verifyPuk(
  channel: SecureChannel,
  puk: SecretDigits,
  session: CieSession,
): Promise<void> {
  mustBeEight(puk);
  const { sw } = await sendOnce(channel, { cla: 0, ins: 0x20, p1: 0, p2: PUK, data: puk.ascii() }, session);
  judge(sw, 'PUK', 'verify-puk');
}

/** After `verifyPin` in the same channel. */
export async function changePin(
  channel: SecureChannel,
  pin: SecretDigits,
  newPin: SecretDigits,
  session: CieSession,
): Promise<void> {
  mustBeEight(pin, newPin);
  const both = secretBytes(pin.length + newPin.length);
  try {
    both.set(pin.ascii());
    both.set(newPin.ascii(), pin.length);
    const { sw } = await sendOnce(channel, { cla: 0, ins: 0x24, p1: 0, p2: PIN, data: both }, session);
    judge(sw, 'PIN', 'change-pin');
  } finally {
    wipe(both);
  }
}

/** After `verifyPuk` in the same channel: unblocks and sets. */
export async function setPin(
  channel: SecureChannel,
  newPin: SecretDigits,
  session: CieSession,
): Promise<void> {
  mustBeEight(newPin);
  const command = { cla: 0, ins: 0x2c, p1: 0x02, p2: PIN, data: newPin.ascii() };
  const { sw } = await sendOnce(channel, command, session);
  judge(sw, 'PUK', 'set-pin');
}
