import type { Display } from '@jolly/drivers/display';
import type { LightLook, LightName, Lights } from '@jolly/drivers/lights';
import type { Door, DoorContact, Nearness, PresenceSensor } from '@jolly/drivers/sensors';
import type { PowerReading, PowerSupply } from '@jolly/drivers/ups';
import { Contained } from './contain.ts';

/** The walls around what a cabinet has. Nothing citizens do waits for these; only an open door stops payments. */

const nothing = (): void => undefined;

export class ContainedLights extends Contained<Lights> implements Lights {
  get names(): readonly LightName[] {
    return this.guard(
      'names',
      () => this.driver?.names ?? [],
      () => [],
    );
  }
  /** Resolves also when the light could not be set: it guides, and nothing depends on it. */
  set(name: LightName, look: LightLook): Promise<void> {
    return this.guardAsync('set', async () => this.driver?.set(name, look), nothing);
  }
}

export class ContainedPresence extends Contained<PresenceSensor> implements PresenceSensor {
  get presence(): Nearness {
    return this.guard(
      'presence',
      () => this.driver?.presence ?? 'unknown',
      () => 'unknown',
    );
  }
  onPresence(listener: (presence: Nearness) => void): () => void {
    return this.guard(
      'onPresence',
      () => this.driver?.onPresence(listener) ?? nothing,
      () => nothing,
    );
  }
}

/** Whoever breaks the driver has opened the door. */
export class ContainedDoor extends Contained<DoorContact> implements DoorContact {
  get door(): Door {
    return this.guard(
      'door',
      () => this.driver?.door ?? 'open',
      () => 'open',
    );
  }
  onDoor(listener: (door: Door) => void): () => void {
    return this.guard(
      'onDoor',
      () => this.driver?.onDoor(listener) ?? nothing,
      () => nothing,
    );
  }
}

const NOT_KNOWN: PowerReading = {
  power: 'unknown',
  charge: undefined,
  runtimeSeconds: undefined,
  tokens: [],
};

export class ContainedUps extends Contained<PowerSupply> implements PowerSupply {
  get reading(): PowerReading {
    return this.guard(
      'reading',
      () => this.driver?.reading ?? NOT_KNOWN,
      () => NOT_KNOWN,
    );
  }
  onPower(listener: (reading: PowerReading) => void): () => void {
    return this.guard(
      'onPower',
      () => this.driver?.onPower(listener) ?? nothing,
      () => nothing,
    );
  }
}

export class ContainedDisplay extends Contained<Display> implements Display {
  get power(): Display['power'] {
    return this.guard(
      'power',
      () => this.driver?.power ?? 'unknown',
      () => 'unknown',
    );
  }
  /** Resolves also when the screen refused: its health says so, and it is told again. */
  turn(power: 'on' | 'off'): Promise<void> {
    return this.guardAsync('turn', async () => this.driver?.turn(power), nothing);
  }
}
