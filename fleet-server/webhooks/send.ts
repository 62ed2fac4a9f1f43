import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress, publicLookup } from '../outgoing/index.ts';
import { fail } from '../problems/index.ts';

export interface Webhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends once. Rejects with WEBHOOK_REFUSED (an address that may not be called) or WEBHOOK_FAILED (worth another try). */
export type SendWebhook = (webhook: Webhook) => Promise<void>;

/** `privateAddresses`: for a demo, and where the settings say that the receiver is in the server's own network. */
export function webhookSender(options: {
  readonly privateAddresses: boolean;
  readonly timeoutMs: number;
}): SendWebhook {
  return ({ url: text, headers, body }) =>
    new Promise((resolve, reject) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      const allowed = options.privateAddresses ? ['http:', 'https:'] : ['https:'];
      const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
      const inside = !options.privateAddresses && isIP(host) !== 0 && !isPublicAddress(host);
      if (!url || !allowed.includes(url.protocol) || url.username !== '' || inside) {
        reject(fail('WEBHOOK_REFUSED'));
        return;
      }
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: false,
        signal: AbortSignal.timeout(options.timeoutMs),
        headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
        ...(options.privateAddresses ? {} : { lookup: publicLookup(() => fail('WEBHOOK_REFUSED')) }),
      });
      request.on('error', (cause) => reject(fail('WEBHOOK_FAILED', { why: 'connection' }, { cause })));
      request.on('response', (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve();
        else reject(fail('WEBHOOK_FAILED', { why: 'status', status }));
      });
      request.end(body);
    });
}
