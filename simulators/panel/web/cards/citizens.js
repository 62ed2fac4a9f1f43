import { act, card, group, pressed } from '../card.js';
import { el, icon, refill, say } from '../dom.js';
import { t } from '../words.js';

const READERS = [0, 1];
/** Faults that strike at one command, which the field says; then they are spent. */
const AT_COMMAND = ['remove-at', 'wrong-mac', 'unknown-status'];
const ONCE = ['endless', 'lying-length'];
const LASTING = ['slow', 'clone', 'bad-sod', 'mute'];
/** A delay at every command: a login of sixty takes half a minute. */
const SLOW_MS = 500;
const PIN_TRIES = [3, 2, 1, 0];
const CODES = ['pin', 'can', 'puk', 'documentNumber'];

/** Codes of six and eight digits in two halves, as they are said aloud. */
const inHalves = (code) => code.replace(/^(\d{3}|\d{4})(?=\d{3,4}$)/, (half) => `${half} `);
const marksOf = ({ expired, revoked, pinTries, pukTries }) =>
  [
    expired && 'expired',
    revoked && 'revoked',
    pinTries === 0 && 'pin-blocked',
    pukTries === 0 && 'puk-blocked',
  ]
    .filter((mark) => mark !== false)
    .map((mark) => el('span', { class: 'mark' }, t(`card.${mark}`)));

/** A citizen's card: what is printed on it, the secrets a test needs, and where to lay it. */
function citizenCard(citizen, { hold, take }) {
  const { id, name } = citizen;
  const marks = el('p', { class: 'marks' });
  const tries = el('p', { class: 'tries' });
  const places = READERS.map((reader) => {
    const button = act(t('card.reader', { n: reader + 1 }), () =>
      button.getAttribute('aria-pressed') === 'true' ? take(reader, name) : hold(id, reader, name),
    );
    button.setAttribute('aria-label', t('card.lay', { n: reader + 1, name }));
    return button;
  });
  const codes = CODES.filter((code) => citizen[code] !== undefined);
  const element = el(
    'li',
    { class: 'citizen', 'data-card': citizen.card },
    el('p', { class: 'band' }, t(`card.${citizen.card}`)),
    el(
      'div',
      { class: 'citizen-body' },
      el('h3', { class: 'citizen-name' }, name),
      marks,
      el(
        'dl',
        { class: 'codes' },
        ...codes.map((code) =>
          el('div', {}, el('dt', {}, t(`card.${code}`)), el('dd', {}, inHalves(citizen[code]))),
        ),
      ),
      tries,
      el('div', { class: 'buttons' }, ...places),
    ),
  );
  return {
    element,
    update(now, readers) {
      const { expired, revoked, pinTries, pukTries } = now;
      refill(marks, [expired, revoked, pinTries === 0, pukTries === 0], () => marksOf(now));
      say(tries, t('card.tries', { pin: pinTries, puk: pukTries }));
      for (const [at, button] of places.entries())
        pressed(
          button,
          readers.some(({ index, held }) => index === at && held === id),
        );
    },
  };
}

/** A reader with what lies on it and how many commands went through. */
function readerPad(index, { take }) {
  const pad = el('div', { class: 'pad' });
  const count = el('b', { class: 'count' });
  const said = el('span', { class: 'quiet' });
  const away = act(t('card.take'), () => take(index));
  away.setAttribute('aria-label', t('card.takeFrom', { n: index + 1 }));
  const element = el(
    'section',
    { class: 'card-reader', 'aria-labelledby': `reader-${index}` },
    el('h3', { id: `reader-${index}` }, t('card.reader', { n: index + 1 })),
    pad,
    el('p', { class: 'commands' }, count, el('span', {}, t('card.commands')), said),
    el('div', { class: 'buttons' }, away),
  );
  return {
    element,
    update(reader, citizens) {
      const held = citizens.find(({ id }) => id === reader?.held);
      refill(pad, held ? [held.id, held.name] : null, () =>
        held
          ? [el('p', { class: 'laid', 'data-card': held.card }, icon('card'), el('span', {}, held.name))]
          : [el('p', { class: 'empty' }, t('card.none'))],
      );
      say(count, String(reader?.apdus ?? 0));
      say(said, held ? t(reader.connected ? 'card.seen' : 'card.unseen') : '');
      away.disabled = !held;
    },
  };
}

