/** What of a browser's list of devices is used. */
export interface SoundOutput {
  readonly kind: string;
  readonly deviceId: string;
  readonly label: string;
}

/** Tells which output the sound goes to; the empty name is the system's own choice. */
export interface SinkPort {
  sinkFor(headset: boolean): Promise<string>;
}

const HEADSET = /head(set|phone)|audio-?nav|cuffi/i;

/**
 * The headset's own output where there is one by that name (a USB keypad with a jack). A jack of the computer needs none: the
 * system sends the sound there by itself, and back.
 */
export function chooseSink(outputs: readonly SoundOutput[], headset: boolean): string {
  if (!headset) return '';
  return outputs.find(({ kind, label }) => kind === 'audiooutput' && HEADSET.test(label))?.deviceId ?? '';
}

/** Outputs as the browser lists them; one that names none leaves the choice to the system. */
export const browserSinks = (devices: Pick<MediaDevices, 'enumerateDevices'> | undefined): SinkPort => ({
  sinkFor: async (headset) => (devices ? chooseSink(await devices.enumerateDevices(), headset) : ''),
});
