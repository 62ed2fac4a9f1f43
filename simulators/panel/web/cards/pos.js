import { act, cable, card, group, pressed } from '../card.js';
import { el, refill } from '../dom.js';
import { clockTime, euro, t } from '../words.js';

/** What each answer button asks of the simulator. */
const ANSWERS = {
  approve: { action: 'approve' },
  decline: { action: 'decline' },
  doubtful: { action: 'doubtful' },
  'lost-charged': { action: 'lost-answer', charged: true },
  'lost-not-charged': { action: 'lost-answer', charged: false },
  slow: { action: 'slow', ms: 8000 },
  silent: { action: 'silent' },
  'not-operative': { action: 'not-operative' },
};
const GESTURES = ['present-card', 'hold-card', 'cancel-at-terminal'];
const LOOKS = { approve: 'good', decline: 'bad', doubtful: 'warn', 'present-card': 'main' };

/** The card terminal: its little screen, and how it will answer. */
export function posCard(does) {
  const shell = card('pos');
  const { element, body } = shell;
  const acts = (name, action) =>
    act(t(`pos.${name}`), () => does('pos/act', action, t(`pos.${name}`)), LOOKS[name] ?? '');
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
    group(t('pos.gesture'), ...GESTURES.map((name) => acts(name, { action: name }))),
    group(t('pos.answer'), ...Object.values(answers)),
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
      shell.wire(plugged, device.clients);
      plug.update(plugged);
      const shown = [device.display].flat().filter(Boolean);
      refill(lines, shown, () => shown.map((line) => el('p', {}, line)));
      element.dataset.mode = device.mode;
      for (const [name, button] of Object.entries(answers)) pressed(button, name === device.mode);
      const done = device.operations ?? [];
      refill(last, done, () =>
        done.length === 0
          ? [el('li', { class: 'quiet' }, t('pos.none'))]
          : done.map(({ at, text, amountCents }) =>
              el(
                'li',
                {},
                el('time', {}, clockTime(at)),
                el('span', {}, text),
                el('b', {}, euro(amountCents)),
              ),
            ),
      );
    },
  };
}
