import { get, post } from './api.js';
import { cabinetCard } from './cards/cabinet.js';
import { citizensCard } from './cards/citizens.js';
import { keypadCard } from './cards/keypad.js';
import { nodeCard } from './cards/node.js';
import { posCard } from './cards/pos.js';
import { printerCard } from './cards/printer.js';
import { readerCard } from './cards/reader.js';
import { el, say } from './dom.js';
import { language, otherLanguage, t } from './words.js';

const EVERY_MS = 700;
const said = document.getElementById('said');

/** Says what was done, for eyes and ears. */
function tell(text, bad = false) {
  say(said, text);
  said.classList.toggle('bad', bad);
  said.classList.add('shown');
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => said.classList.remove('shown'), 3500);
}

const { devices } = await get('devices');
const has = (name) => devices.includes(name);

/** Does an act on a device, says so, and looks at once what came of it. */
async function does(path, body, what) {
  try {
    await post(path, body);
    tell(t('done', { what }));
  } catch (error) {
    tell(t('failed', { what: `${what} (${error.message})` }), true);
  }
  await look();
}

const cards = {
  pos: posCard(does),
  printer: printerCard(does),
  barcode: readerCard(does),
  node: nodeCard(does),
  card: citizensCard(does),
  cabinet: cabinetCard(does),
  keypad: keypadCard(does),
};
/** Cards are laid and taken, and the node has no cable of its own. */
const WITH_CABLE = ['pos', 'printer', 'barcode', 'cabinet', 'keypad'];

async function lookAt(name) {
  const card = cards[name];
  if (!has(name)) return card.missing('absent');
  try {
    if (name === 'node') {
      const [notices, settings] = await Promise.all([get('notices'), get('node/control/settings')]);
      cards.barcode.notices(notices);
      card.update(notices, settings);
    } else {
      card.update(await get(`${name}/state`));
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    card.missing('silent');
    if (name === 'node') cards.barcode.notices(undefined);
  }
}

const look = () => Promise.all(Object.keys(cards).map(lookAt));

async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, EVERY_MS);
}

async function resetAll() {
  const resets = devices.map((name) =>
    name === 'node' ? post('node/control/reset', {}) : post(`${name}/act`, { action: 'reset' }),
  );
  const plugs = devices
    .filter((name) => WITH_CABLE.includes(name))
    .map((name) => post(`${name}/plug`, { inserted: true }));
  const results = await Promise.allSettled([...resets, ...plugs]);
  const failed = results.filter(({ status }) => status === 'rejected').length;
  tell(failed ? t('failed', { what: t('resetAll') }) : t('resetDone'), failed > 0);
  await look();
}

document.documentElement.lang = language();
document.title = t('title');
say(document.getElementById('lead'), t('lead'));
document
  .getElementById('bar-end')
  .append(
    el('button', { type: 'button', class: 'bar-act', onclick: resetAll }, t('resetAll')),
    el(
      'button',
      { type: 'button', class: 'bar-act', lang: language() === 'it' ? 'en' : 'it', onclick: otherLanguage },
      t('language'),
    ),
  );
const { card: citizens, ...others } = cards;
// The citizens' cards begin a session; where no simulator has them they are out of the way.
const inOrder = has('card') ? [citizens, ...Object.values(others)] : [...Object.values(others), citizens];
document.getElementById('cards').append(...inOrder.map((card) => card.element));
await keepLooking();
