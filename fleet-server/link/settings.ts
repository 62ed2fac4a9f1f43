import { z } from 'zod';
import { LINK_LIMITS } from './limits.ts';

const Listen = z.object({ host: z.string().default('0.0.0.0'), port: z.int().min(0).max(65535) });
const Limits = z.object(
  Object.fromEntries(Object.keys(LINK_LIMITS).map((name) => [name, z.int().min(1)])) as Record<
    keyof typeof LINK_LIMITS,
    z.ZodInt
  >,
);

/** How terminals reach this server: by a broker in its own process, or by one of the house. */
export const LinkSettings = z.discriminatedUnion('broker', [
  z.object({
    broker: z.literal('embedded'),
    /** MQTT over TLS, with client certificates; MQTT over WebSocket is on the server's own port at `/mqtt` in any case. */
    tls: Listen.extend({ keyFile: z.string(), certFile: z.string() }).optional(),
    /** MQTT without TLS, for something on this machine that ends it: loopback only. */
    tcp: Listen.extend({ host: z.enum(['127.0.0.1', '::1']).default('127.0.0.1') }).optional(),
    /** Limits other than the ones of docs/fleet-link.md. */
    limits: Limits.partial().default({}),
  }),
  z.object({
    broker: z.literal('external'),
    /** `mqtts://broker.example:8883`; any broker of MQTT 3.1.1. */
    url: z.string().regex(/^(mqtts?|wss?):\/\/\S+$/, 'mqtts://…'),
    /** The server's own certificate at the broker, and the authority of the broker's (PEM). */
    certFile: z.string().optional(),
    keyFile: z.string().optional(),
    caFile: z.string().optional(),
    limits: Limits.partial().default({}),
  }),
]);
export type LinkSettings = z.infer<typeof LinkSettings>;
