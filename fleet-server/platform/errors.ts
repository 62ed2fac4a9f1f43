import { errorsOf, type JollyError } from '@jolly/contracts/values';

/** What can go wrong on the way to the platform's REST services (debt positions, cart). */
export const platformErrors = {
  PLATFORM_UNREACHABLE: {
    cause: 'No connection to the platform, or it broke before the whole answer came',
    retry: 'later',
    cure: 'Check the url, the firewall and the certificate of the platform',
  },
  PLATFORM_TIMEOUT: {
    cause: 'The platform did not answer in time; the request may have been done',
    retry: 'later',
    cure: 'Look at the state of the platform (status.platform.pagopa.it)',
  },
  PLATFORM_ANSWER_INVALID: {
    cause: 'The answer is not the JSON that the published interface says',
    retry: 'later',
    cure: 'Something else than the platform answers at the url',
  },
} as const;

export type PlatformErrorCode = keyof typeof platformErrors;
export type PlatformError = JollyError<PlatformErrorCode>;
export const platformError = errorsOf(platformErrors);
