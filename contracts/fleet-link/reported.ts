import { z } from 'zod';
import { DeviceReport } from '../device-report/index.ts';
import { Text } from '../values/index.ts';

const Fault = z.strictObject({ path: Text(200), message: Text(300) });

/** Something that is used up. `left` is a share of full (0…1); absent where the device cannot tell. */
export const Consumable = z.strictObject({
  role: Text(20),
  name: Text(40),
  left: z.number().min(0).max(1).optional(),
  /** Used since the terminal was made, in the unit of the name (`paper-mm`, `pages`): the forecast counts with it. */
  used: z.number().min(0).optional(),
});

/** How a terminal says it is: the reported half of the twin. */
export const Reported = z.strictObject({
  software: Text(40),
  startedAt: z.int().min(0),
  mode: z.enum(['in-service', 'out-of-service', 'locked', 'closed']),
  message: Text(200).optional(),
  devices: z.array(DeviceReport).max(20),
  limitations: z.array(Text(40)).max(20),
  consumables: z.array(Consumable).max(20),
  openPayments: z.int().min(0),
  inSession: z.boolean(),
  settings: z.strictObject({
    /** Version that holds; 0 = the terminal's own file alone. */
    version: z.int().min(0),
    /** The newest that was refused, and everything that is wrong with it. The old one stays. */
    refused: z.strictObject({ version: z.int().min(1), faults: z.array(Fault).min(1).max(50) }).optional(),
  }),
  backlog: z.strictObject({
    /** Letters of the payment journal that the server has not taken. */
    letters: z.int().min(0),
    entries: z.int().min(0),
    dropped: z.int().min(0),
  }),
  host: z.strictObject({
    diskFreeMb: z.number().min(0).optional(),
    diskTotalMb: z.number().min(0).optional(),
    memoryFreeMb: z.number().min(0),
    memoryTotalMb: z.number().min(0),
    temperatureC: z.number().optional(),
    load: z.number().min(0).optional(),
    upSince: z.int().min(0).optional(),
  }),
  network: z.strictObject({
    /** From a batch to its acknowledgement, median of the last few. */
    rttMs: z.number().min(0).optional(),
    reconnects: z.int().min(0),
  }),
  clockSkewMs: z.number().optional(),
});
export type Reported = z.infer<typeof Reported>;

/**
 * Body of `up/reported`. The first after a welcome is whole; then only what changed, as a merge patch (RFC 7396) on the one with `seq - 1`.
 * On a gap the server asks for the whole.
 */
export const ReportedMessage = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('whole'),
    seq: z.int().min(0),
    reported: Reported,
    /** The lease of the last welcome, once it is stored: from then on the server takes no older one. */
    lease: Text(64).optional(),
  }),
  z.strictObject({ form: z.literal('patch'), seq: z.int().min(1), patch: z.record(Text(200), z.unknown()) }),
]);
export type ReportedMessage = z.infer<typeof ReportedMessage>;
