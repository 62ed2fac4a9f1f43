import { LIGHT_NAMES, type LightLook, type LightName, type Lights } from '../lights/index.ts';
import { type Announced, isFirstVersion, objectAt, type Payload } from './codec/index.ts';
import { type XfsContext, XfsDevice } from './device.ts';
import { xfsError } from './errors.ts';
import type { XfsAddress } from './settings.ts';

/** Our places in the words of XFS4IoT; a headset socket has no light there. */
const THEIRS: Readonly<Partial<Record<LightName, string>>> = {
  cardReader: 'cardReader',
  contactless: 'contactless',
  payment: 'pinPad',
  barcode: 'scanner',
  receiptPrinter: 'receiptPrinter',
  documentPrinter: 'documentPrinter',
  scanner: 'scanner',
  status: 'statusInService',
};
const SET_MS = 5_000;
const CENTRE = 'center';

/** The guide lights of a cabinet behind XFS4IoT. */
export class XfsLights extends XfsDevice implements Lights {
  readonly #counts: { set: number; refused: number };
  #names: readonly LightName[] = [];
  /** Where a light stands, as the service announced it. */
  readonly #positions = new Map<string, string>();

  constructor(address: XfsAddress, context: XfsContext) {
    const counts = { set: 0, refused: 0 };
    super(address, 'Lights', context, () => counts);
    this.#counts = counts;
    this.begin();
  }

  get names(): readonly LightName[] {
    return this.#names;
  }

  async set(name: LightName, look: LightLook): Promise<void> {
    const light = THEIRS[name];
    if (light === undefined || !this.#names.includes(name)) return;
    // 1.0 takes every name in this payload for a light, a timeout too: there it goes without
    const timeoutMs = this.#first ? 0 : SET_MS;
    const { code } = await this.service.command('Lights.SetLight', this.#payload(light, look), { timeoutMs });
    if (code === 'success') {
      this.#counts.set += 1;
      return;
    }
    this.#counts.refused += 1;
    throw xfsError('XFS_REFUSED', { name: 'Lights.SetLight', code });
  }

  protected override onUp({ capabilities }: Announced): void {
    const announced = objectAt(capabilities, 'lights');
    this.#positions.clear();
    const there = (theirs: string | undefined): boolean => {
      const found = theirs === undefined ? undefined : announced[theirs];
      if (theirs === undefined || typeof found !== 'object' || found === null) return false;
      const [position] = placesOf(found as Payload);
      this.#positions.set(theirs, position ?? CENTRE);
      return true;
    };
    this.#names = LIGHT_NAMES.filter((name) => there(THEIRS[name]));
  }

  get #first(): boolean {
    return isFirstVersion(this.service.versionOf('Lights.SetLight'));
  }

  #payload(light: string, { rate, colour }: LightLook): Payload {
    const position = this.#positions.get(light) ?? CENTRE;
    const look = { flashRate: rate, color: colour };
    // 1.0 names the position inside, later versions have one entry a position
    return this.#first ? { [light]: { position, ...look } } : { [light]: { [position]: look } };
  }
}

/** Positions of a light: flags `{left: true}` in 1.0's capabilities, keys of objects later. */
function placesOf(light: Payload): readonly string[] {
  const positions = objectAt(light, 'position');
  const flagged = Object.keys(positions).filter((key) => positions[key] === true);
  return flagged.length > 0
    ? flagged
    : Object.keys(light).filter(
        (key) =>
          typeof light[key] === 'object' && !['position', 'flashRate', 'color', 'direction'].includes(key),
      );
}
