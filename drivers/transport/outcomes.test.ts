import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { type Connector, Link, outcomesOnly } from './index.ts';

const settle = async () => {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
};

describe('the log of a link opened for each job', () => {
  it('has one line for each change of outcome, and none for a job like the one before', async () => {
    const logged: string[] = [];
    const context = outcomesOnly({
      clock: new ManualClock(),
      log: (event: string, detail?: Readonly<Record<string, unknown>>) =>
        void logged.push(detail?.reason ? `${event} ${detail.reason}` : event),
    });
    let refuses = '';
    const connector: Connector = (events) => {
      void Promise.resolve().then(() => (refuses ? events.lost(refuses) : events.opened()));
      return { write: () => Promise.resolve(), drop: () => Promise.resolve() };
    };
    const job = async () => {
      const link = new Link('test:', connector, context);
      link.start({ data: () => undefined, state: () => undefined });
      await settle();
      await link.close();
    };
    for (const outcome of ['', '', 'refused', 'refused', 'timeout', '', '']) {
      refuses = outcome;
      await job();
    }
    expect(logged).toEqual(['link.open', 'link.waiting refused', 'link.waiting timeout', 'link.open']);
  });

  it('keeps every line that is not about the link', () => {
    const logged: string[] = [];
    const { log } = outcomesOnly({ log: (event: string) => void logged.push(event) });
    for (const event of ['printer.job', 'link.open', 'printer.job', 'link.open']) log(event);
    expect(logged).toEqual(['printer.job', 'link.open', 'printer.job']);
  });
});
