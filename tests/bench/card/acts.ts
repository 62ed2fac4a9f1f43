import { X509Certificate } from 'node:crypto';
import type { LoginContext } from '@jolly/contracts/citizen-login';
import { SecretDigits } from '@jolly/contracts/values';
import { exchange, type Transmitter } from '../../../drivers/card/apdu/index.ts';
import {
  type CieFiles,
  type CieOptions,
  lookAtCie,
  newTrace,
  signInWithCie,
} from '../../../drivers/card/cie/index.ts';
import { lookAtCns, signInWithCns } from '../../../drivers/card/cns/index.ts';
import { systemFill } from '../../../drivers/card/crypto/index.ts';
import {
  identifyByCan,
  openTravelDocument,
  withTravelDocument,
} from '../../../drivers/card/travel-document/index.ts';
import { type Cards, CITIZENS, type CieVariant, type EmulatedCard } from '../../../simulators/card/index.ts';
import type { Goal } from '../statistics.ts';

/** What every login of the bench is bound to. */
export const LOGIN: LoginContext = {
  tenantId: 'comune-di-prova',
  terminalId: 'totem-1',
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
};

export function secret(digits: string): SecretDigits {
  const made = new SecretDigits(8);
  for (const digit of digits) made.push(Number(digit));
  return made;
}

/** A card on the bench with what its owner knows. */
export interface CardOnBench {
  readonly card: EmulatedCard;
  readonly pin: string;
  readonly can: string;
  readonly options: CieOptions;
  /** Public files from an earlier look. */
  readonly known: CieFiles | undefined;
}

/** One thing Jolly does with a card, and what was promised of it. */
export interface CardAct {
  readonly name: string;
  readonly citizen: string;
  readonly variant?: CieVariant;
  /** Most APDUs. */
  readonly apdus?: number;
  /** Own processor time, ms. */
  readonly cpu?: Goal;
  /** Own time from begin to end, ms. */
  readonly time?: Goal;
  /** Done for the first time in a new process, too. */
  readonly cold?: true;
  /** A CIE is looked at first, and what was read then need not be read again. */
  readonly looked?: true;
  /** Does it on a fresh card. */
  run(on: CardOnBench, transmitter: Transmitter): Promise<unknown>;
}

const pinLogin: CardAct['run'] = ({ pin, options, known }, transmitter) =>
  signInWithCie(transmitter, secret(pin), LOGIN, { ...options, known, trace: newTrace() });
const look: CardAct['run'] = ({ options }, transmitter) => lookAtCie(transmitter, options);
const pace: CardAct['run'] = async ({ can }, transmitter) => {
  const channel = await openTravelDocument(exchange(transmitter), { kind: 'can', digits: secret(can) });
  channel.wipe();
};
const document: CardAct['run'] = ({ can, options: { anchors, at } }, transmitter) =>
  withTravelDocument(
    exchange(transmitter),
    { kind: 'can', digits: secret(can) },
    { anchors, at },
    async ({ read }) => [await read(1), await read(2)],
  );
const healthCard: CardAct['run'] = async ({ pin }, transmitter) => {
  const channel = exchange(transmitter);
  await lookAtCns(channel);
  return signInWithCns(channel, secret(pin), LOGIN);
};
const identify: CardAct['run'] = ({ can, options }, transmitter) =>
  identifyByCan(transmitter, secret(can), LOGIN, { ...options, trace: newTrace() });

const OWN_CPU: Goal = { median: 'most', is: 150 };
const PACE_OWN: Goal = { median: 'most', is: 60 };
const EXTENDED = { extended: true } as const;

/**
 * Giulia's card speaks short APDUs and gives its answers at once; with `EXTENDED` it is the same card but for that. Marco's gives them
 * in pieces, knows extended length and, of PACE, only 3DES over integers.
 */
export const ACTS: readonly CardAct[] = [
  { name: 'look: NIS, anti-clone, SOD', citizen: 'giulia', run: look },
  { name: 'look, extended', citizen: 'giulia', variant: EXTENDED, run: look },
  { name: 'PIN login', citizen: 'giulia', apdus: 60, cpu: OWN_CPU, cold: true, run: pinLogin },
  {
    name: 'PIN login, extended',
    citizen: 'giulia',
    variant: EXTENDED,
    apdus: 45,
    cpu: OWN_CPU,
    run: pinLogin,
  },
  { name: 'PIN login, extended, in pieces', citizen: 'marco', apdus: 45, cpu: OWN_CPU, run: pinLogin },
  {
    name: 'PIN login, short, in pieces',
    citizen: 'marco',
    variant: { extended: false },
    apdus: 60,
    cpu: OWN_CPU,
    run: pinLogin,
  },
  { name: 'PIN login after a look', citizen: 'giulia', looked: true, apdus: 60, cpu: OWN_CPU, run: pinLogin },
  { name: 'PACE, ECDH and AES', citizen: 'giulia', cpu: PACE_OWN, time: PACE_OWN, cold: true, run: pace },
  { name: 'PACE, DH and 3DES', citizen: 'marco', cpu: PACE_OWN, time: PACE_OWN, run: pace },
  { name: 'PACE, DG1, DG2', citizen: 'giulia', run: document },
  { name: 'PACE, DG1, DG2, DH and 3DES', citizen: 'marco', run: document },
  { name: 'CAN identification', citizen: 'giulia', run: identify },
  { name: 'TS-CNS login', citizen: 'lucia', run: healthCard },
];

/** The card of an act with what its owner knows. */
export async function cardFor(cards: Cards, act: CardAct): Promise<CardOnBench> {
  const { citizen, variant } = act;
  const owner = CITIZENS.find(({ id }) => id === citizen);
  if (!owner) throw new Error(`no citizen ${citizen}`);
  const card = await (variant ? cards.card(citizen, variant) : cards.card(citizen));
  const anchors = [new X509Certificate(cards.authority.anchors.csca)];
  const options: CieOptions = { anchors, at: Date.now(), fill: systemFill };
  const known = act.looked ? await lookAtCie(silently(card), options) : undefined;
  const can = owner.card === 'cie' ? owner.can : '';
  return { card, pin: owner.pin, can, options, known };
}

/** The card as the driver sees it, neither side seeing the other's buffers: the driver wipes its own. */
function silently(card: EmulatedCard): Transmitter {
  card.power(true);
  return { transmit: async (apdu) => Uint8Array.from(card.answer(Uint8Array.from(apdu))) };
}
