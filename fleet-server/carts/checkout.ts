import type { CartRequest, CartResponse } from '@jolly/contracts/fleet-api';
import { isJollyError, type Secret } from '@jolly/contracts/values';
import { isLoopbackHost } from '../http/index.ts';
import type { PlatformFetch } from '../platform/index.ts';

export interface CheckoutSettings {
  /** e.g. `https://api.platform.pagopa.it/checkout/ec/v1`. */
  readonly url: string;
  /** Where the phone goes when it is over. It only tells the path: the truth is the receipt. */
  readonly returnUrl: string;
  readonly timeoutMs: number;
  /** Whether a payment page may be on this computer, without encryption: the demo only. */
  readonly loopbackPages: boolean;
}

/** Makes carts: the way on for who wants to finish on the phone (pagopa.md 2.2 D). */
export interface Carts {
  make(request: CartRequest): Promise<CartResponse>;
}

/** The body of a cart (pagopa.md 6.2; `CartRequest` of checkout_v1.json). Pure. */
export function cartBody(request: CartRequest, returnUrl: string): object {
  return {
    paymentNotices: request.notices.map(({ notice, amountCents, creditorName, description }) => ({
      noticeNumber: notice.noticeNumber,
      fiscalCode: notice.creditorTaxCode,
      amount: amountCents,
      companyName: creditorName,
      description,
    })),
    returnUrls: { returnOkUrl: returnUrl, returnCancelUrl: returnUrl, returnErrorUrl: returnUrl },
  };
}

const later = (faultCode: string): CartResponse => ({
  result: 'refused',
  problem: { class: 'NODE_UNREACHABLE', faultCode, retry: 'later' },
});

/** The address goes to the citizen's phone as a code: nothing but an encrypted page, whoever answered for the checkout. */
function isPaymentPage(page: URL, loopbackPages: boolean): boolean {
  if (page.protocol === 'https:') return true;
  return page.protocol === 'http:' && loopbackPages && isLoopbackHost(page.hostname.replace(/^\[|\]$/g, ''));
}

/** pagoPA's checkout. */
export class CheckoutCarts implements Carts {
  readonly #settings: CheckoutSettings;
  readonly #key: () => Promise<Secret<string>>;
  readonly #fetch: PlatformFetch;

  constructor(parts: {
    readonly settings: CheckoutSettings;
    readonly key: () => Promise<Secret<string>>;
    readonly fetch: PlatformFetch;
  }) {
    this.#settings = parts.settings;
    this.#key = parts.key;
    this.#fetch = parts.fetch;
  }

  make: Carts['make'] = async (request) => {
    const { url, returnUrl, timeoutMs, loopbackPages } = this.#settings;
    const target = `${url.replace(/\/$/, '')}/carts`;
    try {
      const { status, location } = await this.#fetch({
        method: 'POST',
        url: target,
        key: await this.#key(),
        timeoutMs,
        body: cartBody(request, returnUrl),
      });
      if (status === 302) {
        const page = location === undefined ? null : URL.parse(location, target);
        return page && isPaymentPage(page, loopbackPages)
          ? { result: 'made', url: page.href }
          : later('location-refused');
      }
      // a notice that checkout does not take: it verifies them itself
      if (status === 400 || status === 422)
        return {
          result: 'refused',
          problem: { class: 'NOTICE_GLITCH', faultCode: `status-${status}`, retry: 'no' },
        };
      return later(`status-${status}`);
    } catch (error) {
      if (isJollyError(error)) return later(error.code);
      throw error;
    }
  };
}
