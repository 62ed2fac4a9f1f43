export * from './adapter.ts';
export { alarmsOperator, nodeFaults } from './codec/faults.ts';
export { type HttpAnswer, type HttpPost, type HttpRequest, nodeHttpPost } from './http.ts';
