export { type SendWebhook, webhookSender } from './send.ts';
export { webhookHeaders } from './signed.ts';
