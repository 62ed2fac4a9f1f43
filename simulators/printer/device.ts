import type { Clock } from '@jolly/contracts/values';
import {
  type Command,
  CommandReader,
  Page,
  type PageEvent,
  type PrinterProfile,
  type RealtimeRequest,
  RealtimeScanner,
} from '@jolly/drivers/printer/escpos';
import type { FastifyInstance } from 'fastify';
import type { SimulatedDevice, Wire } from '../process/index.ts';
import type { PrinterAction } from './actions.ts';
import { Connections } from './connections.ts';
import { Roll, type Slip, slipSvg, slipText } from './roll.ts';
import { automaticStatus, dleEot, ejectorStatus, type Flags, fullStatus, paperSensor } from './status.ts';

export interface PrinterOptions {
  readonly profile: PrinterProfile;
  readonly columns: number;
  /** Millimetres of paper a second. */
  readonly speed: number;
  readonly clock: Clock;
}

/** Commands waiting to be printed; beyond it the printer hangs up, as its buffer would have stopped the sender. */
const MAX_QUEUE = 20_000;
const SLOWER = 12;
/** Paper that comes out in this time is printed in one go. */
const STEP_MS = 20;

/** A receipt printer on a wire: reads ESC/POS, moves paper, answers what is asked. */
export class SimulatedPrinter implements SimulatedDevice<PrinterAction> {
  readonly #options: PrinterOptions;
  readonly #roll = new Roll();
  readonly #connections: Connections;
  #scanner = new RealtimeScanner();
  #reader = new CommandReader();
  #page: Page;
  #queue: { readonly command: Command; readonly wire: Wire }[] = [];
  #cancelStep: (() => void) | undefined;
  #coverOpen = false;
  #jam = false;
  #cutterError = false;
  #cutterWillFail = false;
  #offline = false;
  #slow = false;
  #silent = false;
  #takeAfter: number | undefined = 3;
  #ticket: { readonly slip: string; readonly cancel: (() => void)[] } | undefined;
  #taken = 0;
  #retracted = 0;
  #cuts = 0;
  #automatic = 0;
  #automaticFull = 0;
  #told = '';

  constructor(options: PrinterOptions) {
    this.#options = options;
    this.#page = this.#newPage();
    this.#connections = new Connections((wire, bytes) => this.#received(wire, bytes));
  }

  connected(wire: Wire): void {
    this.#connections.add(wire);
  }

  data(wire: Wire, bytes: Uint8Array): void {
    this.#connections.data(wire, bytes);
  }

  disconnected(wire: Wire): void {
    if (this.#connections.active === wire) {
      this.#reader.reset();
      this.#scanner.reset();
      this.#automatic = 0;
      this.#automaticFull = 0;
    }
    this.#connections.remove(wire);
  }

