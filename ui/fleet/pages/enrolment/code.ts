import { EnrolmentCode } from '@jolly/contracts/fleet-api';

/** What somebody typed or a QR said, as a code: gaps and small letters do not matter. */
export function codeOf(text: string): string | undefined {
  const plain = text.replace(/[\s-]+/g, '').toUpperCase();
  return EnrolmentCode.safeParse(plain).success ? plain : undefined;
}

/** In two groups, as on the terminal's screen. */
export const groupedCode = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;
