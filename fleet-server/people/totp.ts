import { Secret as OtpSecret, TOTP } from 'otpauth';

const PERIOD_S = 30;
/** Codes of the step before and after: clocks of phones differ. */
const WINDOW = 1;

/** A new secret, Base32: 160 bits, as RFC 4226 wants. */
export function newTotpSecret(): string {
  return new OtpSecret({ size: 20 }).base32;
}

/** What authenticators read from the QR code. */
export function totpUrl(secret: string, user: string): string {
  return new TOTP({
    issuer: 'Jolly',
    label: user,
    secret: OtpSecret.fromBase32(secret),
    period: PERIOD_S,
  }).toString();
}

/** The step that a code belongs to; undefined: it is not one of now. */
export function stepOfCode(secret: string, token: string, now: number): number | undefined {
  const delta = TOTP.validate({
    token,
    secret: OtpSecret.fromBase32(secret),
    period: PERIOD_S,
    timestamp: now,
    window: WINDOW,
  });
  return delta === null ? undefined : Math.floor(now / 1000 / PERIOD_S) + delta;
}
