import { act, card, group, pressed } from '../card.js';
import { el, refill } from '../dom.js';
import { euro, t } from '../words.js';

const MODES = ['none', 'drop-before', 'drop-after', 'delay', 'duplicate', 'malformed', 'reset', 'http-503'];
const DELAY_MS = 8000;
/** Scenarios whose notice cannot be paid: they say more than the position's own state. */
const SPEAKING = ['expired', 'revoked', 'unknown', 'creditor-unknown'];
const stateOf = ({ state, scenario }) =>
  state === 'PAID' || state === 'PAYING' ? state : SPEAKING.includes(scenario) ? scenario : 'payable';
const OPERATIONS = ['any', 'verify', 'activate', 'outcome'];
const COUNTS = { always: undefined, once: 1, thrice: 3 };

const select = (id, label, values) => {
  const choice = el('select', { id }, ...values.map((value) => el('option', { value }, t(`node.${value}`))));
  return { choice, row: el('div', { class: 'choice' }, el('label', { for: id }, label), choice) };
};

/** The node of the payments: how its network answers, and each notice's state. */
export function nodeCard(does) {
  const { element, body, link } = card('node');
  const operation = select('operation', t('node.operation'), OPERATIONS);
  const count = select('count', t('node.count'), Object.keys(COUNTS));
  const send = (chosen) => {
    const fault = {
      mode: chosen,
      ...(chosen === 'delay' && { delayMs: DELAY_MS }),
      ...(operation.choice.value !== 'any' && { operation: operation.choice.value }),
      ...(COUNTS[count.choice.value] !== undefined && { count: COUNTS[count.choice.value] }),
    };
    return does('node/control/faults', fault, t(`node.${chosen}`));
  };
  const modes = Object.fromEntries(
    MODES.map((name) => [name, act(t(`node.${name}`), () => send(name), name === 'none' ? 'good' : 'warn')]),
  );
  const rows = el('tbody');
  body.append(
    group(t('node.answer'), ...Object.values(modes)),
    el('div', { class: 'choices' }, operation.row, count.row),
    el(
      'div',
      { class: 'buttons foot' },
      act(t('reset'), () => does('node/control/reset', {}, t('reset'))),
    ),
    el(
      'div',
      { class: 'table', tabindex: '0', role: 'region', 'aria-label': t('node.notices') },
      el(
        'table',
        {},
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            el('th', { scope: 'col' }, t('node.notices')),
            el('th', { scope: 'col', class: 'end' }, t('node.amount')),
            el('th', { scope: 'col' }, t('node.state')),
          ),
        ),
        rows,
      ),
    ),
  );
  return {
    element,
    missing: (why) => link(why),
    update(notices, { fault }) {
      link('connected', t('running'));
      for (const [name, button] of Object.entries(modes)) pressed(button, name === fault.mode);
      const shown = notices.map((notice) => [notice.label, notice.amountCents, stateOf(notice)]);
      refill(rows, shown, () =>
        shown.map(([label, cents, state]) =>
          el(
            'tr',
            {},
            el('td', {}, label),
            el('td', { class: 'end' }, euro(cents)),
            el('td', {}, el('span', { class: 'state', 'data-state': state }, t(`state.${state}`))),
          ),
        ),
      );
    },
  };
}
