import { z } from 'zod';

const SERVICES = ['ReceiptPrinter', 'BarcodeReader', 'CardReader', 'Lights', 'Auxiliaries'] as const;
export const ServiceName = z.enum(SERVICES);
export type ServiceName = z.infer<typeof ServiceName>;

const DEVICE = z.enum([
  ...['online', 'offline', 'powerOff', 'noDevice', 'hardwareError', 'userError', 'deviceBusy'],
  ...['fraudAttempt', 'potentialFraud', 'starting'],
] as const);

/** What the panel or a test may do to the cabinet. */
export const XfsAction = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('scan'),
    text: z.string().min(1).max(3000),
    symbology: z.string().default('qrCode'),
  }),
  z.object({ action: z.literal('device'), service: ServiceName, device: DEVICE }),
  z.object({ action: z.literal('paper'), paper: z.enum(['full', 'low', 'out', 'jammed']) }),
  /** Where the paper jams: before the next slip, with something already out. */
  z.object({ action: z.literal('jam'), jammed: z.boolean() }),
  /** The slip in the mouth is taken by the citizen, or drawn back. */
  z.object({ action: z.literal('take') }),
  z.object({ action: z.literal('retract') }),
  z.object({ action: z.literal('sensor'), sensor: z.string().regex(/^[a-zA-Z]+$/), value: z.string() }),
  z.object({
    action: z.literal('ups'),
    low: z.boolean(),
    engaged: z.boolean(),
    powering: z.boolean(),
    recovered: z.boolean(),
  }),
  /**
   * How the next commands go wrong (`times` of them, of that name if one is given): a completion code, an acknowledge that refuses, no
   * word at all (after the acknowledge or instead of it), slowness, a connection closed in the middle, or nonsense on the line.
   */
  z.object({
    action: z.literal('fault'),
    fault: z.enum([
      ...['hardwareError', 'timeOut', 'canceled', 'deviceNotReady', 'internalError'],
      ...['refuse', 'mute', 'deaf', 'slow', 'close', 'nonsense'],
    ] as const),
    command: z.string().optional(),
    times: z.int().min(1).max(1000).default(1),
    ms: z.int().min(0).max(60_000).default(1000),
  }),
  /** Closes every connection, as a service that is started again does. */
  z.object({ action: z.literal('closing') }),
  z.object({ action: z.literal('reset') }),
]);
export type XfsAction = z.output<typeof XfsAction>;
export type Fault = Extract<XfsAction, { action: 'fault' }>;
