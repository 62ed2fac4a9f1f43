import { errorsOf } from '@jolly/contracts/values';

export const outboxErrors = {
  LETTER_UNFIT: {
    cause: 'a letter on the disk does not fit what the server takes: it is kept, and never sent',
    retry: 'no',
    cure: 'see `jolly journal open`, and hand the data folder to the service centre: the figures must reach the server by hand',
  },
} as const;

export const outboxError = errorsOf(outboxErrors);
