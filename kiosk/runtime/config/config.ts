import { LoginMethod } from '@jolly/contracts/citizen-login';
import { NOT_ENROLLED } from '@jolly/contracts/fleet-api';
import { LocalText } from '@jolly/contracts/service-catalogue';
import { Language } from '@jolly/contracts/terminal-channel';
import { WeekHours } from '@jolly/contracts/twin';
import { TenantId, TerminalId } from '@jolly/contracts/values';
import { z } from 'zod';
import { DisplayHours } from '../display-schedule/index.ts';

const Hint = z.object({ angle: z.number(), side: z.enum(['left', 'centre', 'right']) });

const Settings = z.object({
  mode: z.enum(['demo', 'production']),
  /** Absent: staff take the terminal in by the code on its screen, and name it (docs/enrolment.md). */
  tenantId: TenantId.default(NOT_ENROLLED),
  terminalId: TerminalId.default(NOT_ENROLLED),
  /** What stands on the machine's plate: it may have been written down in the console before. */
  serial: z.string().min(4).max(64).optional(),
  city: z.string(),
  site: z.string(),
  creditorTaxCode: z.string().regex(/^\d{11}$/),
  timeZone: z.string().default('Europe/Rome'),
  /** The fleet server, e.g. `https://jolly.comune.example`. */
  serverUrl: z.url(),
  /** Journal, outbox and device key live here. */
  dataDir: z.string(),
  /** Loopback port of the screen's channel; 0 = chosen by the system. */
  channelPort: z.int().min(0).max(65535).default(0),
  /** Folder with the built citizen app; absent under Electron, which serves it by its own protocol. */
  screenDir: z.string().optional(),
  /** Development enrolment of the demo; absent: by code or serial, as docs/enrolment.md says. */
  enrolmentCode: z.string().optional(),
  /** Where the device key lies: `auto` takes the TPM where the host has one (`systemd-creds`), else a file of the terminal's own. */
  keyStore: z
    .object({
      store: z.enum(['auto', 'file', 'systemd-creds']).default('auto'),
      command: z.string().default('systemd-creds'),
    })
    .prefault({}),
  devices: z.object({
    pos: z.string(),
    printer: z.string(),
    barcode: z.string(),
    /** Reader for citizens' cards, e.g. `pcsc:ACR1252`. Absent: this terminal has none by choice, and offers no login. */
    card: z.string().optional(),
    /** The following are what a cabinet may have or not; absent: not there by choice, and nothing is said about it. */
    lights: z.string().optional(),
    presence: z.string().optional(),
    door: z.string().optional(),
    ups: z.string().optional(),
    display: z.string().optional(),
    keypad: z.string().optional(),
    audio: z.string().optional(),
  }),
  /** What is done about the power, where there is a UPS. */
  power: z
    .object({
      /** On a low battery: `poweroff` switches the computer off, `exit` ends the terminal only. */
      shutdown: z.enum(['exit', 'poweroff']).default('exit'),
      /** How long a running charge and its receipt are waited for on a low battery. */
      waitSeconds: z.int().min(5).max(300).default(90),
      /** A UPS that was last heard on battery counts as low after so long a silence. */
      silentSeconds: z.int().min(5).max(3600).default(30),
    })
    .prefault({}),
  /** What staff may ask of this terminal from afar (docs/commands.md). */
  commands: z
    .object({
      /** Program and arguments that restart the computer, e.g. `["systemctl", "reboot"]`; absent: never from afar. */
      restartHost: z.array(z.string()).min(1).optional(),
    })
    .prefault({}),
  /** When the screen is lit, where it can be switched (docs/cabinet.md). */
  screen: z
    .object({
      hours: DisplayHours.optional(),
      /** Outside the hours: how long it stays lit after the last touch, code or card. */
      lingerSeconds: z.int().min(10).max(3600).default(120),
    })
    .prefault({}),
  /** What citizens are offered here. */
  services: z
    .object({
      payments: z.boolean().default(true),
      spontaneous: z.boolean().default(true),
      login: z.boolean().default(true),
      assistance: z.boolean().default(true),
    })
    .prefault({}),
  /** When citizens are served; outside, the screen says when it opens. Absent: always. */
  openingHours: WeekHours.optional(),
  /** A notice of the municipality on the home screen, up to a last day. */
  attract: z
    .object({ title: LocalText, text: LocalText.optional(), until: z.iso.date().optional() })
    .optional(),
  /** How often measures are taken for the fleet server. */
  telemetrySeconds: z.int().min(10).max(3600).default(60),
  /** Languages offered, most used here first. */
  languages: z.array(Language).min(1).default(Language.options),
  helpPhone: z.string().max(30).optional(),
  /** The accessibility statement that covers this terminal, as published (AgID form). */
  accessibilityStatementUrl: z.url().max(200).optional(),
  /** Whom to tell about obstacles: the contact that the statement names. */
  accessibilityFeedback: z.string().max(80).optional(),
  speech: z
    .object({
      /** `none`: the browser's own voices, else the caption line. */
      engine: z.enum(['espeak-ng', 'none']).default('espeak-ng'),
      command: z.string().default('espeak-ng'),
      /** Loudness of the amplifier, 0…1 of its scale, at every session's beginning: set so that step 4 is 65 dBA at most on site. */
      level: z.number().min(0).max(1).default(0.8),
    })
    .prefault({}),
  keypad: z
    .object({
      /** The same key again within this time is a tremor (EN 301 549 5.8). */
      sameKeyMs: z.int().min(0).max(1000).default(500),
    })
    .prefault({}),
  hints: z
    .object({
      barcode: Hint.default({ angle: 0, side: 'centre' }),
      pos: Hint.default({ angle: 45, side: 'right' }),
      printer: Hint.default({ angle: -45, side: 'left' }),
      card: Hint.default({ angle: 20, side: 'right' }),
    })
    .prefault({}),
  login: z
    .object({
      /** Cards that are taken; the server has the last word. */
      methods: z.array(LoginMethod).default(['cie-card-local', 'cns-card-local']),
      /** Offer the way without PIN (the six digits on the card's face). */
      withoutPin: z.boolean().default(false),
      /** Digits of the pad in another order each time, except while the page is read aloud. */
      shufflePad: z.boolean().default(false),
      /** How long a card left on the reader is called for before the session closes. */
      cardLeftSeconds: z.int().min(5).max(300).default(30),
      /**
       * PEM files of the state's CSCA certificates: which chips are let near a PIN. Without any, any chip that certifies itself gets
       * it; so only a demo may have none, or those of the test CA.
       */
      cscaFiles: z.array(z.string()).default([]),
    })
    .prefault({}),
  idle: z
    .object({
      warnAfterSeconds: z.int().min(5),
      countdownSeconds: z.int().min(20),
      goodbyeSeconds: z.int().min(1),
    })
    .default({ warnAfterSeconds: 60, countdownSeconds: 40, goodbyeSeconds: 6 }),
  payment: z
    .object({
      /** No card is asked for when the token lives less than this (pagopa.md 3.7). */
      minTokenSeconds: z.int().default(120),
      maxClockSkewSeconds: z.int().default(60),
      /** Offer to finish on the phone; false where the fleet server has no checkout (`carts`). */
      onPhone: z.boolean().default(true),
      /** How long the screen waits for the node's acknowledgement before it says "being registered". */
      outcomeWaitSeconds: z.int().default(12),
      /** From this hour on (place's zone, after midnight) yesterday is closed. */
      dayEnd: z
        .string()
        .regex(/^\d{2}:\d{2}$/)
        .default('00:01'),
    })
    .prefault({}),
});

/** Settings of one terminal, read from a JSON file (`node kiosk/runtime/main.ts --config <file>`). */
export const RuntimeConfig = Settings.superRefine(({ mode, devices, login }, context) => {
  const takesIdentityCards = devices.card !== undefined && login.methods.includes('cie-card-local');
  if (mode === 'production' && takesIdentityCards && login.cscaFiles.length === 0) {
    const message = 'identity cards are taken, and no CSCA says which are genuine: name its PEM files';
    context.addIssue({ code: 'custom', path: ['login', 'cscaFiles'], message });
  }
});
export type RuntimeConfig = z.infer<typeof RuntimeConfig>;