  state(): unknown {
    return {
      profile: this.#options.profile.name,
      flags: this.#flags(),
      paper: { cmLeft: this.#roll.cmLeft, low: this.#roll.low, out: this.#roll.out },
      waiting: this.#queue.length,
      hangingRows: this.#roll.hanging,
      ticket: this.#ticket?.slip ?? null,
      counters: { cuts: this.#cuts, taken: this.#taken, retracted: this.#retracted },
      slips: this.#roll.slips.map((slip) => ({
        id: slip.id,
        startedAt: slip.startedAt,
        at: slip.at,
        cut: slip.cut,
        text: slipText(slip),
      })),
    };
  }

  act(action: PrinterAction): void {
    this.#do(action);
    this.#tell();
    this.#go();
  }

  #do(action: PrinterAction): void {
    switch (action.action) {
      case 'paper-low':
        this.#roll.nearEnd();
        return;
      case 'paper-out':
        this.#roll.end();
        return;
      case 'load-paper':
        this.#roll.load(this.#options.clock.now());
        return;
      case 'paper-out-after-lines':
        this.#roll.endAfter(action.lines);
        return;
      case 'open-cover':
        this.#coverOpen = true;
        return;
      case 'close-cover':
        this.#coverOpen = false;
        return;
      case 'jam':
        this.#jam = true;
        return;
      case 'clear-jam':
        this.#jam = false;
        return;
      case 'cutter-error':
        this.#cutterWillFail = true;
        return;
      case 'slow':
        this.#slow = true;
        return;
      case 'silent-after-job':
        this.#silent = true;
        return;
      case 'offline':
        this.#offline = true;
        return;
      case 'take-after':
        this.#takeAfter = action.seconds;
        return;
      case 'take-ticket':
        this.#leave('taken');
        return;
      case 'reset':
        this.#reset();
        return;
    }
  }

  /** As when it is switched off and on: who waits for an answer loses the connection instead of waiting in vain. */
  #reset(): void {
    if (this.#queue.length > 0) this.#connections.active?.reset();
    this.#coverOpen = false;
    this.#jam = false;
    this.#cutterError = false;
    this.#cutterWillFail = false;
    this.#offline = false;
    this.#slow = false;
    this.#silent = false;
    this.#takeAfter = 3;
    this.#leave('taken');
    this.#clearBuffer();
    this.#roll.clear();
    this.#cuts = 0;
    this.#taken = 0;
    this.#retracted = 0;
  }

  routes(app: FastifyInstance): void {
    app.get<{ Params: { file: string } }>('/slips/:file', (request, reply) => {
      const [, id, kind] = /^(\d{1,9})\.(svg|txt)$/.exec(request.params.file) ?? [];
      const slip: Slip | undefined = this.#roll.slips.find((candidate) => candidate.id === id);
      if (!slip) {
        return reply
          .code(404)
          .type('application/problem+json')
          .send({ type: 'about:blank', title: 'No such slip', status: 404, code: 'SLIP_UNKNOWN' });
      }
      return kind === 'svg'
        ? reply.type('image/svg+xml; charset=utf-8').send(slipSvg(slip, this.#options.columns))
        : reply.type('text/plain; charset=utf-8').send(slipText(slip));
    });
  }

  #newPage(): Page {
    return new Page({
      width: this.#options.columns * 12,
      qrLevels: this.#options.profile.name === 'custom-vkp80iii' ? 'custom' : 'epson',
    });
  }

  #flags(): Flags {
    const stopped = this.#coverOpen || this.#roll.out || this.#jam || this.#cutterError || this.#offline;
    return {
      offline: stopped,
      coverOpen: this.#coverOpen,
      paperLow: this.#roll.low,
      paperOut: this.#roll.out,
      jam: this.#jam,
      cutterError: this.#cutterError,
      ticketInMouth: this.#ticket !== undefined,
    };
  }

  #received(wire: Wire, bytes: Uint8Array): void {
    const requests = this.#scanner.push(bytes);
    const cleared = requests.map((request) => this.#realtime(wire, request)).includes(true);
    // What came with a request to clear is cleared too.
    if (cleared) return;
    for (const command of this.#reader.push(bytes)) this.#queue.push({ command, wire });
    if (this.#queue.length > MAX_QUEUE) {
      this.#clearBuffer();
      wire.reset();
    }
    this.#go();
  }

  /** True when the request emptied the buffers. */
  #realtime(wire: Wire, request: RealtimeRequest): boolean {
    if (request.request === 'status') {
      const byte = dleEot(request.n, this.#flags());
      if (byte !== undefined) wire.write(Uint8Array.of(byte));
      if (request.n === 0x14 && this.#options.profile.fullStatus) {
        wire.write(Uint8Array.of(0x10, 0x0f, ...fullStatus(this.#flags())));
      }
      return false;
    }
    if (request.request === 'recover') {
      if (!this.#cutterError) return false;
      this.#cutterError = false;
      if (request.n === 2) this.#clearBuffer();
      this.#tell();
      return request.n === 2;
    }
    if (!this.#options.profile.clearsBuffer) return false;
    this.#clearBuffer();
    wire.write(Uint8Array.of(0x37, 0x25, 0x00));
    return true;
  }

  #clearBuffer(): void {
    this.#queue = [];
    this.#reader.reset();
    this.#page = this.#newPage();
    this.#cancelStep?.();
    this.#cancelStep = undefined;
  }

  /** Prints what waits, as fast as paper moves; stops where the printer is offline. */
  #go(): void {
    if (this.#cancelStep) return;
    let dots = 0;
    const dotsPerMs = (this.#options.speed * 8) / 1000 / (this.#slow ? SLOWER : 1);
    while (this.#queue.length > 0 && !this.#flags().offline) {
      const next = this.#queue.shift();
      if (!next) break;
      for (const event of this.#page.apply(next.command)) dots += this.#happened(event, next.wire);
      this.#own(next.command, next.wire);
      if (dots / dotsPerMs < STEP_MS) continue;
      this.#cancelStep = this.#options.clock.after(dots / dotsPerMs, () => {
        this.#cancelStep = undefined;
        this.#go();
      });
      break;
    }
    this.#tell();
  }

  /** Dots the paper moved. */
  #happened(event: PageEvent, wire: Wire): number {
    switch (event.event) {
      case 'row':
        // A command may give several rows; past the end of the roll nothing is printed.
        if (this.#roll.out) return 0;
        this.#roll.print(this.#options.clock.now(), event.row);
        return event.row.advance;
      case 'cut':
        this.#cut(event.cut);
        return 0;
      case 'present':
        this.#present(event.after, event.seconds);
        return 0;
      case 'retract':
        this.#leave('retracted');
        return 0;
      case 'eject':
        this.#leave('taken');
        return 0;
      case 'automatic-status':
        this.#automatic = event.mask;
        this.#told = '';
        this.#tell();
        return 0;
      case 'request':
        this.#answer(event.request, event.n, wire);
        return 0;
      default:
        return 0;
    }
  }

  #answer(request: 'GS r' | 'GS I' | 'ESC v' | 'GS e', n: number, wire: Wire): void {
    const flags = this.#flags();
    if (request === 'GS r') {
      if (!this.#silent && (n % 48 === 1 || n % 48 === 2)) {
        wire.write(Uint8Array.of(n % 48 === 1 ? paperSensor(flags) : 0));
      }
    } else if (request === 'ESC v') wire.write(Uint8Array.of(paperSensor(flags)));
    else if (request === 'GS e') wire.write(Uint8Array.of(ejectorStatus(flags)));
    else if (n >= 65 && n <= 69) {
      const words = ['1.0', 'JOLLY', `SIM ${this.#options.profile.name}`, 'SN0001', ''];
      wire.write(Uint8Array.of(0x5f, ...new TextEncoder().encode(words[n - 65]), 0));
    } else if (n <= 3 || (n >= 49 && n <= 51)) wire.write(Uint8Array.of(0x02));
  }

  /** What only this family of printers has: automatic full status and counters. */
  #own(command: Command, wire: Wire): void {
    if (!this.#options.profile.fullStatus || command.kind !== 'command') return;
    if (command.name === 'GS E0') {
      this.#automaticFull = (command.parameters[0] ?? 0) & 0x0f;
      this.#told = '';
    }
    const counters: Readonly<Record<string, string>> = {
      'GS E1': `${this.#roll.cmLeft}cm`,
      'GS E2': `${this.#cuts}cuts`,
      'GS E4': `${this.#retracted}ret`,
      'GS E5': '1on',
    };
    const words = counters[command.name];
    if (words) wire.write(new TextEncoder().encode(words));
  }

  #cut(cut: 'full' | 'partial'): void {
    if (this.#cutterWillFail) {
      this.#cutterWillFail = false;
      this.#cutterError = true;
      return;
    }
    // A slip still in the mouth is pushed out by the next.
    if (this.#roll.cut(this.#options.clock.now(), cut)) {
      this.#cuts++;
      this.#leave('taken');
    }
  }

  #present(after: 'eject' | 'retract' | 'hold', seconds: number): void {
    const slip = this.#roll.slips.at(-1);
    if (!slip || this.#cutterError || this.#options.profile.delivery === 'cut') return;
    const { clock } = this.#options;
    const cancel: (() => void)[] = [];
    this.#ticket = { slip: slip.id, cancel };
    if (this.#takeAfter !== undefined) {
      cancel.push(clock.after(this.#takeAfter * 1000, () => this.#leave('taken')));
    }
    if (after !== 'hold') {
      cancel.push(
        clock.after(seconds * 1000, () => this.#leave(after === 'retract' ? 'retracted' : 'taken')),
      );
    }
  }

  #leave(how: 'taken' | 'retracted'): void {
    const ticket = this.#ticket;
    if (!ticket) return;
    this.#ticket = undefined;
    for (const cancel of ticket.cancel) cancel();
    if (how === 'taken') this.#taken++;
    else this.#retracted++;
    this.#tell();
  }

  /** Sends the automatic status where it is switched on and has changed. */
  #tell(): void {
    const flags = this.#flags();
    const told = JSON.stringify(flags);
    if (told === this.#told) return;
    this.#told = told;
    const wire = this.#connections.active;
    if (!wire) return;
    if (this.#automatic !== 0) wire.write(automaticStatus(flags));
    if (this.#automaticFull !== 0) {
      const bytes = fullStatus(flags).filter((_, at) => (this.#automaticFull & (1 << at)) !== 0);
      wire.write(Uint8Array.of(0x10, this.#automaticFull, ...bytes));
    }
  }
}
