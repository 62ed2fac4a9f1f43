import type { CameraState, ReaderFrame } from '@jolly/contracts/terminal-channel';
import { systemClock } from '@jolly/contracts/values';
import type { FromWorker, ToWorker } from './messages.ts';

/** Between two pictures that are looked at: the eye does not notice, and the rest of the screen keeps its pace. */
const PAUSE_MS = 120;
/** The same code is told again no sooner. */
const SAME_MS = 500;
const LONGEST_TEXT = 3000;
const AIM = /^\][A-Za-z][0-9A-Za-z]$/;
/** Enough to read a Data Matrix of 22 mm held at a hand's breadth. */
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: { ideal: 'environment' } },
};

const WHY: Readonly<Record<string, CameraState>> = {
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** Why the browser gave no picture. */
export const stateOfFailure = (error: unknown): CameraState =>
  error instanceof DOMException ? (WHY[error.name] ?? 'broken') : 'broken';

/** How the camera is, without switching it on. */
export async function probeCamera(): Promise<CameraState> {
  const { mediaDevices, permissions } = navigator;
  // a page that is not of this computer or not encrypted has none
  if (!mediaDevices) return 'denied';
  try {
    const devices = await mediaDevices.enumerateDevices();
    if (!devices.some(({ kind }) => kind === 'videoinput')) return 'missing';
    const { state } = await permissions.query({ name: 'camera' as PermissionName });
    return state === 'denied' ? 'denied' : 'ready';
  } catch (error) {
    return stateOfFailure(error);
  }
}

export interface Watch {
  stop(): void;
}

/**
 * Switches the camera on and looks for codes until it is stopped. Pictures go to the decoder in this page and nowhere else; none is
 * kept.
 */
export function watchForCodes(
  tell: (frame: ReaderFrame) => void,
  onStream: (stream: MediaStream | undefined) => void,
): Watch {
  let stopped = false;
  let stream: MediaStream | undefined;
  let cancel = (): void => undefined;
  let last: { readonly text: string; readonly at: number } | undefined;
  const worker = new Worker(new URL('./code-decoder.ts', import.meta.url), { type: 'module' });
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;

  const state = (now: CameraState) => {
    if (!stopped) tell({ type: 'camera', state: now });
  };
  const next = () => {
    cancel = systemClock.after(PAUSE_MS, () => void look());
  };
  const look = async () => {
    if (stopped) return;
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return next();
    try {
      const picture = await createImageBitmap(video);
      const message: ToWorker = { picture };
      worker.postMessage(message, [picture]);
    } catch (error) {
      // between two pictures of a camera that is being pulled; its end is told by the track
      if (!(error instanceof DOMException)) throw error;
      next();
    }
  };
  worker.addEventListener('error', () => state('broken'));
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (stopped) return;
    if (data.type === 'broken') return state('broken');
    next();
    const { text, aim } = data;
    if (text === undefined || text.length > LONGEST_TEXT) return;
    const at = systemClock.monotonic();
    if (last?.text === text && at - last.at < SAME_MS) return;
    last = { text, at };
    tell({ type: 'seen', text, ...(aim !== undefined && AIM.test(aim) ? { aim } : {}) });
  });

  const start = async () => {
    try {
      const got = await navigator.mediaDevices.getUserMedia(WANTED);
      if (stopped) return halt(got);
      stream = got;
      for (const track of got.getVideoTracks()) track.addEventListener('ended', () => state('missing'));
      video.srcObject = got;
      await video.play();
      state('ready');
      onStream(got);
      next();
    } catch (error) {
      state(stateOfFailure(error));
    }
  };
  void start();

  return {
    stop: () => {
      stopped = true;
      cancel();
      worker.terminate();
      video.srcObject = null;
      if (stream) halt(stream);
      onStream(undefined);
    },
  };
}

function halt(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
