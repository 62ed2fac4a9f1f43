/** The screen's own scheme and address: never `file:`, which is one origin with the whole disk (updates.md 5, 18). */
export const SCHEME = 'jolly';
export const ORIGIN = `${SCHEME}://screen`;
export const START = `${ORIGIN}/`;

/** Names of the messages between preload and main: all of them, in one place. */
export const CHANNELS = { connect: 'jolly:connect' } as const;

/** Whether an address is a page of ours. Anything that cannot be read is not. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${SCHEME}:` && host === 'screen' && username === '' && password === '';
}
