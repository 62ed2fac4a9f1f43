import { errorsOf } from '@jolly/contracts/values';

/** What can go wrong with the journal. Nobody may start or go on with a payment while one of these stands. */
export const journalErrors = {
  JOURNAL_UNWRITABLE: {
    cause: 'a step could not be written and synced to the disk',
    retry: 'later',
    message: 'problem.service-unavailable',
    cure: 'free space in the data folder, check that the disk is mounted for writing, then `jolly doctor`',
  },
  JOURNAL_BUSY: {
    cause: 'another process holds this journal for writing',
    retry: 'later',
    cure: 'only one runtime may run on a data folder: stop the other',
  },
  JOURNAL_VERSION: {
    cause: 'the journal was written by a newer version of the software',
    retry: 'no',
    cure: 'install that version, or migrate down with it first',
  },
  JOURNAL_ABSENT: {
    cause: 'there is no journal in this folder',
    retry: 'no',
    cure: 'give the data folder of the terminal: --data <folder>',
  },
  JOURNAL_DAMAGED: {
    cause: 'a journal row cannot be read',
    retry: 'no',
    cure: 'keep a copy of the data folder and call the service centre: the chain tells which row was changed',
  },
} as const;

export const journalError = errorsOf(journalErrors);
