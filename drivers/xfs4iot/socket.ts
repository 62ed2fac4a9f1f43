import { messageRecorder, type RecordSink } from '../transport/index.ts';
import { maskXfsFrame } from './codec/index.ts';

/** One WebSocket, opened. */
export interface XfsSocket {
  send(text: string): void;
  close(): void;
}

export interface XfsSocketEvents {
  open(): void;
  text(text: string): void;
  /** Never opened, or over. Said once, and nothing after it. */
  closed(reason: string): void;
}

export type OpenXfsSocket = (url: string, events: XfsSocketEvents) => XfsSocket;

/** The platform's own WebSocket (Node 22 and browsers). Certificates of `wss:` are checked against the system's authorities. */
export const openWebSocket: OpenXfsSocket = (url, events) => {
  const socket = new WebSocket(url);
  let over = false;
  const closed = (reason: string) => {
    if (over) return;
    over = true;
    events.closed(reason);
  };
  socket.addEventListener('open', () => {
    if (!over) events.open();
  });
  socket.addEventListener('message', ({ data }: MessageEvent) => {
    if (!over && typeof data === 'string') events.text(data);
  });
  socket.addEventListener('error', () => closed('refused'));
  socket.addEventListener('close', () => closed('end'));
  return {
    send: (text) => socket.send(text),
    close: () => {
      over = true;
      socket.close();
    },
  };
};

/** The same, telling a sink its messages, masked. Not for a chip reader: its wire carries what cards say (docs/wire-recorder.md). */
export function recordedSocket(
  open: OpenXfsSocket,
  sink: RecordSink | undefined,
  uri: string,
): OpenXfsSocket {
  if (!sink) return open;
  const recorded = messageRecorder(sink, uri, maskXfsFrame);
  return (url, events) => {
    const socket = open(url, {
      open: () => events.open(),
      text: (text) => {
        recorded('in', text);
        events.text(text);
      },
      closed: (reason) => {
        if (sink.session !== 0) sink.take(uri, { state: 'waiting', reason });
        events.closed(reason);
      },
    });
    return {
      send: (text) => {
        recorded('out', text);
        socket.send(text);
      },
      close: () => socket.close(),
    };
  };
}
