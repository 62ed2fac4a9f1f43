import { errorsOf } from '@jolly/contracts/values';

export const paymentErrors = {
  PAYMENT_RUNNING: {
    cause: 'another payment is in front of the citizen',
    retry: 'later',
    cure: 'a programming fault of the session: end the running payment first',
  },
} as const;

export const paymentError = errorsOf(paymentErrors);
