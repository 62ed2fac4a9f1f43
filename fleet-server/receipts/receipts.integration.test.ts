import { ReceiptLinkResponse } from '@jolly/contracts/fleet-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTICE, Rig, type TestTerminal } from '../testing/index.ts';

describe('a receipt on the phone', () => {
  let rig: Rig;
  let terminal: TestTerminal;

  beforeEach(async () => {
    rig = await new Rig({ publicUrl: 'https://sportello.prova.example/' }).start();
    terminal = await rig.terminal();
  });
  afterEach(() => rig.close());

  const link = async (id: string) =>
    ReceiptLinkResponse.parse((await terminal.call('POST', `/api/v1/payments/${id}/receipt`, {})).body);
  const path = (url: string) => new URL(url).pathname;

  it('opens once and says what the paper says', async () => {
    const id = await terminal.activated();
    await terminal.charged(id);
    const { url, expiresAt } = await link(id);
    expect(url).toMatch(/^https:\/\/sportello\.prova\.example\/r\/[A-Za-z0-9_-]{43}$/);
    expect(expiresAt).toBe(rig.clock.now() + 600_000);
    const page = await rig.inject('GET', path(url));
    expect(page.status).toBe(200);
    for (const words of [
      'Comune di Prova',
      '02000000000123456',
      '123,45',
      'c110729d258c4ab1b765fe902aae41d6',
      '<svg',
    ]) {
      expect(page.body).toContain(words);
    }
    expect(page.raw.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(page.raw.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.raw.headers['x-robots-tag']).toContain('noindex');
    expect((await rig.inject('GET', path(url))).status).toBe(410);
    const cookie = String(page.raw.headers['set-cookie']).split(';')[0] ?? '';
    expect(page.raw.headers['set-cookie']).toMatch(/HttpOnly.*Secure/);
    expect((await rig.inject('GET', path(url), { cookie })).body).toContain('123,45');
    expect((await rig.inject('GET', path(url), { cookie: `jolly-receipt=${'x'.repeat(32)}` })).status).toBe(
      410,
    );
    rig.clock.advance(600_000);
    expect((await rig.inject('GET', path(url), { cookie })).status).toBe(410);
  });

  it('is not used up by a machine looking ahead', async () => {
    const id = await terminal.activated();
    await terminal.charged(id);
    const { url } = await link(id);
    await rig.inject('HEAD', path(url));
    await rig.inject('GET', path(url), { 'sec-purpose': 'prefetch' });
    expect((await rig.inject('GET', path(url))).body).toContain('<svg');
  });

  it('is gone after ten minutes, and for a token never given', async () => {
    const id = await terminal.activated();
    await terminal.charged(id);
    const { url } = await link(id);
    rig.clock.advance(600_000);
    expect((await rig.inject('GET', path(url))).status).toBe(410);
    expect((await rig.inject('GET', `/r/${'x'.repeat(43)}`)).status).toBe(410);
  });

  it('waits for the node before it is a receipt', async () => {
    const id = await terminal.activated();
    expect((await terminal.call('POST', `/api/v1/payments/${id}/receipt`, {})).body).toMatchObject({
      code: 'RECEIPT_NOT_READY',
    });
    rig.gateway.outcomeAnswers = [{ answer: 'unreachable', reason: 'x' }];
    await terminal.charged(id);
    const { url } = await link(id);
    expect((await rig.inject('GET', path(url))).body).toContain('conferma in corso');
    await rig.pass(2_000);
    expect((await rig.inject('GET', path(url))).body).toContain('<svg');
  });

  it('keeps only the hash of its token', async () => {
    const id = await terminal.activated();
    await terminal.charged(id);
    const { url } = await link(id);
    const token = path(url).slice(3);
    const files = await rig.remembered();
    expect(files.some((content) => content.includes(NOTICE.noticeNumber))).toBe(true);
    expect(files.some((content) => content.includes(token))).toBe(false);
    expect(files.some((content) => content.includes('hunter2'))).toBe(false);
  });
});
