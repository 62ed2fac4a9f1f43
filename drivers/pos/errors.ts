import { errorsOf } from '@jolly/contracts/values';

/** Faults of any card terminal. */
export const posError = errorsOf({
  POS_SETTINGS_INVALID: {
    cause: 'settings of the card terminal in its device URI cannot be used',
    retry: 'no',
    cure: 'correct the settings named; docs/pos.md lists them all',
  },
  POS_BUSY: { cause: 'the card terminal serves another call', retry: 'later' },
  POS_UNREACHABLE: {
    cause: 'the card terminal does not answer',
    retry: 'later',
    message: 'pos.unavailable',
    cure: 'check power, cable, address and that the cash-register link is enabled on the terminal',
  },
  POS_REFUSED: {
    cause: 'the card terminal refused the command',
    retry: 'later',
    cure: 'read the reason; close the session at the terminal if it asks for it',
  },
});
