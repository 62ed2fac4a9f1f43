import { cents, Secret } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { CheckoutCarts } from './index.ts';

const request = {
  notices: [
    {
      notice: { noticeNumber: '302000120456789276', creditorTaxCode: '84006890481' },
      amountCents: cents(1_250),
      description: 'TARI',
      creditorName: 'Comune di Prato',
    },
  ],
};
const made = (location: string | undefined, loopbackPages: boolean) =>
  new CheckoutCarts({
    settings: {
      url: 'https://checkout.example/ec/v1',
      returnUrl: 'https://town.example',
      timeoutMs: 1_000,
      loopbackPages,
    },
    key: async () => new Secret('key'),
    fetch: async () => ({ status: 302, location, json: undefined }),
  }).make(request);

describe('the payment page of a cart', () => {
  it.each([
    ['https://pay.example/c/1', false, 'https://pay.example/c/1'],
    ['/c/1', false, 'https://checkout.example/c/1'],
    ['http://127.0.0.1:4000/c/1', true, 'http://127.0.0.1:4000/c/1'],
    ['http://[::1]:4000/c/1', true, 'http://[::1]:4000/c/1'],
  ])('%s (demo: %s) goes to the phone', async (location, demo, url) => {
    expect(await made(location, demo)).toEqual({ result: 'made', url });
  });

  it.each([
    ['http://pay.example/c/1', false],
    ['http://pay.example/c/1', true],
    ['http://127.0.0.1:4000/c/1', false],
    ['javascript:alert(1)', true],
    ['ftp://127.0.0.1/c', true],
    ['https://', false],
    [undefined, true],
  ])('%s (demo: %s) does not', async (location, demo) => {
    expect(await made(location, demo)).toMatchObject({
      result: 'refused',
      problem: { faultCode: 'location-refused' },
    });
  });
});
