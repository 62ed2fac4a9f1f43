import { AsyncLocalStorage } from 'node:async_hooks';

interface Work {
  readonly waiting: (() => void)[];
  ended: boolean;
}

/** Keeps what waits for the commit of the work it was asked in. */
export class AfterCommit {
  readonly #current = new AsyncLocalStorage<Work>();

  /** Runs `task` after the commit of the work that it is called from, or now. */
  readonly add = (task: () => void): void => {
    const work = this.#current.getStore();
    // a timer begun inside still knows the work, long after its end
    if (work && !work.ended) work.waiting.push(task);
    else task();
  };

  /** `commit` resolves when the work is committed; then what it left to be done is done. */
  async run<R>(commit: () => Promise<R>): Promise<R> {
    const work: Work = { waiting: [], ended: false };
    try {
      const result = await this.#current.run(work, commit);
      work.ended = true;
      for (const task of work.waiting) task();
      return result;
    } finally {
      work.ended = true;
    }
  }
}
