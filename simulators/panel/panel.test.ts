import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCreditor, makeNotice, noticeQr, readNotice } from '@jolly/contracts/notice';
import { describe, expect, it } from 'vitest';
import { devicesFrom, targetOf } from './devices.ts';
import { drawCode, withDrawings } from './drawings.ts';

const devices = { pos: 'http://127.0.0.1:1', node: 'http://127.0.0.1:4/control', card: 'http://127.0.0.1:5' };
const call = (method: string, device: string, path: string, query = '') =>
  targetOf(devices, { method, device, path, query });

describe('what the panel passes on', () => {
  it.each([
    ['GET', 'pos', 'state', 'http://127.0.0.1:1/state'],
    ['POST', 'pos', 'plug', 'http://127.0.0.1:1/plug'],
    ['GET', 'node', 'control/notices', 'http://127.0.0.1:4/control/notices'],
    ['POST', 'node', 'control/faults', 'http://127.0.0.1:4/control/faults'],
    ['GET', 'card', 'state', 'http://127.0.0.1:5/state'],
    ['POST', 'card', 'act', 'http://127.0.0.1:5/act'],
  ])('%s %s/%s', (method, device, path, wanted) => {
    expect(call(method, device, path)).toBe(wanted);
  });

  it.each([
    ['POST', 'pos', 'state'],
    ['GET', 'pos', 'secrets'],
    ['GET', 'pos', 'slips/1.svg'],
    ['GET', 'printer', 'state'],
    ['POST', 'node', 'control/settings'],
    ['GET', 'node', 'state'],
    ['GET', 'toString', 'state'],
    ['POST', 'card', 'plug'],
    ['POST', 'card', 'state'],
    ['GET', 'card', 'ca/citizen.crl'],
  ])('not %s %s/%s', (method, device, path) => {
    expect(call(method, device, path)).toBeUndefined();
  });

  it('not a way out of the folder of slips', () => {
    const printer = { printer: 'http://127.0.0.1:2' };
    const slip = (path: string) => targetOf(printer, { method: 'GET', device: 'printer', path, query: '' });
    expect(slip('slips/3.svg')).toBe('http://127.0.0.1:2/slips/3.svg');
    for (const path of ['slips/../act', 'slips/%2e%2e/act', 'slips//x']) expect(slip(path)).toBeUndefined();
  });
});

describe('the list of devices', () => {
  it('is inline JSON, and faults are all named', () => {
    expect(devicesFrom('{"pos":"http://127.0.0.1:1"}')).toEqual({ pos: 'http://127.0.0.1:1' });
    expect(() => devicesFrom('{"pos":"file:///x","fax":"y"}')).toThrow(/fax[\s\S]*pos|pos[\s\S]*fax/);
    expect(() => devicesFrom('/no/such/file')).toThrow(/neither JSON nor a file/);
  });
});

describe('the notices of the page', () => {
  it('have a drawn QR and a postal slip that reads as the same notice', () => {
    const key = {
      noticeNumber: makeNotice('3', '020000000000001'),
      creditorTaxCode: makeCreditor('8400689048'),
    };
    const listed = {
      ...key,
      qr: noticeQr(key, 12_345),
      label: 'TARI',
      state: 'INSERTED',
      amountCents: 12_345,
    };
    const [notice] = withDrawings([listed]);
    expect(notice?.qrDrawing).toMatch(/^<svg/);
    expect(readNotice(notice?.dataMatrix ?? '')).toMatchObject({
      decision: 'accept',
      ...key,
      amountCents: 12_345,
    });
    expect(drawCode('qrcode', listed.qr)).toBe(notice?.qrDrawing);
  });

  it('must be a list of notices', () => {
    expect(() => withDrawings({ error: 'x' })).toThrow();
  });
});

describe('the words of the page', () => {
  const web = join(import.meta.dirname, 'web');

  it('are the same in both languages, and every one asked for is there', async () => {
    const { words } = (await import(join(web, 'words.js'))) as {
      words: Record<'it' | 'en', Record<string, string>>;
    };
    expect(Object.keys(words.en)).toEqual(Object.keys(words.it));
    const code = [
      'main',
      'card',
      'cards/pos',
      'cards/printer',
      'cards/reader',
      'cards/node',
      'cards/citizens',
      'cards/keypad',
    ]
      .map((name) => readFileSync(join(web, `${name}.js`), 'utf8'))
      .join('\n');
    for (const [, key = ''] of code.matchAll(/\bt\('([^']+)'/g)) expect(words.it).toHaveProperty([key]);
  });

  it('name every fault of the cards, every code on one and every count of tries', async () => {
    const { words } = (await import(join(web, 'words.js'))) as {
      words: Record<'it' | 'en', Record<string, string>>;
    };
    const code = readFileSync(join(web, 'cards/citizens.js'), 'utf8');
    const lists = [...code.matchAll(/^const (AT_COMMAND|ONCE|LASTING|CODES) = \[([^\]]*)\]/gm)];
    const names = lists.flatMap(([, , list = '']) =>
      [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name),
    );
    expect(names).toHaveLength(13);
    for (const name of [...names, 'cie', 'cns', 'tries-0', 'tries-1', 'tries-2', 'tries-3'])
      expect(words.it).toHaveProperty([`card.${name}`]);
  });
});
