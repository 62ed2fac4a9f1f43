import type { DeviceReport } from '@jolly/contracts/fleet-api';
import type { ScreenName } from '@jolly/contracts/terminal-channel';
import { sleep, systemClock } from '@jolly/contracts/values';
import { demoCity } from '@jolly/simulators/launcher';
import { scenario } from '../scenario.ts';
import { type Notice, type Stage, until } from '../stage/index.ts';

/** A postal Data Matrix for a notice (barcode.md 3), with a debtor who must appear nowhere. */
function dataMatrixOf({ noticeNumber, creditorTaxCode, amountCents }: Notice): string {
  const cents = String(amountCents).padStart(10, '0');
  const codeline = `18${noticeNumber}12${'7890'.padStart(12, '0')}10${cents}3896`;
  const person = `RSSMRA80A01H501U${'VERDONE PLAUTILLA'.padEnd(40)}`;
  return `codfase=NBPA;${codeline}1P1${creditorTaxCode}${person}${'TARI 2026'.padEnd(110)}${' '.repeat(12)}A`;
}

/** How many pictures a second the page could still take: cameras that are on. */
const camerasOn = (stage: Stage) =>
  stage.page.evaluate<number>(
    `(window.__streams ?? []).flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === 'live').length`,
  );

const reader = async (stage: Stage): Promise<DeviceReport | undefined> => {
  const { reported } = await stage.console.terminal(demoCity.terminalId);
  return reported?.devices.find(({ role }) => role === 'barcode');
};

async function toScan(stage: Stage): Promise<void> {
  await stage.tap('start-payment');
  await stage.on('pay-scan');
  await stage.button('camera').waitFor();
}

const reads = (kind: 'qrcode' | 'datamatrix') =>
  scenario(`the camera reads a ${kind}, and is on only while a code is wanted`, async (stage) => {
    const notice = await stage.devices.notice({ amountCents: 4_200, description: 'TARI 2026' });
    const text = kind === 'qrcode' ? notice.qr : dataMatrixOf(notice);
    stage.film('nothing');
    if ((await camerasOn(stage)) !== 0) throw new Error('the camera is on at home');
    await toScan(stage);
    await until('the camera is on', async () => (await camerasOn(stage)) === 1);
    await stage.expectWords('davanti alla telecamera');
    await stage.look(`48-camera-${kind}`);
    await stage.tap('type-notice');
    await stage.on('pay-type');
    await until('the camera is off', async () => (await camerasOn(stage)) === 0);
    stage.film({ kind, text });
    await stage.tap('scan-notice');
    await stage.on('pay-check' satisfies ScreenName, 20_000);
    await stage.expectWords('42,00 €');
    await until('the camera is off', async () => (await camerasOn(stage)) === 0);
    const said = await stage.says();
    if (said.includes('PLAUTILLA')) throw new Error('the debtor is on the screen');
    stage.film('nothing');
  });

const typed = scenario(
  'a reader that types like a keyboard gets nowhere, and says how it is cured',
  async (stage) => {
    const notice = await stage.devices.notice({ amountCents: 1_000 });
    stage.film('nothing');
    await toScan(stage);
    await stage.page.keyboard.type(notice.qr, { delay: 2 });
    await stage.page.keyboard.press('Enter');
    await stage.expectWords('Questo lettore non è ancora regolato');
    await stage.on('pay-scan');
    await stage.tap('type-notice');
    await stage.on('pay-type');
    await stage.page.keyboard.type(notice.noticeNumber, { delay: 2 });
    await stage.page.keyboard.press('Enter');
    // what a reader still sends behind its code goes where the code went
    await sleep(systemClock, 300);
    await stage.page.keyboard.type('30', { delay: 150 });
    await until('two digits of a hand are there, and none of the reader', async () =>
      ((await stage.button('typed').getAttribute('aria-label')) ?? '').endsWith(': 30'),
    );
    await until(
      'the office knows',
      async () => (await reader(stage))?.reasons.includes('keyboard-wedge') === true,
    );
    // a code that is read takes the note away
    stage.film({ kind: 'qrcode', text: notice.qr });
    await stage.tap('scan-notice');
    await stage.on('pay-check', 20_000);
    await until('the note is gone', async () => (await reader(stage))?.reasons.length === 0);
    stage.film('nothing');
  },
);

const refused = scenario(
  'a camera that may not be used: the number is typed, and the reason is known',
  async (stage) => {
    await stage.allowCamera(false);
    await stage.tap('start-payment');
    await stage.on('pay-scan');
    await until('the office knows', async () => {
      const found = await reader(stage);
      if (found?.reasons[0] === 'camera-denied') return true;
      throw new Error(JSON.stringify(found?.reasons ?? 'no report'));
    });
    await stage.expectWords('scrivi il numero');
    await stage.tap('type-notice');
    await stage.on('pay-type');
    await stage.allowCamera(true);
    await stage.page.reload();
    await until('the camera is there again', async () => (await reader(stage))?.state === 'ready');
  },
);

export const withCamera = [reads('qrcode'), reads('datamatrix'), typed, refused];
