import { z } from 'zod';
import { Text } from '../values/index.ts';

/** A device's health: named state, counters, last self-test. No personal data by construction. */
export const DeviceReport = z.object({
  role: z.enum([
    ...[
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
    ],
  ] as const),
  uri: Text(200),
  state: z.enum([
    'starting',
    'ready',
    'busy',
    'degraded',
    'unavailable',
    'out-of-paper',
    'cover-open',
    'jam',
    'fault',
  ]),
  /** Named reasons, e.g. `paper-low`. */
  reasons: z.array(Text(40)).max(20),
  since: z.number(),
  counters: z.record(Text(40), z.number()),
});
export type DeviceReport = z.infer<typeof DeviceReport>;
