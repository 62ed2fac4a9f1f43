export * from './amounts.ts';
export * from './mask.ts';
export * from './messages.ts';
export * from './receipt.ts';
export * from './requests.ts';
