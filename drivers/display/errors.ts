import { errorsOf } from '@jolly/contracts/values';

export const displayError = errorsOf({
  DISPLAY_REFUSED: {
    cause: 'the screen could not be switched',
    retry: 'later',
    cure: 'run the command by hand as the terminal’s user: DISPLAY or WAYLAND_DISPLAY is set, ddcutil has group i2c',
  },
  DISPLAY_SETTING_INVALID: {
    cause: 'a setting of the display’s URI cannot be used',
    retry: 'no',
    cure: 'see docs/cabinet.md for the addresses of displays',
  },
});
