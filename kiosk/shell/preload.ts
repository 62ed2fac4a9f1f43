import { contextBridge, ipcRenderer } from 'electron';

/** What is used of the page here: the rest of the shell has no page, so no types of one. */
interface Page {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, origin: string, transfer: readonly unknown[]): void;
  addEventListener(type: 'message', listener: (event: PageMessage) => void): void;
}
type Ports = NonNullable<Parameters<typeof ipcRenderer.postMessage>[2]>;
interface PageMessage {
  readonly source: unknown;
  readonly origin: string;
  readonly data: unknown;
  readonly ports: Ports;
}
declare const window: Page;

/**
 * The only thing the page is given: `window.jolly.connect()`, a MessagePort to the terminal. A port cannot cross the bridge
 * as a value, so the page's side makes the pair and posts one end, which is handed on unread. Built to one CommonJS file for
 * the sandbox, which loads no modules: so the name is written out here, and a test compares it.
 */
const CONNECT = 'jolly:connect';

window.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (event.source !== window || event.origin !== window.location.origin) return;
  if (event.data === CONNECT && port) ipcRenderer.postMessage(CONNECT, null, [port]);
});

contextBridge.executeInMainWorld({
  // runs in the page's own world and sees nothing of this file but its argument
  func: (name: string) => {
    const connect = () => {
      const { port1, port2 } = new MessageChannel();
      window.postMessage(name, window.location.origin, [port2]);
      return port1;
    };
    Object.defineProperty(window, 'jolly', { value: Object.freeze({ connect }) });
  },
  args: [CONNECT],
});
