import { SiteWrite } from '@jolly/contracts/fleet-api';
import { TenantId } from '@jolly/contracts/values';
import { z } from 'zod';
import { ServiceSettings } from './catalogue/index.ts';
import { CitizenSettings } from './citizens/index.ts';
import { MapSettings } from './console/outline.ts';
import { LinkAccessSettings } from './enrolment/access.ts';
import { GatewayConfig } from './gateway/config.ts';
import { LinkSettings } from './link/index.ts';
import { LogSettings } from './logs/index.ts';
import { MailSettings } from './mail/index.ts';
import { MetricsSettings } from './metrics/index.ts';
import { SignInSettings } from './people/settings.ts';
import { RetentionSettings } from './retention/index.ts';
import { StoreSettings } from './store/index.ts';
import { TracingSettings } from './tracing/index.ts';

/** Settings of one fleet server, read from a JSON file (`node fleet-server/main.ts --config <file>`). */
export const ServerConfig = z.object({
  /** `demo` opens the demo sign-in and the development enrolment, on loopback only; `production` never does. */
  mode: z.enum(['demo', 'production']),
  listen: z.object({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65535) }),
  /** Address citizens' phones reach: prefix of receipt links. Defaults to the listening address. */
  publicUrl: z.url().optional(),
  dataDir: z.string(),
  /** PostgreSQL by a connection string; `fleet.sqlite` in `dataDir` otherwise. */
  store: StoreSettings.prefault({}),
  /** How terminals reach this server: docs/fleet-link.md. */
  link: LinkSettings.prefault({ broker: 'embedded' }),
  retention: RetentionSettings.prefault({}),
  log: LogSettings.prefault({}),
  metrics: MetricsSettings.prefault({}),
  otel: TracingSettings.optional(),
  /** File with the 32-byte master key that seals secrets; made (0600) when absent. */
  masterKeyFile: z.string(),
  tenants: z
    .array(
      z.object({
        id: TenantId,
        name: z.string(),
        timeZone: z.string().default('Europe/Rome'),
        creditorTaxCode: z.string().regex(/^\d{11}$/),
        citizens: CitizenSettings.prefault({}),
        /** This municipality's own way to pagoPA; that of the server otherwise. */
        gateway: GatewayConfig.optional(),
        /** Payments without a notice; absent: none are offered. */
        services: ServiceSettings.optional(),
        /** How it is drawn on the console's map; absent: terminals on an empty ground. */
        map: MapSettings.optional(),
      }),
    )
    .min(1),
  gateway: GatewayConfig,
  /** The archive in which the positions of spontaneous payments are made (GPD, version 1). */
  debtPositions: z
    .object({ url: z.url(), timeoutMs: z.int().min(1_000).max(60_000).default(10_000) })
    .optional(),
  /** pagoPA's checkout, for who wants to finish on the phone; absent: not offered. */
  carts: z
    .object({
      url: z.url(),
      /** Page the phone comes to at the end; `publicUrl` by default. */
      returnUrl: z.url().optional(),
      timeoutMs: z.int().min(1_000).max(60_000).default(10_000),
    })
    .optional(),
  /**
   * PEM files with the certificates this server believes (`jolly trust` makes them): `csca` for security objects of CIEs,
   * `citizenCa` and `cnsCa` for the citizens' certificates of CIE and TS-CNS.
   */
  trust: z
    .object({
      csca: z.array(z.string()).default([]),
      citizenCa: z.array(z.string()).default([]),
      cnsCa: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** What holds for the logins of citizens in every municipality. */
  logins: z
    .object({
      /** Whatever end a CA gives its list or answer, it is asked again after so many hours. */
      revocationKeepHours: z
        .int()
        .min(1)
        .max(24 * 7)
        .default(24),
      /** Days a line of `login_audit` is kept; 24 months, as for federated logins. */
      auditDays: z.int().min(1).max(3_660).default(731),
    })
    .prefault({}),
  /** Where alerts are mailed from; absent: none are. */
  mail: MailSettings.optional(),
  alerts: z
    .object({
      /** Webhooks may go to this server’s own network, and over plain HTTP; otherwise to public https addresses only. */
      privateWebhooks: z.boolean().default(false),
    })
    .prefault({}),
  /** How people come into the console; the demo has its own way too. */
  signIn: SignInSettings.prefault({}),
  /** Addresses of reverse proxies whose word on the caller's address is taken (CIDR too); none otherwise. */
  trustedProxies: z.array(z.string()).default([]),
  /** How terminals reach the fleet link, where it is not this server's own address. */
  linkAccess: LinkAccessSettings.prefault({}),
  /** Folder with the built fleet console, served under /console/. */
  consoleDir: z.string().optional(),
  /** Only read in demo mode. Passwords and keys of the gateway come by `jolly secrets set`; the demo sets them itself. */
  demo: z
    .object({
      enrolmentCode: z.string().min(8),
      /** Sites of the first municipality; a terminal that comes with the name of one stands there. */
      sites: z.array(SiteWrite).default([]),
      user: z.string().default('demo'),
      gatewayPassword: z.string().default('PLACEHOLDER'),
      gatewaySubscriptionKey: z.string().default('demo-key'),
      gatewayClientSecret: z.string().default('demo-secret-demo-secret-demo-secret1'),
      gatewayCallbackToken: z.string().default('demo-callback-token'),
      platformKey: z.string().default('demo-key'),
    })
    .optional(),
});
export type ServerConfig = z.infer<typeof ServerConfig>;
