import { createHash } from 'node:crypto';
import { fingerprintText } from '@jolly/contracts/fleet-api';
import type { RandomBytes } from '@jolly/contracts/values';

/** Thirty-two signs that nobody confuses on a screen: a byte's lowest five bits choose one, each as often as the others. */
const SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export const newCode = (random: RandomBytes): string =>
  [...random(8)].map((byte) => SIGNS[byte & 31]).join('');

export const fingerprintOf = (publicKey: string): string =>
  fingerprintText(createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex'));
