/** The fleet server as the terminal sees it: the port, and its client over HTTP. */
export * from './http-client.ts';
export * from './port.ts';
