import type { LoginContext } from '@jolly/contracts/citizen-login';
import type { SecurityObject } from '@jolly/contracts/passive-authentication';
import { type SecretDigits, wipe } from '@jolly/contracts/values';
import type { Transmitter } from '../apdu/index.ts';
import type { CardProof } from '../port.ts';
import type { SecureChannel } from '../secure-messaging/index.ts';
import { authenticateDevices, readExternalAuthority } from './device-authentication.ts';
import { exchangeKeys, readGroup } from './key-exchange.ts';
import { changePin, mustBeEight, setPin, verifyPin, verifyPuk } from './pin.ts';
import { checkedSod, mustMatch, readDeviceKey, readNis, readSodFile } from './public-files.ts';
import { readRsaKey } from './rsa.ts';
import { type CieSession, openCie } from './session.ts';
import { type CieOptions, systemFill } from './settings.ts';
import { checkSerial, readCertificate, signLogin } from './sign.ts';

/** A card with an authenticated channel: it is genuine, and its NIS is the one of its SOD. */
interface Secured {
  readonly session: CieSession;
  readonly channel: SecureChannel;
  readonly nis: Uint8Array;
  readonly sodFile: Uint8Array;
  readonly sod: SecurityObject;
}

/**
 * Everything that can be known before a secret is sent, in the order of sections 2 to 4: which card, its SOD, the key of the chip bound to it,
 * the channel, both proofs. Then `use`; the keys are wiped whatever happens.
 */
async function secured<T>(
  card: Transmitter,
  options: CieOptions,
  steps: number,
  use: (secured: Secured) => Promise<T>,
): Promise<T> {
  const fill = options.fill ?? systemFill;
  options.onStep?.('look', 0, steps);
  const session = await openCie(card, options);
  const nis = await readNis(session);
  options.confirm?.(nis);
  const known = options.known && Buffer.compare(options.known.nis, nis) === 0 ? options.known : undefined;
  const sodFile = Uint8Array.from(known?.sod ?? (await readSodFile(session)));
  const sod = checkedSod(sodFile, options);
  mustMatch(sod, 'nis', nis);
  options.onStep?.('channel', 1, steps);
  const group = await readGroup(session.plain);
  const deviceKeyFile = await readDeviceKey(session);
  mustMatch(sod, 'deviceKey', deviceKeyFile);
  const deviceKey = readRsaKey(deviceKeyFile, 'device-key');
  const authority = await readExternalAuthority(session.plain);
  const exchange = await exchangeKeys(session, group, fill);
  try {
    await authenticateDevices(exchange, authority, deviceKey, fill);
    options.onStep?.('secret', 2, steps);
    return await use({ session, channel: exchange.channel, nis, sodFile, sod });
  } finally {
    exchange.channel.wipe();
  }
}

/**
 * Login with the PIN: certificate and a signature of key 81 over `loginText(context)`. Throws SECRET_MALFORMED before the card sees anything,
 * PIN_WRONG with `triesLeft`, PIN_BLOCKED, PIN_UNCERTAIN, or what else `cardError` has.
 */
export async function signInWithCie(
  card: Transmitter,
  pin: SecretDigits,
  context: LoginContext,
  options: CieOptions,
): Promise<Extract<CardProof, { kind: 'cie-pin' }>> {
  mustBeEight(pin);
  return secured(card, options, 5, async ({ session, channel, nis, sodFile, sod }) => {
    await verifyPin(channel, pin, session);
    options.onStep?.('certificate', 3, 5);
    const certificate = await readCertificate(channel, session, sod);
    try {
      await checkSerial(channel, sod);
      options.onStep?.('signature', 4, 5);
      const signature = await signLogin(channel, certificate, context);
      return {
        kind: 'cie-pin',
        nis: Buffer.from(nis).toString('latin1'),
        certificate,
        signature,
        sod: sodFile,
      };
    } catch (error) {
      wipe(certificate);
      throw error;
    }
  });
}

/** Both PINs are checked for their form before the card sees either. */
export async function changeCiePin(
  card: Transmitter,
  pin: SecretDigits,
  newPin: SecretDigits,
  options: CieOptions,
): Promise<void> {
  mustBeEight(pin, newPin);
  await secured(card, options, 3, async ({ session, channel }) => {
    await verifyPin(channel, pin, session);
    await changePin(channel, pin, newPin, session);
  });
}

/** The PUK unblocks the PIN and sets a new one. Throws PUK_WRONG with `triesLeft`, PUK_BLOCKED. */
export async function unblockCiePin(
  card: Transmitter,
  puk: SecretDigits,
  newPin: SecretDigits,
  options: CieOptions,
): Promise<void> {
  mustBeEight(puk, newPin);
  await secured(card, options, 3, async ({ session, channel }) => {
    await verifyPuk(channel, puk, session);
    await setPin(channel, newPin, session);
  });
}