/** The citizens' cards, the two readers they are laid on, and all that can go wrong with them. */
export function citizensCard(does) {
  const shell = card('card');
  const { element, body } = shell;
  const order = (action, what) => does('card/act', action, what);
  const moves = {
    hold: (citizen, reader, name) =>
      order({ action: 'hold', citizen, reader }, t('card.held', { name, n: reader + 1 })),
    take: (reader) => order({ action: 'take', reader }, t('card.takeFrom', { n: reader + 1 })),
  };
  const readers = READERS.map((index) => readerPad(index, moves));
  let citizens = [];
  const list = el('ol', { class: 'citizens', 'aria-label': t('card.citizens') });

  const where = el(
    'select',
    { id: 'fault-reader' },
    el('option', { value: '' }, t('card.anyReader')),
    ...READERS.map((index) => el('option', { value: String(index) }, t('card.reader', { n: index + 1 }))),
  );
  const command = el('input', {
    id: 'fault-apdu',
    type: 'number',
    min: 1,
    max: 999,
    value: 20,
    required: true,
  });
  const reader = () => (where.value === '' ? {} : { reader: Number(where.value) });
  const fault = (kind) => {
    const strikesAt = AT_COMMAND.includes(kind);
    if (strikesAt && !command.reportValidity()) return undefined;
    const made = {
      kind,
      ...(strikesAt && { apdu: command.valueAsNumber }),
      ...(kind === 'slow' && { ms: SLOW_MS }),
    };
    return order({ action: 'fault', fault: made, ...reader() }, t(`card.${kind}`));
  };
  const faults = Object.fromEntries(
    [...AT_COMMAND, ...ONCE, ...LASTING].map((kind) => [
      kind,
      act(t(`card.${kind}`), () => fault(kind), 'warn'),
    ]),
  );
  const none = act(t('card.noFault'), () => order({ action: 'clear-faults' }, t('card.noFault')), 'good');
  const authority = act(t('card.ca-unreachable'), () => {
    const reachable = authority.getAttribute('aria-pressed') === 'true';
    return order({ action: 'ca', reachable }, t(reachable ? 'card.ca-reachable' : 'card.ca-unreachable'));
  });
  let onReader;
  const tries = PIN_TRIES.map((pin) =>
    act(
      t(`card.tries-${pin}`),
      () => order({ action: 'set-tries', citizen: onReader, pin }, t(`card.tries-${pin}`)),
      pin === 0 ? 'bad' : '',
    ),
  );
  const choice = (label, field) =>
    el('div', { class: 'choice' }, el('label', { for: field.id }, label), field);

  body.append(
    el('div', { class: 'card-readers' }, ...readers.map((pad) => pad.element)),
    el(
      'div',
      { class: 'card-faults' },
      el('div', { class: 'choices' }, choice(t('card.on'), where), choice(t('card.at'), command)),
      group(t('card.faultsAt'), ...AT_COMMAND.map((kind) => faults[kind])),
      group(t('card.faults'), none, ...[...LASTING, ...ONCE].map((kind) => faults[kind]), authority),
      group(t('card.pinTries'), ...tries),
      el(
        'div',
        { class: 'buttons foot' },
        act(t('reset'), () => order({ action: 'reset' }, t('reset'))),
      ),
    ),
    list,
  );
  return {
    element,
    missing: (why) => shell.link(why),
    update({ device }) {
      const held = device.readers.filter(({ held: laid }) => laid !== undefined);
      const waits = held.some(({ connected }) => !connected);
      shell.link(waits ? 'waiting' : 'connected', held.length === 0 ? t('running') : undefined);
      for (const [index, pad] of readers.entries())
        pad.update(
          device.readers.find((one) => one.index === index),
          device.citizens,
        );
      const known = device.citizens.map(({ id, name, pin }) => [id, name, pin]);
      refill(list, known, () => {
        citizens = device.citizens.map((citizen) => ({ id: citizen.id, ...citizenCard(citizen, moves) }));
        return citizens.map((citizen) => citizen.element);
      });
      for (const citizen of citizens)
        citizen.update(
          device.citizens.find(({ id }) => id === citizen.id),
          device.readers,
        );
      const kinds = device.faults.map(({ fault: one }) => one.kind);
      for (const [kind, button] of Object.entries(faults)) pressed(button, kinds.includes(kind));
      pressed(none, kinds.length === 0);
      pressed(authority, !device.ca.reachable);
      onReader = (held.find(({ index }) => String(index) === where.value) ?? held[0])?.held;
      const left = device.citizens.find(({ id }) => id === onReader)?.pinTries;
      for (const [at, button] of tries.entries()) {
        button.disabled = onReader === undefined;
        pressed(button, left === PIN_TRIES[at]);
      }
    },
  };
}
