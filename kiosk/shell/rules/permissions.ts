import { isOurs } from './origin.ts';

/** Everything a page may ever be given, and to whom: camera and microphone, to our own page, for the video call. */
const ALLOWED: ReadonlySet<string> = new Set(['media']);
const MEDIA: ReadonlySet<string> = new Set(['video', 'audio']);

/** Whether a page may have what it asks. What is not named here is refused, also what later releases may add. */
export function permissionAllowed(request: {
  readonly permission: string;
  /** Address of the asking frame. */
  readonly from: string;
  readonly mainFrame: boolean;
  /** Only for `media`: what of it. */
  readonly media?: readonly string[];
}): boolean {
  if (!ALLOWED.has(request.permission) || !request.mainFrame || !isOurs(request.from)) return false;
  return (request.media ?? []).every((kind) => MEDIA.has(kind));
}
