import { z } from 'zod';

/** Where the log goes: lines of JSON on a stream of the process, RFC 5424 to a collector, or both. */
export const LogSettings = z.object({
  level: z.enum(['debug', 'info', 'warn']).default('warn'),
  /** Standard output also has the one line that says that the server listens. */
  stream: z.enum(['stderr', 'stdout', 'none']).default('stderr'),
  syslog: z
    .object({
      host: z.string(),
      port: z.int().min(1).max(65_535).default(514),
      protocol: z.enum(['udp', 'tcp']).default('udp'),
      /** 16 is local0. */
      facility: z.int().min(0).max(23).default(16),
      app: z
        .string()
        .regex(/^[!-~]{1,48}$/)
        .default('jolly-fleet'),
    })
    .optional(),
});
export type LogSettings = z.infer<typeof LogSettings>;
