import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LoginContext } from '@jolly/contracts/citizen-login';
import { type Clock, SecretDigits, systemClock } from '@jolly/contracts/values';
import { parseDeviceUri } from '@jolly/drivers/registry';
import { ReaderDevice } from '../../../drivers/card/device/index.ts';
import { openReaderStack } from '../../../drivers/card/reader/index.ts';
import type { CardsProcess } from '../cards-process.ts';
import { type Stage, until } from '../stage.ts';

/** What a login's signature is bound to, as a server could have said it. */
export const CONTEXT: LoginContext = LoginContext.parse({
  tenantId: 'comune-di-prova',
  terminalId: 'totem-1',
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
});

export function digits(text: string): SecretDigits {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
}

export interface WatchedDevice {
  readonly device: ReaderDevice;
  /** A card lies there that was not there at `than`. */
  card(than?: number): Promise<number>;
  empty(): Promise<void>;
}

/** The terminal's card reader without the terminal, on one slot or on all. */
export function openDevice(
  stage: Stage,
  cards: CardsProcess,
  name = 'Virtual PCD',
  clock: Clock = systemClock,
): WatchedDevice {
  const context = { clock, log: () => undefined };
  const stack = openReaderStack(parseDeviceUri(`pcsc:${name}`), context);
  const anchors = [new X509Certificate(readFileSync(cards.anchors.csca))];
  const device = new ReaderDevice(stack, context, { anchors });
  stage.defer(() => device.close());
  const insertion = () => {
    const presence = device.presence();
    return presence.state === 'one' ? presence.insertion : 0;
  };
  return {
    device,
    card: async (than = 0) => {
      await until('a card on the reader', () => insertion() > than);
      return insertion();
    },
    empty: () => until('an empty reader', () => device.presence().state === 'none'),
  };
}
