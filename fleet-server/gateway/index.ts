export * from './config.ts';
export * from './errors.ts';
export { type HttpAnswer, type HttpPost, type HttpRequest, nodeHttpPost } from './http.ts';
export { type AllCredentials, makeGateway } from './maker.ts';
export * from './mil/index.ts';
export * from './node-soap/index.ts';
export * from './port.ts';
export * from './pos-gateway/index.ts';
