import { converse, newTally } from './conversation.ts';
import { noAids, type ScreenAids, type ScreenSource, type SecretCollector } from './port.ts';

/** What is used of a MessagePort: Electron's `MessagePortMain`, a worker's port, or two ends of a test. */
export interface PortLike {
  postMessage(message: string): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Joins the screen at the other end of a MessagePort. The returned function parts them. */
export function joinMessagePort(
  port: PortLike,
  source: ScreenSource,
  secrets: SecretCollector,
  aids: ScreenAids = noAids,
): () => void {
  const talk = converse(
    {
      send: (text, sent) => {
        port.postMessage(text);
        // a port has no back pressure: the next turn of the loop is the pause in which changes join
        setImmediate(sent);
      },
    },
    source,
    secrets,
    newTally(),
    aids,
  );
  port.on('message', ({ data }) => talk.receive(typeof data === 'string' ? data : ''));
  port.on('close', () => talk.end());
  port.start();
  return () => {
    talk.end();
    port.close();
  };
}
