import type { Audio } from '@jolly/drivers/audio';
import type { Keypad } from '@jolly/drivers/keypad';

/** One headset from two plugs: the computer's own, and the keypad's. In when either is. */
export function watchHeadset(
  devices: {
    readonly audio?: Pick<Audio, 'headset' | 'onHeadset'> | undefined;
    readonly keypad?: Pick<Keypad, 'headset' | 'onHeadset'> | undefined;
  },
  changed: (plugged: boolean) => void,
): () => void {
  const { audio, keypad } = devices;
  let before = false;
  const look = () => {
    const now = (audio?.headset ?? false) || (keypad?.headset ?? false);
    if (now === before) return;
    before = now;
    changed(now);
  };
  const undo = [audio?.onHeadset(look), keypad?.onHeadset(look)];
  look();
  return () => {
    for (const each of undo) each?.();
  };
}
