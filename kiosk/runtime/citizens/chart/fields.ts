import type { LoginPurpose, SecretField } from '@jolly/contracts/terminal-channel';
import { type CardKind, SECRET_LENGTH } from '@jolly/drivers/card';

/** The fields that a purpose asks for, in order; the card counts wrong tries of the first. */
export type Fields = readonly [SecretField, ...SecretField[]];

export function fieldsOf(purpose: LoginPurpose, card: CardKind): Fields {
  switch (purpose) {
    case 'sign-in':
      return [card === 'cie' ? 'cie-pin' : 'cns-pin'];
    case 'sign-in-without-pin':
      return ['cie-can'];
    case 'change-pin':
      return ['cie-pin', 'cie-new-pin', 'cie-new-pin-again'];
    case 'unblock-pin':
      return ['cie-puk', 'cie-new-pin', 'cie-new-pin-again'];
  }
}

export function lengthOf(field: SecretField): { readonly min: number; readonly max: number } {
  const like = field === 'cie-new-pin' || field === 'cie-new-pin-again' ? 'cie-pin' : field;
  return SECRET_LENGTH[like];
}
