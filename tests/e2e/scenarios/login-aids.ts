import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import {
  lay,
  press,
  type Stage,
  signIn,
  take,
  takeWhenAsked,
  typeKeys,
  until,
  walkInOrder,
  written,
} from '../stage/index.ts';

const LANDSCAPE = { width: 1920, height: 1080 };

/** The page in front with each aid in turn, and lying down. */
async function withAids(stage: Stage, picture: string): Promise<void> {
  await stage.tap('toggle-text-size');
  await stage.expectWords('Testo × 1,5');
  await stage.look(`${picture}-150`, { judged: true });
  await stage.tap('toggle-text-size');
  await stage.expectWords('Testo × 2');
  await stage.look(`${picture}-200`);
  await stage.tap('toggle-text-size');
  await stage.tap('toggle-contrast');
  await stage.page.locator('[data-theme="contrast"]').waitFor();
  await stage.look(`${picture}-contrast`);
  await stage.tap('toggle-contrast');
  await stage.tap('toggle-lowered');
  await stage.expectWords('Rialza');
  await stage.look(`${picture}-lowered`);
  await stage.tap('toggle-lowered');
  await stage.page.setViewportSize(LANDSCAPE);
  await stage.look(`${picture}-landscape`);
  await stage.page.setViewportSize({ width: 1080, height: 1920 });
}

const aids = scenario('card, PIN and greeting: large text, contrast, lowered, landscape', async (stage) => {
  await stage.tap('sign-in');
  await stage.on('login-card');
  await withAids(stage, '140-login-card');
  await lay(stage, 'giulia');
  await stage.on('login-secret');
  await withAids(stage, '141-login-pin');
  await stage.tap('leave');
  await stage.on('card-left');
  await take(stage);
  await stage.on('home');
  await signIn(stage, 'giulia');
  await withAids(stage, '142-signed-in');
});

const byKeyboard = scenario('by keyboard alone, from home to goodbye', async (stage) => {
  const { keyboard } = stage.page;
  const { pin } = await stage.devices.holder('giulia');
  await press(stage, 'sign-in');
  await stage.on('login-card');
  const onCard = await walkInOrder(stage);
  for (const way of ['action-no-card', 'action-forgot-pin', 'back', 'leave'])
    assert.ok(onCard.includes(way), way);
  await keyboard.press('Escape');
  await stage.on('home');
  await press(stage, 'sign-in');
  await stage.on('login-card');
  await press(stage, 'action-forgot-pin');
  await stage.on('login-other-ways');
  await walkInOrder(stage);
  await keyboard.press('Escape');
  await stage.on('login-card');
  await lay(stage, 'giulia');
  await stage.on('login-secret');
  const onPad = await walkInOrder(stage);
  const keys = onPad.filter((name) => name.startsWith('key-')).join(' ');
  assert.equal(keys, 'key-1 key-2 key-3 key-4 key-5 key-6 key-7 key-8 key-9 key-clear key-0 key-erase');
  await stage.button('key-5').focus();
  await stage.look('143-login-pin-focus', { judged: true });
  await typeKeys(stage, '99');
  await written(stage, 2);
  await keyboard.press('Backspace');
  await written(stage, 1);
  await keyboard.press('Delete');
  await written(stage, 0);
  await typeKeys(stage, pin.slice(0, 4));
  // and the pad’s own keys do the same under Enter
  for (const digit of pin.slice(4)) await press(stage, `key-${digit}`);
  await written(stage, 8);
  await press(stage, 'submit-secret');
  await stage.on('signed-in');
  await walkInOrder(stage);
  await takeWhenAsked(stage);
  await press(stage, 'action-continue');
  await stage.on('home');
  await walkInOrder(stage);
  await press(stage, 'leave');
  await stage.on('goodbye');
  await stage.on('home');
});

/** Everything that the caption line has held, in order. */
async function listen(stage: Stage): Promise<() => Promise<readonly string[]>> {
  await stage.page.evaluate(`(() => {
    const heard = (window.heard = []);
    const note = () => {
      const said = document.querySelector('[data-said]')?.getAttribute('data-said');
      if (said && heard.at(-1) !== said) heard.push(said);
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
    note();
  })()`);
  return () => stage.page.evaluate<readonly string[]>('window.heard');
}

const bySpeech = scenario('with “Ascolta”, without a look at the screen', async (stage) => {
  const { keyboard } = stage.page;
  const { pin } = await stage.devices.holder('giulia');
  const heard = await listen(stage);
  const hear = (words: string) =>
    until(`«${words}» is said`, async () => {
      const all = await heard();
      return all.some((said) => said.includes(words)) || Promise.reject(new Error(all.slice(-3).join(' | ')));
    });
  await press(stage, 'toggle-listen');
  await hear('Muoviti');
  await press(stage, 'sign-in');
  await hear('Appoggia o inserisci la carta.');
  await stage.look('144-login-card-listening');
  await lay(stage, 'giulia');
  await hear('Scrivi il PIN della carta.');
  const before = (await heard()).length;
  for (const [at, digit] of [...pin].entries()) {
    await typeKeys(stage, digit);
    await hear(`cifra ${at + 1} di 8`);
  }
  await stage.look('145-login-pin-listening');
  const typed = (await heard()).slice(before);
  assert.ok(typed.length >= pin.length, typed.join(' | '));
  await keyboard.press('Enter');
  await hear('Sei entrato.');
  await hear('Prendi la carta');
  await stage.look('146-signed-in-listening');
  await takeWhenAsked(stage);
  await press(stage, 'action-continue');
  await stage.on('home');
  await press(stage, 'leave');
  await hear('Grazie, a presto');
  const all = await heard();
  const inOrder = [
    'Appoggia o inserisci la carta.',
    'Scrivi il PIN della carta.',
    ...[...pin].map((_, at) => `cifra ${at + 1} di 8`),
    'Sei entrato.',
    'Grazie, a presto',
  ];
  let from = 0;
  for (const words of inOrder) {
    const at = all.findIndex((said, index) => index >= from && said.includes(words));
    assert.ok(at >= 0, `«${words}» is not said after «${all[from]}»: ${all.join(' | ')}`);
    from = at;
  }
  for (const said of all) {
    assert.doesNotMatch(said, /Giulia|Bianchi/i, 'nobody else may hear who is there');
    assert.ok(!said.includes(pin), 'nor the PIN');
  }
  // while digits are written only their number is said
  for (const said of typed)
    assert.doesNotMatch(said.replace(/cifra \d di 8|Mancano? \d cifr[ae]/g, ''), /\d/, 'a digit is said');
  await stage.on('home');
});

export const loginAids = [byKeyboard, bySpeech, aids];
