import { join } from 'node:path';
import type { Act } from '../scenario.ts';
import { byEar } from './by-ear.ts';
import { cabinet } from './cabinet.ts';
import { withCamera } from './camera.ts';
import { cardTrouble } from './card-trouble.ts';
import { withDevices } from './devices.ts';
import { fleetCommands } from './fleet-commands.ts';
import { fleetEnrolment } from './fleet-enrolment.ts';
import { fleetLive } from './fleet-live.ts';
import { fleetSettings } from './fleet-settings.ts';
import { forgetting } from './forgetting.ts';
import { interrupted } from './interrupted.ts';
import { loginAids } from './login-aids.ts';
import { throughMil } from './mil.ts';
import { withNode } from './node.ts';
import { withNotices } from './notices.ts';
import { paying } from './pay.ts';
import { pins } from './pin.ts';
import { seatedPerson } from './seated.ts';
import { withServices } from './services.ts';
import { patience, sessions } from './session.ts';
import { signingIn } from './sign-in.ts';

const HURRIED_VOICE = join(import.meta.dirname, '../stage/hurried-voice.sh');

/**
 * Acts run side by side, each on a Jolly of its own; the stories of an act one after the other. Voices first, while the machine
 * has breath, then the longest: so that none is left alone at the end.
 */
export const acts: readonly Act[] = [
  // a hand that knows the keys: its own choice of the time in which two presses are one
  {
    name: 'by ear',
    kiosk: { keypad: { sameKeyMs: 60 }, speech: { command: HURRIED_VOICE } },
    scenarios: byEar,
  },
  { name: 'fleet', scenarios: [...fleetLive, ...fleetSettings, ...fleetCommands] },
  { name: 'fleet enrolment', scenarios: fleetEnrolment },
  { name: 'login', login: { cardLeftSeconds: 5 }, scenarios: [...signingIn, ...pins] },
  { name: 'login trouble', scenarios: [...loginAids, ...cardTrouble] },
  {
    name: 'trouble',
    kiosk: { payment: { outcomeWaitSeconds: 2 } },
    scenarios: [...withDevices, ...cabinet, ...withNode, ...interrupted],
  },
  { name: 'pay', scenarios: [...paying, ...withNotices, ...sessions] },
  {
    name: 'forgetting',
    searched: true,
    kiosk: { idle: { warnAfterSeconds: 10, countdownSeconds: 20, goodbyeSeconds: 1 } },
    scenarios: forgetting,
  },
  {
    name: 'patience',
    kiosk: { idle: { warnAfterSeconds: 8, countdownSeconds: 20, goodbyeSeconds: 1 } },
    scenarios: patience,
  },
  { name: 'services', scenarios: [...seatedPerson, ...withServices] },
  { name: 'camera', camera: true, scenarios: withCamera },
  { name: 'mil', gateway: 'mil', scenarios: throughMil },
];
