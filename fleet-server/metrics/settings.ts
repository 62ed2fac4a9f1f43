import { z } from 'zod';

/** Who may read `/metrics`: this machine always, others with the token in this file (`authorization: Bearer …`). */
export const MetricsSettings = z.object({ tokenFile: z.string().optional() });
export type MetricsSettings = z.infer<typeof MetricsSettings>;
