import type { Line, LineEvents, OpenLine } from './channel.ts';

declare global {
  interface Window {
    /** Put there by the shell's preload: a MessagePort to the runtime. */
    readonly jolly?: { readonly connect: () => MessagePort };
  }
}

/** The line of this page: the shell's MessagePort where there is one, else a WebSocket at the page's own origin. */
export function openLine(window: Window): OpenLine {
  const shell = window.jolly;
  return shell
    ? (events) => portLine(shell.connect(), events)
    : (events) => socketLine(addressOf(window.location), events);
}

/** `http://host/?token=x` → `ws://host/channel?token=x`: the one-time token, if any, goes along. */
export function addressOf(location: Pick<Location, 'protocol' | 'host' | 'search'>): string {
  const token = new URLSearchParams(location.search).get('token');
  const query = token === null ? '' : `?token=${encodeURIComponent(token)}`;
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/channel${query}`;
}

function socketLine(address: string, events: LineEvents): Line {
  const socket = new WebSocket(address);
  socket.addEventListener('open', events.onOpen);
  socket.addEventListener('message', (event) => events.onText(String(event.data)));
  socket.addEventListener('close', events.onClose);
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
}

/** A port gives no sign of its end but `close` (Chromium 122 and later); messages are JSON texts as on the socket. */
function portLine(port: MessagePort, events: LineEvents): Line {
  port.addEventListener('message', (event) =>
    events.onText(typeof event.data === 'string' ? event.data : JSON.stringify(event.data)),
  );
  port.addEventListener('close', events.onClose);
  port.start();
  queueMicrotask(events.onOpen);
  return { send: (text) => port.postMessage(text), close: () => port.close() };
}
