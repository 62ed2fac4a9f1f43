import { z } from 'zod';

/** Traces by OTLP over HTTP (`…/v1/traces`); absent: none are made, and nothing of OpenTelemetry is loaded. */
export const TracingSettings = z.object({
  url: z.url({ protocol: /^https?$/ }),
  /** Share of the calls that are traced. */
  ratio: z.number().min(0).max(1).default(0.05),
});
export type TracingSettings = z.infer<typeof TracingSettings>;
