import type { RotateKey } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { DeviceIdentity } from './identity.ts';

/** The server, as a change of the key needs it. */
export interface RotationClient {
  rotateKey(request: RotateKey): Promise<void>;
  /** Resolves when the server knows this key. */
  proveNextKey(): Promise<void>;
}

/**
 * Changes the device key, or finishes a change that a power cut or a lost answer left half done: asked again, the server has done it
 * already, or takes the present key no more and the next one instead. Both keys are kept until one of the two is certain. Rejects as
 * the client does; then nothing is lost, and it is to be called again.
 */
export async function rotateKey(identity: DeviceIdentity, client: RotationClient): Promise<void> {
  try {
    await client.rotateKey(identity.nextKey());
  } catch (error) {
    const unknown = isJollyError(error, 'SERVER_REFUSED') && error.detail.code === 'SIGNATURE_REFUSED';
    if (!unknown) throw error;
    await client.proveNextKey();
  }
  identity.adoptNextKey();
}
