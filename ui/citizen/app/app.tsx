import {
  DEFAULT_PREFERENCES,
  type Intent,
  type SecretKey,
  type Snapshot,
} from '@jolly/contracts/terminal-channel';
import { systemClock } from '@jolly/contracts/values';
import { moveFocus, type ShapeWish, Stage } from '@jolly/ui-kit/frame';
import { WordsProvider } from '@jolly/ui-kit/messages';
import { type Mixer, noMixer } from '@jolly/ui-kit/mixer';
import { mixedSounds } from '@jolly/ui-kit/sound';
import { firstThatSpeaks, Listening, noVoice, terminalVoice, type Voice } from '@jolly/ui-kit/speech';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CameraPicture, useCamera } from '../camera/index.ts';
import { type Channel, connectChannel, type OpenLine } from '../channel/index.ts';
import { answerDraw } from '../picture/index.ts';
import { Moment, namesOf, Terminal } from '../screens/index.ts';
import { intentOfKey, secretOfKey } from './keys.ts';
import { pressPad } from './pad.ts';
import { soundOfIntent, soundOfSnapshot } from './sounds.ts';
import { useWedge } from './use-wedge.ts';

/** A break shorter than this is not shown, ms. */
const PATIENCE_MS = 700;
/** "The person is there" is told at most this often, ms. */
const TOUCH_EVERY_MS = 1000;
/** The help key held so long calls a person, ms (EN 301 549 5.7). */
const HOLD_MS = 2000;

/** Holds the last snapshot and the state of the line; everything drawn is a function of them. */
export function App({
  open,
  shape,
  mixer = noMixer,
  voice = noVoice,
}: {
  readonly open: OpenLine;
  readonly shape: ShapeWish;
  /** The one way to loudspeaker and headset. */
  readonly mixer?: Mixer;
  /** Speaks where the terminal itself cannot. */
  readonly voice?: Voice;
}) {
  const channel = useRef<Channel>(undefined);
  const [received, setReceived] = useState<{ snapshot: Snapshot; at: number }>();
  const [up, setUp] = useState(false);
  const [veiled, setVeiled] = useState(false);
  const sounds = useMemo(() => mixedSounds(mixer), [mixer]);
  const own = useMemo(
    () => terminalVoice((frame) => channel.current?.voice(frame) ?? false, mixer, systemClock),
    [mixer],
  );
  const shown = useRef<Snapshot>(undefined);
  shown.current = received?.snapshot;
  const speaks = received?.snapshot.place.voice ?? false;
  const best = useMemo(() => (speaks ? firstThatSpeaks([own, voice]) : voice), [speaks, own, voice]);

  useEffect(() => {
    const made = connectChannel(
      open,
      {
        onSnapshot: (snapshot) => setReceived({ snapshot, at: performance.now() }),
        onLink: setUp,
        onPad: (key) => pressPad(key, document),
        onVoice: (frame) => own.hear(frame),
        onDraw: (id) =>
          void answerDraw(id, {
            inSession: () => shown.current?.session !== undefined,
            draw: async () => (await import('../picture/draw.ts')).drawPage(document.body),
            send: (frame) => made.picture(frame),
          }),
        onFault: (fault) => console.warn(fault),
      },
      systemClock,
    );
    channel.current = made;
    return () => made.close();
  }, [open, own]);

  useEffect(() => {
    if (up) {
      setVeiled(false);
      return;
    }
    return systemClock.after(PATIENCE_MS, () => setVeiled(true));
  }, [up]);

  const send = (intent: Intent) => {
    const sign = soundOfIntent(intent);
    if (sign) sounds.play(sign);
    channel.current?.send(intent);
  };
  // nothing of the key stays here: not in a state, not in a log, not in the page
  const secret = (key: SecretKey) => {
    if (key.key !== 'enter') sounds.play('click');
    channel.current?.secret(key);
  };
  // before the keys get a meaning: those of a reader that types have none
  useWedge(() => channel.current?.reader({ type: 'keyboard-wedge' }));
  const picture = useCamera(received?.snapshot.camera, up, (frame) => channel.current?.reader(frame));
  useInput(received?.snapshot, { send, secret });
  useSounds(received?.snapshot, sounds);
  useMix(received?.snapshot, mixer);
  const now = useNow(received);

  if (!received) {
    return (
      <Stage shape={shape} preferences={DEFAULT_PREFERENCES}>
        {veiled && <Moment />}
      </Stage>
    );
  }
  const { snapshot } = received;
  return (
    <WordsProvider language={snapshot.preferences.language} timeZone={snapshot.place.timeZone}>
      <Stage shape={shape} preferences={snapshot.preferences}>
        <Listening
          preferences={snapshot.preferences}
          voice={best}
          names={namesOf(snapshot)}
          headset={snapshot.headset}
        >
          <div className="whole" inert={veiled}>
            <CameraPicture value={picture}>
              <Terminal view={{ snapshot, now, send, secret }} />
            </CameraPicture>
          </div>
          {veiled && <Moment />}
        </Listening>
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

/** Loudness as the citizen set it, and the output as the plug says. */
function useMix(snapshot: Snapshot | undefined, mixer: Mixer): void {
  const volume = snapshot?.preferences.volume ?? DEFAULT_PREFERENCES.volume;
  const headset = snapshot?.headset ?? false;
  useEffect(() => mixer.set({ volume, headset }), [volume, headset, mixer]);
}

/** Each new snapshot may sound: a card was read, something is done, somebody must look. */
function useSounds(snapshot: Snapshot | undefined, sounds: ReturnType<typeof mixedSounds>): void {
  const before = useRef<Snapshot>(undefined);
  useEffect(() => {
    if (!snapshot) return;
    const sign = soundOfSnapshot(before.current, snapshot);
    before.current = snapshot;
    if (sign) sounds.play(sign);
  }, [snapshot, sounds]);
}

/** Tells that a person is there, and gives keys their meaning. */
function useInput(
  snapshot: Snapshot | undefined,
  ways: { readonly send: (intent: Intent) => void; readonly secret: (key: SecretKey) => void },
): void {
  const latest = useRef({ snapshot, ...ways });
  latest.current = { snapshot, ...ways };
  useEffect(() => {
    let told = Number.NEGATIVE_INFINITY;
    const touched = (event: Event) => {
      if (event.timeStamp - told < TOUCH_EVERY_MS) return;
      told = event.timeStamp;
      latest.current.send({ type: 'touched' });
    };
    let helpSince: number | undefined;
    const helpHeld = (event: KeyboardEvent): boolean => {
      if (event.key !== 'F1') return false;
      event.preventDefault();
      if (!event.repeat) helpSince = event.timeStamp;
      else if (helpSince !== undefined && event.timeStamp - helpSince >= HOLD_MS) {
        helpSince = undefined;
        latest.current.send({ type: 'call-person' });
      }
      return event.repeat;
    };
    const key = (event: KeyboardEvent) => {
      touched(event);
      if (helpHeld(event)) return;
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (moveFocus(event.key)) {
        event.preventDefault();
        return;
      }
      const present = latest.current.snapshot;
      if (!present) return;
      const onButton = event.target instanceof HTMLButtonElement;
      const secret = secretOfKey(event, present, onButton);
      if (secret) {
        event.preventDefault();
        latest.current.secret(secret);
        return;
      }
      const intent = intentOfKey(event.key, present, onButton);
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
