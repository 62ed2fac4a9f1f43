import { readFileSync } from 'node:fs';
import { ServerConfig } from './config.ts';
import type { GatewayConfig } from './gateway/index.ts';
import { isLoopbackHost } from './http/index.ts';
import { FaultsFound } from './problems/index.ts';

/** The way to pagoPA of a tenant: its own, or the server's. */
export function gatewayOf(config: ServerConfig, tenantId: string): GatewayConfig {
  return config.tenants.find(({ id }) => id === tenantId)?.gateway ?? config.gateway;
}

/** Reads the settings file. Throws FaultsFound (CONFIG_INVALID) with every fault. */
export function readSettings(file: string): ServerConfig {
  const parsed = ServerConfig.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    throw new FaultsFound(
      'CONFIG_INVALID',
      parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    );
  }
  return checkSettings(parsed.data);
}

/**
 * What no schema of one field can say: the demo's doors exist on loopback only, and a production file that even
 * mentions them does not start.
 */
export function checkSettings(config: ServerConfig): ServerConfig {
  const faults = [];
  if (config.mode === 'production' && config.demo) {
    faults.push({ path: 'demo', message: 'a production server has no demo section' });
  }
  if (config.mode === 'demo' && !isLoopbackHost(config.listen.host)) {
    faults.push({ path: 'listen.host', message: 'the demo listens on loopback only' });
  }
  if (new Set(config.tenants.map((tenant) => tenant.id)).size !== config.tenants.length) {
    faults.push({ path: 'tenants', message: 'a tenant is named twice' });
  }
  if (config.mode === 'production' && config.publicUrl === undefined && config.signIn.oidc.length > 0) {
    faults.push({ path: 'publicUrl', message: 'sign-in providers send people back to it' });
  }
  const providers = config.signIn.oidc.map(({ id }) => id);
  if (new Set(providers).size !== providers.length) {
    faults.push({ path: 'signIn.oidc', message: 'a provider is named twice' });
  }
  if (faults.length > 0) throw new FaultsFound('CONFIG_INVALID', faults);
  return config;
}
