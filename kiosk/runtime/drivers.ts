import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { registerBarcode } from '@jolly/drivers/barcode/serial';
import { registerCard } from '@jolly/drivers/card/device';
import { registerPos } from '@jolly/drivers/pos/ecr17';
import { registerPrinter } from '@jolly/drivers/printer/escpos';
import { DeviceRegistry } from '@jolly/drivers/registry';
import type { RuntimeConfig } from './config/index.ts';
import { fail } from './errors.ts';

/** Every driver this terminal can be built with. A new one is one line here. */
export function deviceRegistry(config: Pick<RuntimeConfig, 'login'>): DeviceRegistry {
  const registry = new DeviceRegistry();
  registerPos(registry);
  registerPrinter(registry);
  registerBarcode(registry);
  registerCard(registry, { anchors: anchorsOf(config.login.cscaFiles) });
  return registry;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The country signing certificates this terminal trusts; without any, the server alone checks who signed a card's files. */
function anchorsOf(files: readonly string[]): readonly X509Certificate[] {
  return files.flatMap((file) => {
    try {
      const found = readFileSync(file, 'utf8').match(CERTIFICATE) ?? [];
      if (found.length === 0) throw new Error('no certificate in it');
      return found.map((pem) => new X509Certificate(pem));
    } catch (cause) {
      throw fail('CSCA_UNREADABLE', { file }, { cause });
    }
  });
}
