import { act, cable, card, group, pressed } from '../card.js';
import { el, refill } from '../dom.js';
import { clockTime, euro, t } from '../words.js';

/** What each answer button asks of the simulator; it holds for the next payment. */
const ANSWERS = {
  approve: { action: 'approve' },
  decline: { action: 'decline' },
  doubtful: { action: 'doubtful' },
  'lost-charged': { action: 'lost-answer', charged: true },
  'lost-not-charged': { action: 'lost-answer', charged: false },
  slow: { action: 'slow', ms: 8000 },
};
/** Conditions that last: how each is switched, and whether the simulator says it is on. */
const CONDITIONS = {
  silent: { order: (on) => ({ action: 'silent', enabled: on }), on: ({ silent }) => silent },
  'not-operative': {
    order: (on) => ({ action: on ? 'not-operative' : 'operative' }),
    on: ({ operative }) => !operative,
  },
};
const holdCard = { order: (on) => ({ action: 'hold-card', enabled: on }), on: ({ holdCard: held }) => held };
const LOOKS = { approve: 'good', decline: 'bad', doubtful: 'warn', 'present-card': 'main' };

const answerOf = ({ mode, next }) =>
  mode === 'lost-answer' ? (next.charged ? 'lost-charged' : 'lost-not-charged') : mode;

/** The card terminal: its little screen, and how it will answer. */
export function posCard(does) {
  const shell = card('pos');
  const { element, body } = shell;
  const acts = (name, action) =>
    act(t(`pos.${name}`), () => does('pos/act', action, t(`pos.${name}`)), LOOKS[name] ?? '');
  const switches = {};
  const condition = (name, { order, on }) => {
    const button = act(t(`pos.${name}`), () =>
      does('pos/act', order(button.getAttribute('aria-pressed') !== 'true'), t(`pos.${name}`)),
    );
    switches[name] = { button, on };
    return button;
  };
  const lines = el('div', { class: 'screen-lines' });
  const screen = el(
    'div',
    { class: 'terminal' },
    el('div', { class: 'screen', role: 'status', 'aria-label': t('pos.screen') }, lines),
    el('div', { class: 'keys', 'aria-hidden': 'true' }, ...Array.from({ length: 12 }, () => el('i'))),
    el('div', { class: 'slot', 'aria-hidden': 'true' }),
  );
  const answers = Object.fromEntries(
    Object.entries(ANSWERS).map(([name, action]) => [name, acts(name, action)]),
  );
  const last = el('ol', { class: 'log' });
  const plug = cable((inserted) => does('pos/plug', { inserted }, t(inserted ? 'plug' : 'unplug')));
  body.append(
    screen,
    group(
      t('pos.gesture'),
      acts('present-card', { action: 'present-card' }),
      condition('hold-card', holdCard),
      acts('cancel-at-terminal', { action: 'cancel-at-terminal' }),
    ),
    group(t('pos.answer'), ...Object.values(answers)),
    group(t('pos.condition'), ...Object.entries(CONDITIONS).map(([name, how]) => condition(name, how))),
    el(
      'div',
      { class: 'buttons foot' },
      plug.button,
      act(t('reset'), () => does('pos/act', { action: 'reset' }, t('reset'))),
    ),
    el('h3', {}, t('pos.last')),
    last,
  );
  return {
    element,
    missing: (why) => shell.link(why),
    update({ plugged, device }) {
      // Terminals hang up between payments: not being connected is no fault.
      shell.wire(plugged, device.connected ? 1 : undefined);
      plug.update(plugged);
      const shown = String(device.display).split('\n');
      refill(lines, shown, () => shown.map((line) => el('p', {}, line)));
      const answer = answerOf(device);
      for (const [name, button] of Object.entries(answers)) pressed(button, name === answer);
      for (const { button, on } of Object.values(switches)) pressed(button, on(device.conditions));
      const done = device.ledger.slice(-6).toReversed();
      refill(last, done, () =>
        done.length === 0
          ? [el('li', { class: 'quiet' }, t('pos.none'))]
          : done.map((entry) =>
              el(
                'li',
                {},
                el('time', {}, clockTime(entry.at)),
                el('span', {}, t(`pos.${entry.kind}`)),
                el('b', {}, euro(entry.amountCents)),
              ),
            ),
      );
    },
  };
}
