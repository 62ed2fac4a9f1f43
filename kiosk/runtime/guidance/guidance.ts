import type { CardKind, PaidView, Snapshot } from '@jolly/contracts/terminal-channel';
import { LIGHT_OFF, type LightLook, type LightName, type Lights } from '@jolly/drivers/lights';

/** Blue pulsing: put it here. Green steady: take it. Amber: wait (screens.md 8). */
export const PUT_HERE: LightLook = { rate: 'slow', colour: 'blue' };
export const TAKE_IT: LightLook = { rate: 'continuous', colour: 'green' };
export const WAIT: LightLook = { rate: 'continuous', colour: 'yellow' };
/** Time is running out: seen, heard and lit. */
export const HURRY: LightLook = { rate: 'slow', colour: 'yellow' };
/** The status light of a terminal at work. White, because green says "take it". */
export const AT_WORK: LightLook = { rate: 'continuous', colour: 'white' };

export interface Lit {
  readonly name: LightName;
  readonly look: LightLook;
}

/**
 * The one light for what is on the screen, in order of choice: the first that the terminal has is lit and no other. The last is
 * always `status`. Pure: what the citizen sees decides alone.
 */
export function lightsFor(snapshot: Snapshot): readonly [...Lit[], Lit] {
  const { screen, idle, limitations } = snapshot;
  const status = (look: LightLook): Lit => ({ name: 'status', look });
  if (idle) return [status(HURRY)];
  const device = deviceLight(snapshot);
  if (device.length > 0) return [...device, status(device[0]?.look === WAIT ? WAIT : AT_WORK)];
  if (screen.name === 'out-of-service') return [status(WAIT)];
  if (screen.name === 'pay-verifying' || screen.name === 'pay-activating') return [status(WAIT)];
  if (STOPS.some((limitation) => limitations.includes(limitation))) return [status(WAIT)];
  // who wants to be read to hears private things by headset only: where it is plugged in is shown while nothing else is
  const invite = snapshot.preferences.listen && !snapshot.headset && snapshot.session !== undefined;
  return [...(invite ? [{ name: 'headset' as const, look: PUT_HERE }] : []), status(AT_WORK)];
}

const STOPS = [
  'journal-unwritable',
  'power-failing',
  'door-open',
  'payments-offline',
  'pos-unavailable',
  'clock-wrong',
] as const;

function deviceLight({ screen }: Snapshot): readonly Lit[] {
  switch (screen.name) {
    case 'pay-scan':
      return [{ name: 'barcode', look: PUT_HERE }];
    case 'pay-card':
      return atPayment(screen.progress.step === 'waiting-card' ? PUT_HERE : WAIT);
    case 'pay-done':
    case 'pay-summary':
    case 'problem':
      return screen.paper === undefined ? [] : atMouth(screen.paper);
    case 'login-card':
      return atCard(
        screen.card,
        { waiting: PUT_HERE, again: PUT_HERE, reading: WAIT, 'take-off': TAKE_IT }[screen.stage],
      );
    case 'login-working':
      return atCard(screen.card, WAIT);
    case 'signed-in':
    case 'pin-done':
      return screen.takeCard ? atCard('card' in screen ? screen.card : undefined, TAKE_IT) : [];
    case 'card-left':
      return atCard(screen.card, TAKE_IT);
    default:
      return [];
  }
}

const atPayment = (look: LightLook): readonly Lit[] => [{ name: 'payment', look }];

/** An identity card lies on the plate, a health card stands in the slot; a terminal may have one lamp for both. */
const atCard = (card: CardKind | undefined, look: LightLook): readonly Lit[] =>
  card === 'cie'
    ? [
        { name: 'contactless', look },
        { name: 'cardReader', look },
      ]
    : [
        { name: 'cardReader', look },
        { name: 'contactless', look },
      ];

function atMouth(paper: PaidView['paper']): readonly Lit[] {
  if (paper === 'printing' || paper === 'reprinting') return [{ name: 'receiptPrinter', look: WAIT }];
  return paper === 'printed' ? [{ name: 'receiptPrinter', look: TAKE_IT }] : [];
}

/** Follows the screen with the lights: at most one is lit, and the one before is put out first. */
export class Guidance {
  readonly #lights: Pick<Lights, 'names' | 'set'>;
  readonly #shown = new Map<LightName, string>();

  constructor(lights: Pick<Lights, 'names' | 'set'>) {
    this.#lights = lights;
  }

  /** To be called with each snapshot, and when the lights have come back. */
  follow(snapshot: Snapshot): void {
    const { names } = this.#lights;
    const wanted = lightsFor(snapshot).find(({ name }) => names.includes(name));
    for (const name of names) if (name !== wanted?.name) this.#show(name, LIGHT_OFF);
    if (wanted) this.#show(wanted.name, wanted.look);
  }

  #show(name: LightName, look: LightLook): void {
    const key = `${look.rate} ${look.colour}`;
    if (this.#shown.get(name) === key) return;
    this.#shown.set(name, key);
    // behind its wall it never rejects; a board that comes back is told again by its driver
    void this.#lights.set(name, look);
  }
}
