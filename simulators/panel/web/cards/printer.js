import { act, cable, card, group, pressed } from '../card.js';
import { el, refill } from '../dom.js';
import { clockTime, t } from '../words.js';

const LOOKS = { 'paper-low': 'warn', 'paper-out': 'bad', jam: 'bad', 'cutter-error': 'bad' };

/** The receipt printer: paper, faults, and the slips that came out, newest first. */
export function printerCard(does) {
  const shell = card('printer');
  const { element, body } = shell;
  const acts = (name) =>
    act(
      t(`printer.${name}`),
      () => does('printer/act', { action: name }, t(`printer.${name}`)),
      LOOKS[name] ?? '',
    );
  const names = [
    'load-paper',
    'paper-low',
    'paper-out',
    'open-cover',
    'close-cover',
    'jam',
    'clear-jam',
    'take-ticket',
    'cutter-error',
    'slow',
    'silent-after-job',
  ];
  const buttons = Object.fromEntries(names.map((name) => [name, acts(name)]));
  const slips = el('ol', { class: 'slips', tabindex: '0', 'aria-label': t('printer.slips') });
  const plug = cable((inserted) => does('printer/plug', { inserted }, t(inserted ? 'plug' : 'unplug')));
  body.append(
    group(t('printer.paper'), ...names.slice(0, 3).map((name) => buttons[name])),
    group(t('printer.faults'), ...names.slice(3).map((name) => buttons[name])),
    el(
      'div',
      { class: 'buttons foot' },
      plug.button,
      act(t('reset'), () => does('printer/act', { action: 'reset' }, t('reset'))),
    ),
    el('h3', {}, t('printer.slips')),
    el('div', { class: 'mouth', 'aria-hidden': 'true' }),
    slips,
  );
  return {
    element,
    missing: (why) => shell.link(why),
    update({ plugged, device }) {
      shell.wire(plugged, device.clients);
      plug.update(plugged);
      const { flags, slips: out } = device;
      const inForce = {
        'load-paper': !flags.paperLow && !flags.paperOut,
        'paper-low': flags.paperLow && !flags.paperOut,
        'paper-out': flags.paperOut,
        'open-cover': flags.coverOpen,
        jam: flags.jam,
        'cutter-error': flags.cutterError,
      };
      for (const [name, on] of Object.entries(inForce)) pressed(buttons[name], on);
      buttons['take-ticket'].disabled = !flags.ticketInMouth;
      const ids = out.map(({ id, at }) => [id, at]);
      refill(slips, ids, () =>
        out.length === 0
          ? [el('li', { class: 'quiet' }, t('printer.none'))]
          : out
              .toReversed()
              .map(({ id, at, text }) =>
                el(
                  'li',
                  { class: 'slip' },
                  el('img', { src: `/api/printer/slips/${id}.svg?at=${at}`, alt: text }),
                  el('time', {}, clockTime(at)),
                ),
              ),
      );
    },
  };
}
