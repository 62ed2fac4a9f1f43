import type { ReaderFrame, Snapshot } from '@jolly/contracts/terminal-channel';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { probeCamera, watchForCodes } from './watch.ts';

const Picture = createContext<MediaStream | undefined>(undefined);
export const CameraPicture = Picture.Provider;

/**
 * Does with the camera what the snapshot says: on while a code is looked for, off else, and tells how it is. `up`: the line to the
 * runtime is there, which hears it anew each time.
 */
export function useCamera(
  wish: Snapshot['camera'],
  up: boolean,
  tell: (frame: ReaderFrame) => void,
): MediaStream | undefined {
  const [stream, setStream] = useState<MediaStream>();
  const latest = useRef(tell);
  latest.current = tell;

  useEffect(() => {
    if (wish === undefined || !up) return;
    const say = () => void probeCamera().then((state) => latest.current({ type: 'camera', state }));
    say();
    navigator.mediaDevices?.addEventListener('devicechange', say);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', say);
  }, [wish, up]);

  useEffect(() => {
    if (wish !== 'look' || !up || !navigator.mediaDevices) return;
    const watch = watchForCodes((frame) => latest.current(frame), setStream);
    return () => watch.stop();
  }, [wish, up]);

  return stream;
}

/** What the camera sees, as in a mirror: so a hand finds its way. */
export function CameraView({ label }: { readonly label: string }) {
  const stream = useContext(Picture);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream ?? null;
  }, [stream]);
  return (
    <div className="camera" data-testid="camera">
      <video ref={video} className="camera__picture" aria-label={label} autoPlay muted playsInline />
      <span className="camera__frame" aria-hidden="true" />
    </div>
  );
}
