import { z } from 'zod';
import { LocalText } from '../service-catalogue/index.ts';
import { Language } from '../terminal-channel/index.ts';

const Hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM');
const Day = z.tuple([Hour, Hour]).nullable();
/** Hours on the wall of the place, by day; null = closed that day, a day not named = open all day. An end before its beginning is on the next day. */
export const WeekHours = z.strictObject({
  mon: Day.optional(),
  tue: Day.optional(),
  wed: Day.optional(),
  thu: Day.optional(),
  fri: Day.optional(),
  sat: Day.optional(),
  sun: Day.optional(),
});
export type WeekHours = z.infer<typeof WeekHours>;

/** Device classes that a terminal may have, as in its own file. */
export const DEVICE_ROLES = [
  'pos',
  'printer',
  'barcode',
  'card',
  'lights',
  'presence',
  'door',
  'ups',
  'display',
  'keypad',
  'audio',
] as const;
export type DeviceRole = (typeof DEVICE_ROLES)[number];
/** `scheme:address`, see docs of each device class; the terminal knows which schemes it has. */
const DeviceUri = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:\S*$/i, 'scheme:address')
  .max(200);

const Switch = z.boolean();

/**
 * What a terminal is told to be: the desired half of the twin, and what each layer of it may say. Whatever nobody says is as in the
 * terminal's own file. A schema, so that faults are found before anything is sent.
 */
export const TerminalSettings = z.strictObject({
  /** Devices by URI; '' = this terminal has none of that class. */
  devices: z.partialRecord(z.enum(DEVICE_ROLES), DeviceUri.or(z.literal(''))).optional(),
  /** What citizens are offered. */
  services: z
    .strictObject({
      payments: Switch.optional(),
      spontaneous: Switch.optional(),
      onPhone: Switch.optional(),
      login: Switch.optional(),
      assistance: Switch.optional(),
    })
    .optional(),
  /** When citizens are served; outside, the terminal says when it opens. Absent: always. */
  openingHours: WeekHours.optional(),
  /** Offered languages, most used here first. */
  languages: z
    .array(Language)
    .min(1)
    .max(Language.options.length)
    .refine((list) => new Set(list).size === list.length, 'a language is named twice')
    .optional(),
  idle: z
    .strictObject({
      warnAfterSeconds: z.int().min(5).max(600).optional(),
      countdownSeconds: z.int().min(20).max(120).optional(),
      goodbyeSeconds: z.int().min(1).max(60).optional(),
    })
    .optional(),
  /** A notice of the municipality on the home screen; never over a task. */
  attract: z
    .strictObject({
      title: LocalText.optional(),
      text: LocalText.optional(),
      /** Last day it is shown, place's zone. */
      until: z.iso.date().optional(),
    })
    .optional(),
  /** Loudness at the beginning of every session, 0…1 of the amplifier's scale. */
  volume: z.number().min(0).max(1).optional(),
  helpPhone: z.string().max(30).optional(),
  /** How often measures are taken (s). */
  telemetrySeconds: z.int().min(10).max(3600).optional(),
});
export type TerminalSettings = z.infer<typeof TerminalSettings>;
