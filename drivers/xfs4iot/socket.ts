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
