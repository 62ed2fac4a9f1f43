import type { Audio } from '@jolly/drivers/audio';
import type { Keypad } from '@jolly/drivers/keypad';
import { Contained } from './contain.ts';

const NEVER = () => () => undefined;

/** The wall around a tactile keypad: one that is broken has no keys and no headset. */
export class ContainedKeypad extends Contained<Keypad> implements Keypad {
  get headset(): boolean | undefined {
    return this.guard(
      'headset',
      () => this.driver?.headset,
      () => undefined,
    );
  }

  onKey(listener: Parameters<Keypad['onKey']>[0]): () => void {
    return this.guard('onKey', () => this.driver?.onKey(listener) ?? (() => undefined), NEVER);
  }

  onHold(listener: Parameters<Keypad['onHold']>[0]): () => void {
    return this.guard('onHold', () => this.driver?.onHold(listener) ?? (() => undefined), NEVER);
  }

  onHeadset(listener: Parameters<Keypad['onHeadset']>[0]): () => void {
    return this.guard('onHeadset', () => this.driver?.onHeadset(listener) ?? (() => undefined), NEVER);
  }
}

/** The wall around the computer's sound: what is broken has no headset, so that nothing private is said. */
export class ContainedAudio extends Contained<Audio> implements Audio {
  get headset(): boolean {
    return this.guard(
      'headset',
      () => this.driver?.headset ?? false,
      () => false,
    );
  }

  onHeadset(listener: Parameters<Audio['onHeadset']>[0]): () => void {
    return this.guard('onHeadset', () => this.driver?.onHeadset(listener) ?? (() => undefined), NEVER);
  }

  setLevel(level: number): Promise<void> {
    return this.guardAsync(
      'setLevel',
      async () => this.driver?.setLevel(level),
      () => undefined,
    );
  }
}
