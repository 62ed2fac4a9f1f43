import type { NoticeView } from '@jolly/contracts/terminal-channel';
import type { FormCommand } from '../services/index.ts';
import type { PaymentView } from './events.ts';
import { SERVICES_A_PAGE, startVisitTo, words } from './parts.ts';

/** Words of the session's chart about payments without a notice, several payments, and finishing on the phone. */

/** As services are counted: a word without dots. */
export const countedAs = (service: string): string => service.replaceAll('.', '-').slice(0, 40);

export const pagesOf = (services: readonly unknown[]): number =>
  Math.max(1, Math.ceil(services.length / SERVICES_A_PAGE));

export const takeServices = words.assign(({ context, event }) =>
  event.type === 'services'
    ? { services: event.services, servicesPage: Math.min(context.servicesPage, pagesOf(event.services)) }
    : {},
);

export const firstPage = words.assign({ servicesPage: 1 });
export const turnPage = words.assign({
  servicesPage: ({ context, event }) =>
    event.type === 'intent.services-page' ? event.page : context.servicesPage,
});

export const openForm = words.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'intent.choose-service') return;
  if (context.visit && !context.visit.ended)
    enqueue({ type: 'effect', params: { do: 'usage', service: context.visit.service, step: 'abandon' } });
  enqueue.assign(startVisitTo(countedAs(event.service)));
  enqueue({ type: 'effect', params: { do: 'usage', service: countedAs(event.service), step: 'open' } });
  enqueue({ type: 'effect', params: { do: 'open-form', service: event.service } });
});

const tell = (command: FormCommand) => ({
  type: 'effect' as const,
  params: { do: 'form-command' as const, command },
});

export const tellForm = words.enqueueActions(({ event, enqueue }) => {
  switch (event.type) {
    case 'intent.write':
      return enqueue(tell({ type: 'write', text: event.text }));
    case 'intent.digit':
      return enqueue(tell({ type: 'write', text: event.digit }));
    case 'intent.erase':
      return enqueue(tell({ type: 'erase' }));
    case 'intent.clear-field':
      return enqueue(tell({ type: 'clear' }));
    case 'intent.pick':
      return enqueue(tell({ type: 'pick', value: event.value }));
    case 'intent.correct':
      return enqueue(tell({ type: 'correct', field: event.field }));
    case 'intent.submit-field':
      return enqueue(tell({ type: 'submit-field' }));
    case 'intent.submit-form':
      return enqueue(tell({ type: 'submit-form' }));
    case 'intent.back':
      return enqueue(tell({ type: 'back' }));
  }
});

export const followForm = words.assign({
  form: ({ context, event }) => (event.type === 'form' ? event.view : context.form),
});

/** The answers are forgotten: whoever runs the session lets go of a form that the chart no longer knows. */
export const leaveForm = words.assign({ form: undefined });

/** The notice was made of the answers: from here it is a notice like any other. */
export const payMade = words.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'form' || !event.view.made) return;
  if (context.visit)
    enqueue({ type: 'effect', params: { do: 'usage', service: context.visit.service, step: 'use' } });
  enqueue({ type: 'effect', params: { do: 'open-payment', notice: event.view.made } });
});

const noticeOf = (view: PaymentView | undefined): NoticeView | undefined =>
  view?.screen.name === 'pay-check' ? view.screen.notice : undefined;

export const askCart = words.enqueueActions(({ context, enqueue }) => {
  const notice = noticeOf(context.payment);
  enqueue.assign({ cart: undefined });
  if (notice) enqueue({ type: 'effect', params: { do: 'ask-cart', notice } });
});

export const takeCart = words.assign({
  cart: ({ context, event }) => {
    if (event.type !== 'cart') return context.cart;
    return event.url === undefined ? { problem: true } : { url: event.url };
  },
});
export const forgetCart = words.assign({ cart: undefined });

export const printSummary = words.enqueueActions(({ context, enqueue }) => {
  enqueue.assign({ summaryPaper: context.summaryPaper === 'printed' ? 'reprinting' : 'printing' });
  enqueue({ type: 'effect', params: { do: 'print-summary', paid: context.paid } });
});
export const takeSummary = words.assign({
  summaryPaper: ({ context, event }) => (event.type === 'summary' ? event.paper : context.summaryPaper),
});
export const seeSummary = words.assign({ summarySeen: true });
