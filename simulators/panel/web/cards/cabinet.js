import { act, cable, card, group, pressed } from '../card.js';
import { el, say } from '../dom.js';
import { t } from '../words.js';

const NS = 'http://www.w3.org/2000/svg';

function shape(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Where each light stands, beside the device it speaks of. */
const PLACES = {
  status: [100, 14],
  headset: [43, 152],
  barcode: [100, 176],
  scanner: [73, 176],
  payment: [158, 152],
  contactless: [158, 176],
  cardReader: [127, 176],
  receiptPrinter: [70, 204],
  documentPrinter: [130, 204],
};

/** The cabinet from the front: screen, mouths, door, plug, and somebody before it. */
function drawing() {
  const lamps = Object.fromEntries(
    Object.entries(PLACES).map(([name, [cx, cy]]) => [
      name,
      shape('circle', { cx, cy, r: 6, class: 'lamp' }, shape('title', {}, t(`cabinet.light.${name}`))),
    ]),
  );
  const svg = shape(
    'svg',
    { viewBox: '0 0 260 270', class: 'cabinet', role: 'img' },
    shape('path', { class: 'ground', d: 'M6 262h248' }),
    shape('path', { class: 'body', d: 'M32 8a6 6 0 0 1 6-6h124a6 6 0 0 1 6 6v254H32Z' }),
    shape('rect', { class: 'glass', x: 46, y: 26, width: 108, height: 112, rx: 4 }),
    shape('rect', { class: 'slot', x: 88, y: 184, width: 24, height: 5, rx: 2 }),
    shape('rect', { class: 'slot', x: 52, y: 212, width: 36, height: 5, rx: 2 }),
    shape('rect', { class: 'slot', x: 112, y: 212, width: 36, height: 5, rx: 2 }),
    shape('rect', { class: 'slot', x: 148, y: 184, width: 15, height: 22, rx: 2 }),
    shape('path', { class: 'door-shut', d: 'M42 226h116v32H42Z' }),
    shape('path', { class: 'door-open', d: 'M42 226 20 234v36l22-12Z M42 226h116v32H42Z' }),
    shape('path', { class: 'cable-line', d: 'M168 240h14v18h14' }),
    shape('path', { class: 'spark', d: 'm182 206-8 14h7l-3 12 10-16h-7l4-10Z' }),
    shape('rect', { class: 'cell', x: 172, y: 210, width: 26, height: 13, rx: 2 }),
    shape('rect', { class: 'cell-charge', x: 174, y: 212, width: 22, height: 9 }),
    shape(
      'g',
      { class: 'somebody' },
      shape('circle', { cx: 222, cy: 104, r: 15 }),
      shape('path', { d: 'M200 262v-78c0-34 9-56 22-56s22 22 22 56v78h-16v-56h-12v56Z' }),
    ),
    ...Object.values(lamps),
  );
  return { svg, lamps };
}

/** What a cabinet has besides what citizens use: its lights, who stands there, its door, its power. */
export function cabinetCard(does) {
  const shell = card('cabinet');
  const { element, body } = shell;
  const { svg, lamps } = drawing();
  const line = el('p', { class: 'cabinet-line' });
  const button = (name, action, look = '') =>
    act(t(`cabinet.${name}`), () => does('cabinet/act', action, t(`cabinet.${name}`)), look);
  const present = button('present', { action: 'presence', presence: 'present' });
  const absent = button('absent', { action: 'presence', presence: 'absent' });
  const open = button('open', { action: 'door', door: 'open' }, 'warn');
  const closed = button('closed', { action: 'door', door: 'closed' });
  const powers = {
    mains: button('mains', { action: 'power', power: 'mains' }),
    battery: button('battery', { action: 'power', power: 'battery' }, 'warn'),
    low: button('low', { action: 'power', power: 'low' }, 'bad'),
  };
  let device = {};
  const toggle = (name, field, action) =>
    act(t(`cabinet.${name}`), () => does('cabinet/act', action(!device[field]), t(`cabinet.${name}`)), 'bad');
  const stale = toggle('stale', 'stale', (on) => ({ action: 'stale', stale: on }));
  const hang = toggle('hang', 'hangs', (on) => ({ action: 'hang', hangs: on }));
  const plug = cable((inserted) => does('cabinet/plug', { inserted }, t(inserted ? 'plug' : 'unplug')));
  body.append(
    svg,
    line,
    group(t('cabinet.people'), present, absent),
    group(t('cabinet.door'), open, closed),
    group(t('cabinet.power'), ...Object.values(powers)),
    group(t('cabinet.faults'), stale, hang),
    el(
      'div',
      { class: 'buttons foot' },
      plug.button,
      act(t('reset'), () => does('cabinet/act', { action: 'reset' }, t('reset'))),
    ),
  );
  return {
    element,
    missing: (why) => shell.link(why),
    update({ plugged, device: now }) {
      device = now;
      shell.wire(plugged, now.clients.board);
      plug.update(plugged);
      for (const [name, lamp] of Object.entries(lamps)) {
        const look = now.lights[name];
        lamp.dataset.rate = look?.rate ?? 'off';
        lamp.dataset.colour = look?.colour ?? 'white';
      }
      svg.dataset.present = String(now.presence === 'present');
      svg.dataset.door = now.door;
      svg.dataset.power = now.power;
      svg.dataset.display = now.display;
      const lights = Object.keys(now.lights).map((name) => t(`cabinet.light.${name}`));
      const words = [
        lights.length > 0 ? t('cabinet.lit', { lights: lights.join(', ') }) : t('cabinet.dark'),
        t('cabinet.charge', { charge: now.charge }),
        ...(now.display === 'off' ? [t('cabinet.screen-off')] : []),
      ].join(' · ');
      say(line, words);
      svg.setAttribute('aria-label', t('cabinet.drawing', { what: words }));
      pressed(present, now.presence === 'present');
      pressed(absent, now.presence === 'absent');
      pressed(open, now.door === 'open');
      pressed(closed, now.door === 'closed');
      for (const [name, each] of Object.entries(powers)) pressed(each, now.power === name);
      pressed(stale, now.stale);
      pressed(hang, now.hangs);
    },
  };
}
