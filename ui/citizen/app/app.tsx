import type { Intent, Snapshot } from '@jolly/contracts/terminal-channel';
import { systemClock } from '@jolly/contracts/values';
import { moveFocus, type ShapeWish, Stage } from '@jolly/ui-kit/frame';
import { WordsProvider } from '@jolly/ui-kit/messages';
import { useEffect, useRef, useState } from 'react';
import { type Channel, connectChannel, type OpenLine } from '../channel/index.ts';
import { Moment, Terminal } from '../screens/index.ts';
import { intentOfKey } from './keys.ts';

const BEFORE_FIRST: Snapshot['preferences'] = {
  language: 'it',
  textScale: 1,
  theme: 'standard',
  lowered: false,
  listen: false,
};

/** A break shorter than this is not shown, ms. */
const PATIENCE_MS = 700;
/** "The person is there" is told at most this often, ms. */
const TOUCH_EVERY_MS = 1000;

/** Holds the last snapshot and the state of the line; everything drawn is a function of them. */
export function App({ open, shape }: { readonly open: OpenLine; readonly shape: ShapeWish }) {
  const channel = useRef<Channel>(undefined);
  const [received, setReceived] = useState<{ snapshot: Snapshot; at: number }>();
  const [up, setUp] = useState(false);
  const [veiled, setVeiled] = useState(false);

  useEffect(() => {
    const made = connectChannel(
      open,
      {
        onSnapshot: (snapshot) => setReceived({ snapshot, at: performance.now() }),
        onLink: setUp,
        onFault: (fault) => console.warn(fault),
      },
      systemClock,
    );
    channel.current = made;
    return () => made.close();
  }, [open]);

  useEffect(() => {
    if (up) {
      setVeiled(false);
      return;
    }
    return systemClock.after(PATIENCE_MS, () => setVeiled(true));
  }, [up]);

  const send = (intent: Intent) => channel.current?.send(intent);
  useInput(received?.snapshot, send);
  const now = useNow(received);

  if (!received) {
    return (
      <Stage shape={shape} preferences={BEFORE_FIRST}>
        {veiled && <Moment />}
      </Stage>
    );
  }
  const { snapshot } = received;
  return (
    <WordsProvider language={snapshot.preferences.language} timeZone={snapshot.place.timeZone}>
      <Stage shape={shape} preferences={snapshot.preferences}>
        <div className="whole" inert={veiled}>
          <Terminal view={{ snapshot, now, send }} />
        </div>
        {veiled && <Moment />}
      </Stage>
    </WordsProvider>
  );
}

/** The runtime's clock, carried on between two snapshots, one step a second. */
function useNow(received: { snapshot: Snapshot; at: number } | undefined): number {
  const [tick, setTick] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setTick(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (!received) return 0;
  return received.snapshot.at + Math.max(0, tick - received.at);
}

/** Tells that a person is there, and gives keys their meaning. */
function useInput(snapshot: Snapshot | undefined, send: (intent: Intent) => void): void {
  const latest = useRef({ snapshot, send });
  latest.current = { snapshot, send };
  useEffect(() => {
    let told = Number.NEGATIVE_INFINITY;
    const touched = (event: Event) => {
      if (event.timeStamp - told < TOUCH_EVERY_MS) return;
      told = event.timeStamp;
      latest.current.send({ type: 'touched' });
    };
    const key = (event: KeyboardEvent) => {
      touched(event);
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (moveFocus(event.key)) {
        event.preventDefault();
        return;
      }
      const present = latest.current.snapshot;
      if (!present) return;
      const intent = intentOfKey(event.key, present, event.target instanceof HTMLButtonElement);
      if (!intent) return;
      event.preventDefault();
      latest.current.send(intent);
    };
    window.addEventListener('pointerdown', touched, { capture: true });
    window.addEventListener('keydown', key);
    return () => {
      window.removeEventListener('pointerdown', touched, { capture: true });
      window.removeEventListener('keydown', key);
    };
  }, []);
}
