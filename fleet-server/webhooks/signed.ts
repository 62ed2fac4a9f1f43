import { createHmac } from 'node:crypto';

/**
 * Headers of a signed webhook after Standard Webhooks 1.0: HMAC-SHA-256 over `id.timestamp.body` under the municipality's secret. Who receives it
 * compares, refuses old timestamps, and knows by the id what came twice.
 */
export function webhookHeaders(
  id: string,
  atSeconds: number,
  body: string,
  secret: Uint8Array,
): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${id}.${atSeconds}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(atSeconds),
    'webhook-signature': `v1,${signature}`,
  };
}
