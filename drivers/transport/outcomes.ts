import type { LinkContext } from './link.ts';

/**
 * The context for a link that is opened anew for each job: of its log, only an outcome (open, or lost and why) that differs
 * from the one before. A look every ten seconds would otherwise fill the log with lines that say nothing has changed.
 */
export function outcomesOnly<Context extends Pick<LinkContext, 'log'>>(context: Context): Context {
  let last = '';
  return {
    ...context,
    log: (event, detail) => {
      if (event === 'link.connecting') return;
      if (event.startsWith('link.')) {
        const outcome = `${event} ${detail?.reason ?? ''}`;
        if (outcome === last) return;
        last = outcome;
      }
      context.log(event, detail);
    },
  };
}
