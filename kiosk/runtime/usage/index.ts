/** Usage events and ratings: counted here, kept on disk, sent until the server has them. */
export * from './usage.ts';
