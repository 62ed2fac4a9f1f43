import { act, cable, card, group } from '../card.js';
import { el, refill, say } from '../dom.js';
import { clockTime, t } from '../words.js';

/** Rows of the drawn keypad, as the raised keys lie; undefined is a gap. */
const NAVIGATION = [
  ['help', 'up', 'repeat'],
  ['left', 'ok', 'right'],
  ['back', 'down', 'volume-up'],
  [undefined, undefined, 'volume-down'],
];
const DIGITS = [
  ['1', '2', '3'],
  ['4', '5', '6'],
  ['7', '8', '9'],
  [undefined, '0', 'clear'],
];
const SIGNS = {
  up: '▲',
  down: '▼',
  left: '◀',
  right: '▶',
  ok: '●',
  back: '↩',
  repeat: '↻',
  help: '?',
  'volume-up': '+',
  'volume-down': '−',
  clear: '⌫',
};

const nameOf = (key) => (/^\d$/.test(key) ? t('keypad.digit', { n: key }) : t(`keypad.${key}`));

/** The tactile keypad with its jack: keys to press, a headset to plug in, and the loudness the terminal asked for. */
export function keypadCard(does) {
  const shell = card('keypad');
  const { element, body } = shell;
  const key = (name) =>
    name === undefined
      ? el('span', {})
      : el(
          'button',
          {
            type: 'button',
            class: `tactile${name === '5' ? ' tactile-five' : ''}`,
            'aria-label': nameOf(name),
            onclick: () => does('keypad/act', { action: 'press', key: name }, nameOf(name)),
          },
          SIGNS[name] ?? name,
        );
  const block = (rows) => el('div', { class: 'tactile-block' }, ...rows.flat().map(key));
  const headset = act(
    t('keypad.plugIn'),
    () => {
      const plugged = headset.dataset.in !== 'true';
      does('keypad/act', { action: 'headset', plugged }, t(plugged ? 'keypad.plugIn' : 'keypad.plugOut'));
    },
    'main',
  );
  const plugState = el('p', { class: 'quiet' });
  const level = el('p', { class: 'quiet' });
  const last = el('ol', { class: 'log' });
  const plug = cable((inserted) => does('keypad/plug', { inserted }, t(inserted ? 'plug' : 'unplug')));
  const fault = (name, action) =>
    act(t(`keypad.${name}`), () => does('keypad/act', action, t(`keypad.${name}`)), 'warn');
  body.append(
    el(
      'div',
      { class: 'tactile-pad', role: 'group', 'aria-label': t('keypad.pad') },
      block(NAVIGATION),
      block(DIGITS),
    ),
    group(t('keypad.headset'), headset, plugState, level),
    group(
      t('keypad.faults'),
      fault('bounce', { action: 'bounce', key: 'down' }),
      fault('hold', { action: 'hold', key: 'help' }),
      act(t('keypad.release'), () => does('keypad/act', { action: 'release' }, t('keypad.release'))),
      fault('noise', { action: 'noise', bytes: 200 }),
    ),
    el(
      'div',
      { class: 'buttons foot' },
      plug.button,
      act(t('reset'), () => does('keypad/act', { action: 'reset' }, t('reset'))),
    ),
    el('h3', {}, t('keypad.last')),
    last,
  );
  return {
    element,
    missing: (why) => shell.link(why),
    update({ plugged, device }) {
      shell.wire(plugged, device.clients);
      plug.update(plugged);
      headset.dataset.in = String(device.headset);
      say(headset, t(device.headset ? 'keypad.plugOut' : 'keypad.plugIn'));
      say(plugState, t(device.headset ? 'keypad.in' : 'keypad.out'));
      say(
        level,
        device.level === undefined
          ? t('keypad.noLevel')
          : t('keypad.level', { level: Math.round(device.level * 100) }),
      );
      const pressed = device.pressed.slice(0, 6);
      refill(last, pressed, () =>
        pressed.length === 0
          ? [el('li', { class: 'quiet' }, t('keypad.none'))]
          : pressed.map(({ at, key: name }) =>
              el('li', {}, el('time', {}, clockTime(at)), el('code', {}, name === '·' ? '·' : nameOf(name))),
            ),
      );
    },
  };
}
