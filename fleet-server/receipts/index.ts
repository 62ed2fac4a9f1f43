export { forgetLinks, type ReceiptOptions, receiptLinkRoutes, receiptPageRoutes } from './links.ts';
export { type ReceiptTables, receiptMigrations } from './tables.ts';
