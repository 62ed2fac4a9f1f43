import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { registerAudio } from '@jolly/drivers/audio/device';
import { registerHidPos } from '@jolly/drivers/barcode/hid-pos';
import { refuseKeyboards } from '@jolly/drivers/barcode/keyboard';
import { registerBarcode } from '@jolly/drivers/barcode/serial';
import { registerCabinet } from '@jolly/drivers/cabinet';
import { registerCard } from '@jolly/drivers/card/device';
import { registerKeypad } from '@jolly/drivers/keypad/device';
import { registerPos } from '@jolly/drivers/pos/ecr17';
import { registerNexo } from '@jolly/drivers/pos/nexo';
import { registerZvt } from '@jolly/drivers/pos/zvt';
import { registerPrinter } from '@jolly/drivers/printer/escpos';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { registerXfs4Iot } from '@jolly/drivers/xfs4iot';
import type { RuntimeConfig } from './config/index.ts';
import { fail } from './errors.ts';

/**
 * Every driver this terminal can be built with. A new one is one line here. Throws `CONFIG_INVALID` when a certificate that the
 * configuration trusts cannot be read: a terminal that silently trusted less, or nobody, would be found out by its citizens. So
 * it is in production with a certificate of the test CA, whose keys anybody can make.
 */
export function deviceRegistry({ mode, login }: Pick<RuntimeConfig, 'mode' | 'login'>): DeviceRegistry {
  const registry = new DeviceRegistry();
  registerPos(registry);
  registerNexo(registry);
  registerZvt(registry);
  registerPrinter(registry);
  registerBarcode(registry);
  registerHidPos(registry);
  refuseKeyboards(registry);
  const anchors = login.cscaFiles.flatMap((file) => readAnchors(file, mode));
  registerCard(registry, { anchors });
  registerXfs4Iot(registry, { anchors });
  registerKeypad(registry);
  registerAudio(registry);
  registerCabinet(registry);
  return registry;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Organization of every certificate of the test CA. */
const OF_TEST_CA = /^O=Jolly TEST$/m;

function readAnchors(file: string, mode: RuntimeConfig['mode']): readonly X509Certificate[] {
  try {
    const found = readFileSync(file, 'utf8').match(CERTIFICATE) ?? [];
    if (found.length === 0) throw new Error('no certificate in it');
    const anchors = found.map((pem) => new X509Certificate(pem));
    if (
      mode === 'production' &&
      anchors.some(({ subject, issuer }) => OF_TEST_CA.test(`${subject}\n${issuer}`))
    )
      throw new Error('a certificate of the test CA, which production does not take');
    return anchors;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw fail('CONFIG_INVALID', { faults: `login.cscaFiles: ${file}: ${why}` }, { cause });
  }
}
