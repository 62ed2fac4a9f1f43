import { errorsOf } from '@jolly/contracts/values';

/** What a byte link can refuse. */
export const linkError = errorsOf({
  LINK_DOWN: {
    cause: 'the link to the device is not open; nothing was sent',
    retry: 'later',
    cure: 'check the cable, the address and that the device is switched on',
  },
  LINK_LOST: {
    cause: 'the link broke while bytes were being handed over; some may have left',
    retry: 'later',
    cure: 'check the cable and the power supply of the device',
  },
  LINK_SETTING_INVALID: {
    cause: 'a setting of the link in the device URI cannot be used',
    retry: 'no',
    cure: 'see docs/devices.md for the settings of serial and TCP links',
  },
});
