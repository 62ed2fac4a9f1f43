import { errorsOf } from '@jolly/contracts/values';

/** Errors of the terminal's runtime. What concerns one payment has its own page; these are about the terminal. */
export const fail = errorsOf({
  SERVER_UNREACHABLE: {
    cause: 'the fleet server gave no usable answer',
    retry: 'later',
    message: 'limitation.payments-offline',
    cure: 'check the network, the address in serverUrl and that the server runs',
  },
  SERVER_REFUSED: {
    cause: 'the fleet server refused the call',
    retry: 'no',
    cure: 'see its code: enrol the terminal, set its clock, or update the software',
  },
  DEVICE_KEY_UNREADABLE: {
    cause: 'the device key cannot be read',
    retry: 'no',
    cure: 'restore device-key.pem, or remove it and enrol the terminal anew',
  },
  ENROLLED_ELSEWHERE: {
    cause: 'the terminal was taken in by another municipality than its configuration names',
    retry: 'later',
    cure: 'have it taken out there, or correct tenantId',
  },
  DATA_DIR_UNWRITABLE: {
    cause: 'the data folder cannot be written',
    retry: 'later',
    cure: 'check that dataDir exists, is owned by the terminal’s user and has free space',
  },
  CONFIG_INVALID: {
    cause: 'the configuration file is not valid',
    retry: 'no',
    cure: 'correct the listed faults',
  },
  CONFIG_UNREADABLE: {
    cause: 'the configuration file cannot be read',
    retry: 'no',
    cure: 'give the path of a JSON file with --config',
  },
  SCREEN_MISSING: {
    cause: 'the built citizen app is not in screenDir',
    retry: 'no',
    cure: 'run npm run build',
  },
  CHANNEL_CLOSED: { cause: 'the channel of the screen is closed', retry: 'no' },
});
