import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { registerBarcode } from '@jolly/drivers/barcode/serial';
import { registerCard } from '@jolly/drivers/card/device';
import { registerPos } from '@jolly/drivers/pos/ecr17';
import { registerPrinter } from '@jolly/drivers/printer/escpos';
import { DeviceRegistry } from '@jolly/drivers/registry';
import type { RuntimeConfig } from './config/index.ts';
import { fail } from './errors.ts';

/**
 * Every driver this terminal can be built with. A new one is one line here. Throws `CONFIG_INVALID` when a certificate that the
 * configuration trusts cannot be read: a terminal that silently trusted less, or nobody, would be found out by its citizens.
 */
export function deviceRegistry({ login }: Pick<RuntimeConfig, 'login'>): DeviceRegistry {
  const registry = new DeviceRegistry();
  registerPos(registry);
  registerPrinter(registry);
  registerBarcode(registry);
  registerCard(registry, { anchors: login.cscaFiles.flatMap(readAnchors) });
  return registry;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function readAnchors(file: string): readonly X509Certificate[] {
  try {
    const found = readFileSync(file, 'utf8').match(CERTIFICATE) ?? [];
    if (found.length === 0) throw new Error('no certificate in it');
    return found.map((pem) => new X509Certificate(pem));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw fail('CONFIG_INVALID', { faults: `login.cscaFiles: ${file}: ${why}` }, { cause });
  }
}
