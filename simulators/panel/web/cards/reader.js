import { act, cable, card, group } from '../card.js';
import { asImage, el, refill, say } from '../dom.js';
import { clockTime, euro, t } from '../words.js';

/** Codes people bring that are no notices. Invented persons. */
const OTHERS = {
  idpay: { text: 'https://continua.io.pagopa.it/idpay/auth/qbbpd0kv', aim: ']Q1' },
  sepa: {
    text: 'BCD\n002\n1\nSCT\n\nComune\nIT60X0542811101000000123456\nEUR10.00',
    aim: ']Q1',
    suffix: 'stx-etx',
  },
  tessera: { text: 'RSSMRA80A01H501U', aim: ']A0' },
  product: { text: '5901234123457', aim: ']E0' },
  layout: { text: 'PAGOPA§002§347757495084057244§82827379742§2500', aim: ']Q1' },
};
const ENDINGS = { crlf: 'CR LF', cr: 'CR', lf: 'LF', tab: 'TAB', 'stx-etx': 'STX…ETX', none: '—' };

const inFours = (digits) => digits.replace(/(\d{4})(?=\d)/g, '$1 ');

/** The barcode reader: notices to show it with one click, codes that are none, and any text. */
export function readerCard(does) {
  const shell = card('barcode');
  const { element, body } = shell;
  const scan = (text, what, more = {}) => does('barcode/act', { action: 'scan', text, ...more }, what);
  const list = el('ol', { class: 'notices', tabindex: '0', 'aria-label': t('barcode.show') });
  const last = el('ol', { class: 'log' });
  const trigger = el('p', { class: 'quiet' });
  const plug = cable((inserted) => does('barcode/plug', { inserted }, t(inserted ? 'plug' : 'unplug')));

  const text = el('textarea', {
    id: 'free',
    rows: '2',
    maxlength: '3000',
    spellcheck: 'false',
    required: true,
  });
  const ending = el(
    'select',
    { id: 'ending' },
    ...Object.entries(ENDINGS).map(([value, words]) => el('option', { value }, words)),
  );
  const pieces = el('input', { id: 'pieces', type: 'checkbox' });
  const free = el(
    'form',
    {
      class: 'free',
      onsubmit: (event) => {
        event.preventDefault();
        const action = pieces.checked
          ? {
              action: 'scan-split',
              chunks: text.value.match(/[\s\S]{1,10}/gu),
              gapMs: 30,
              suffix: ending.value,
            }
          : { action: 'scan', text: text.value, suffix: ending.value };
        does('barcode/act', action, t('barcode.free'));
      },
    },
    el('label', { for: 'free' }, t('barcode.free')),
    text,
    el(
      'div',
      { class: 'free-row' },
      el('label', { for: 'ending' }, t('barcode.ending')),
      ending,
      el('label', { class: 'check' }, pieces, t('barcode.pieces')),
      el('button', { type: 'submit', class: 'act main' }, t('barcode.scan')),
    ),
  );

  const row = (notice) =>
    el(
      'li',
      { class: 'notice' },
      el(
        'button',
        { type: 'button', class: 'show', onclick: () => scan(notice.qr, notice.label, { aim: ']Q1' }) },
        el('img', { src: asImage(notice.qrDrawing), alt: '', width: '64', height: '64' }),
        el(
          'span',
          { class: 'notice-words' },
          el('b', {}, notice.label),
          el('span', { class: 'number' }, inFours(notice.noticeNumber)),
          el('span', { class: 'amount' }, euro(notice.amountCents)),
        ),
      ),
      el(
        'button',
        {
          type: 'button',
          class: 'slip-code',
          'aria-label': t('barcode.slipHelp', { label: notice.label }),
          onclick: () => scan(notice.dataMatrix, `${t('barcode.slip')}, ${notice.label}`, { aim: ']d1' }),
        },
        t('barcode.slip'),
      ),
    );

  body.append(
    el('h3', {}, t('barcode.show')),
    list,
    group(
      t('barcode.others'),
      ...Object.entries(OTHERS).map(([name, { text: code, ...more }]) =>
        act(t(`barcode.${name}`), () => scan(code, t(`barcode.${name}`), more)),
      ),
      act(
        t('barcode.noise'),
        () => does('barcode/act', { action: 'noise', bytes: 200 }, t('barcode.noise')),
        'warn',
      ),
    ),
    free,
    el(
      'div',
      { class: 'buttons foot' },
      plug.button,
      act(t('reset'), () => does('barcode/act', { action: 'reset' }, t('reset'))),
      trigger,
    ),
    el('h3', {}, t('barcode.last')),
    last,
  );
  return {
    element,
    missing: (why) => shell.link(why),
    notices(notices) {
      // The state of a notice is the node's card's; here only what is drawn matters.
      const key = notices?.map(({ qr, label }) => [qr, label]) ?? null;
      refill(list, key, () => notices?.map(row) ?? [el('li', { class: 'quiet' }, t('barcode.noNotices'))]);
    },
    update({ plugged, device }) {
      shell.wire(plugged, device.clients);
      plug.update(plugged);
      say(trigger, t(`barcode.trigger-${device.trigger}`));
      const scans = device.scans.slice(0, 6);
      refill(last, scans, () =>
        scans.length === 0
          ? [el('li', { class: 'quiet' }, t('barcode.none'))]
          : scans.map((read) =>
              el(
                'li',
                {},
                el('time', {}, clockTime(read.at)),
                el('code', {}, read.text),
                read.sentTo === 0 ? el('span', { class: 'quiet' }, t('barcode.unsent')) : undefined,
              ),
            ),
      );
    },
  };
}
