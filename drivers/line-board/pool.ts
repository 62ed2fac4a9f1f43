import type { DriverContext, WireUri } from '../registry/index.ts';
import { transportFor } from '../transport/index.ts';
import { LineBoard } from './board.ts';

/**
 * Boards by where they are: a serial line can be opened once, and one board often has lights, door and presence. The settings
 * of the line are those of the URI that came first.
 */
export class BoardPool {
  readonly #boards = new Map<string, LineBoard>();

  at(uri: WireUri, context: DriverContext): LineBoard {
    const key = uri.transport === 'tcp' ? `tcp ${uri.host}:${uri.port}` : `serial ${uri.path}`;
    const found = this.#boards.get(key);
    if (found) return found;
    const board = new LineBoard(transportFor(uri, context), context.clock, () => {
      this.#boards.delete(key);
    });
    this.#boards.set(key, board);
    return board;
  }
}
