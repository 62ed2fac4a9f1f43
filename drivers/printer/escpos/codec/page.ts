import { CELL, type PaperRow, type PaperRun, type QrLevel, qrRaster } from '@jolly/contracts/receipt';
import { characterOf } from './codepage.ts';
import type { Command } from './commands.ts';
import { barcodeRow, bitImageRow, graphicsRow, rasterRow } from './symbols.ts';

/** What a command made happen. Requests are named, not answered: the printer around the page answers. */
export type PageEvent =
  | { readonly event: 'row'; readonly row: PaperRow }
  | { readonly event: 'cut'; readonly cut: 'full' | 'partial' }
  | { readonly event: 'present'; readonly after: 'eject' | 'retract' | 'hold'; readonly seconds: number }
  | { readonly event: 'retract' }
  | { readonly event: 'eject' }
  | { readonly event: 'reset' }
  | { readonly event: 'qr'; readonly data: string; readonly module: number; readonly level: QrLevel }
  | { readonly event: 'barcode'; readonly type: string; readonly m: number; readonly data: string }
  | { readonly event: 'code-page'; readonly page: number }
  | { readonly event: 'request'; readonly request: 'GS r' | 'GS I' | 'ESC v' | 'GS e'; readonly n: number }
  | { readonly event: 'automatic-status'; readonly mask: number }
  | { readonly event: 'unsupported'; readonly code: string; readonly name: string };

export interface PageOptions {
  /** Width of the printable area in dots. */
  readonly width?: number;
  /** `custom`: error levels 31–34 = L–H, 30 = the printer's choice; `epson`: 30–33. */
  readonly qrLevels?: 'epson' | 'custom';
}

interface Style {
  bold: boolean;
  underline: boolean;
  inverted: boolean;
  font: 'A' | 'B';
  scaleX: number;
  scaleY: number;
}

const plain: Style = { bold: false, underline: false, inverted: false, font: 'A', scaleX: 1, scaleY: 1 };

/**
 * Commands → what is on the paper. One line is held at a time; every finished row is given out at once.
 * Page mode is read as line mode: texts come out in their order.
 */
export class Page {
  readonly #width: number;
  readonly #custom: boolean;
  #style: Style = { ...plain };
  #align: 0 | 1 | 2 = 0;
  #codePage = 0;
  #pitch: number = CELL.pitch;
  #x = 0;
  #runs: PaperRun[] = [];
  #qr: { data: string; module: number; level: QrLevel } = { data: '', module: 3, level: 'L' };
  #barcode = { height: 162, width: 3 };
  #stored: Extract<PaperRow, { row: 'raster' }> | undefined;
  #events: PageEvent[] = [];

  constructor(options: PageOptions = {}) {
    this.#width = options.width ?? 42 * CELL.width;
    this.#custom = options.qrLevels === 'custom';
  }

  apply(next: Command): readonly PageEvent[] {
    this.#events = [];
    if (next.kind === 'text') this.#text(next.bytes);
    else if (next.kind === 'control') this.#control(next.byte);
    else if (next.kind === 'refused') this.#unsupported(next.code, hex(next.bytes));
    else this.#command(next.name, next.parameters);
    return this.#events;
  }

  #text(bytes: Uint8Array): void {
    for (const byte of bytes) {
      const advance = (this.#style.font === 'A' ? CELL.width : CELL.smallWidth) * this.#style.scaleX;
      // Where the line is full a printer goes on to the next one.
      if (this.#x + advance > this.#width && this.#x > 0) this.#feed(this.#pitch);
      const character = characterOf(this.#codePage, byte);
      const last = this.#runs.at(-1);
      if (last && sameStyle(last, this.#style) && runEnd(last) === this.#x) {
        this.#runs[this.#runs.length - 1] = { ...last, text: last.text + character };
      } else {
        this.#runs.push({ ...this.#style, x: this.#x, text: character });
      }
      this.#x += advance;
    }
  }

  #control(byte: number): void {
    if (byte === 0x0a || byte === 0x0c) this.#feed(this.#pitch);
    if (byte === 0x09) {
      const cell = CELL.width * 8;
      this.#x = Math.min(this.#width, (Math.floor(this.#x / cell) + 1) * cell);
    }
    if (byte === 0x18) this.#clearLine();
  }

  #clearLine(): void {
    this.#runs = [];
    this.#x = 0;
  }

  /** Ends the line and moves the paper by at least `dots`; an empty line is a feed. */
  #feed(dots: number): void {
    const runs = this.#runs;
    const used = this.#x;
    this.#clearLine();
    if (runs.length > 0) {
      const shift = this.#align === 0 ? 0 : Math.floor((this.#width - used) / (this.#align === 1 ? 2 : 1));
      const tallest = Math.max(...runs.map((run) => run.scaleY * CELL.height));
      this.#row({
        row: 'text',
        advance: Math.max(dots, tallest),
        runs: shift > 0 ? runs.map((run) => ({ ...run, x: run.x + shift })) : runs,
      });
    } else if (dots > 0) {
      this.#row({ row: 'feed', advance: dots });
    }
  }

  #row(row: PaperRow): void {
    this.#events.push({ event: 'row', row });
  }

  #unsupported(code: string, name: string): void {
    this.#events.push({ event: 'unsupported', code, name });
  }

  #command(name: string, p: Uint8Array): void {
    const n = p[0] ?? 0;
    const style = this.#style;
    switch (name) {
      case 'ESC @':
        this.#clearLine();
        this.#style = { ...plain };
        this.#align = 0;
        this.#codePage = 0;
        this.#pitch = CELL.pitch;
        this.#events.push({ event: 'reset' });
        return;
      case 'ESC t':
        this.#codePage = n;
        this.#events.push({ event: 'code-page', page: n });
        return;
      case 'ESC E':
      case 'ESC G':
        style.bold = (n & 1) === 1;
        return;
      case 'ESC -':
        style.underline = n % 48 > 0;
        return;
      case 'GS B':
        style.inverted = (n & 1) === 1;
        return;
      case 'ESC M':
        style.font = n % 48 === 1 ? 'B' : 'A';
        return;
      case 'GS !':
        style.scaleX = ((n >> 4) & 7) + 1;
        style.scaleY = (n & 7) + 1;
        return;
      case 'ESC !':
        style.font = (n & 1) === 1 ? 'B' : 'A';
        style.bold = (n & 8) !== 0;
        style.scaleY = (n & 16) !== 0 ? 2 : 1;
        style.scaleX = (n & 32) !== 0 ? 2 : 1;
        style.underline = (n & 128) !== 0;
        return;
      case 'ESC a':
        if (this.#runs.length === 0 && n % 48 <= 2) this.#align = (n % 48) as 0 | 1 | 2;
        return;
      case 'ESC 2':
        this.#pitch = CELL.pitch;
        return;
      case 'ESC 3':
        this.#pitch = n;
        return;
      case 'ESC d':
        this.#feed(this.#pitch * Math.max(1, n));
        return;
      case 'ESC J':
        this.#feed(n);
        return;
      case 'ESC $':
        this.#x = Math.min(this.#width, word(p, 0));
        return;
      case 'ESC \\':
        this.#x = Math.max(0, Math.min(this.#width, this.#x + ((word(p, 0) << 16) >> 16)));
        return;
      case 'GS V':
        if (p.length > 1) this.#feed(p[1] ?? 0);
        this.#cut(n % 48 === 0 || n === 65 || n === 97 || n === 103 ? 'full' : 'partial');
        return;
      case 'ESC i':
        this.#cut('full');
        return;
      case 'ESC m':
        this.#cut('partial');
        return;
      case 'FS P': {
        this.#cut('full');
        const seconds = p[3] ?? 0;
        const mode = p[2] === 0x52 ? 'retract' : 'eject';
        this.#events.push({ event: 'present', after: seconds === 0 ? 'hold' : mode, seconds });
        return;
      }
      case 'GS e':
        this.#ejector(p);
        return;
      case 'ESC F':
        this.#events.push({ event: 'eject' });
        return;
      case 'GS r':
        this.#events.push({ event: 'request', request: 'GS r', n });
        return;
      case 'GS I':
        this.#events.push({ event: 'request', request: 'GS I', n });
        return;
      case 'ESC v':
        this.#events.push({ event: 'request', request: 'ESC v', n: 0 });
        return;
      case 'GS a':
        this.#events.push({ event: 'automatic-status', mask: n });
        return;
      case 'GS h':
        this.#barcode.height = Math.max(1, n);
        return;
      case 'GS w':
        this.#barcode.width = Math.max(1, Math.min(6, n));
        return;
      case 'GS k':
        this.#printBarcode(p);
        return;
      case 'GS (':
        if (n === 0x6b) this.#symbol(p.subarray(3));
        if (n === 0x4c) this.#graphics(p.subarray(3));
        return;
      case 'GS 8':
        this.#graphics(p.subarray(5));
        return;
      case 'GS v':
        this.#raster(rasterRow(p, this.#width));
        return;
      case 'ESC *':
        this.#raster(bitImageRow(p, this.#width));
        return;
      default:
        return;
    }
  }

  #cut(cut: 'full' | 'partial'): void {
    if (this.#runs.length > 0) this.#feed(this.#pitch);
    this.#events.push({ event: 'cut', cut });
  }

  /** printing.md 1.2: 2 retract, 3 present, 5 eject, 6 send the status byte, 32 present with a time limit. */
  #ejector(p: Uint8Array): void {
    const [n = 0, , seconds = 0] = p;
    if (n === 2) this.#events.push({ event: 'retract' });
    if (n === 3) this.#events.push({ event: 'present', after: 'hold', seconds: 0 });
    if (n === 5) this.#events.push({ event: 'eject' });
    if (n === 6) this.#events.push({ event: 'request', request: 'GS e', n });
    if (n === 32) this.#events.push({ event: 'present', after: seconds === 0 ? 'hold' : 'retract', seconds });
  }

  /** `GS ( k`: only QR (49) is drawn; the other symbols are told as unsupported. */
  #symbol(p: Uint8Array): void {
    const [kind = 0, fn = 0, n = 0] = p;
    if (kind !== 49) {
      if (fn === 81) this.#unsupported('SYMBOL_UNSUPPORTED', `GS ( k ${kind}`);
      return;
    }
    if (fn === 67) this.#qr.module = Math.max(1, Math.min(16, n));
    if (fn === 69) this.#qr.level = levelOf(n, this.#custom);
    if (fn === 80) this.#qr.data = new TextDecoder('utf-8').decode(p.subarray(3));
    if (fn === 81) this.#printQr();
  }

  /** `GS ( L`, `GS 8 L`: function 112 stores a raster image, 2 or 50 prints it. */
  #graphics(p: Uint8Array): void {
    const fn = p[1] ?? 0;
    if (fn === 112) this.#stored = graphicsRow(p, this.#width);
    if (fn === 2 || fn === 50) this.#raster(this.#stored);
  }

  #printQr(): void {
    const { data, module, level } = this.#qr;
    this.#events.push({ event: 'qr', data, module, level });
    const raster = qrRaster(data, level);
    if (!raster) {
      this.#unsupported('SYMBOL_TOO_LONG', 'QR');
      return;
    }
    const side = raster.columns * module;
    // A symbol wider than the paper is not printed.
    if (side > this.#width) {
      this.#unsupported('SYMBOL_TOO_WIDE', 'QR');
      return;
    }
    this.#raster({
      row: 'raster',
      meaning: 'qr',
      data,
      x: 0,
      cellWidth: module,
      cellHeight: module,
      raster,
      advance: side + 6,
    });
  }

  #printBarcode(p: Uint8Array): void {
    const decoded = barcodeRow(p, this.#barcode, this.#width);
    this.#events.push({ event: 'barcode', type: decoded.type, m: decoded.m, data: decoded.data });
    if (decoded.row) this.#raster(decoded.row);
    else this.#unsupported('BARCODE_UNPRINTABLE', decoded.type);
  }

  #raster(row: Extract<PaperRow, { row: 'raster' }> | undefined): void {
    if (!row) return;
    if (this.#runs.length > 0) this.#feed(this.#pitch);
    const free = this.#width - row.raster.columns * row.cellWidth;
    const x = this.#align === 0 ? 0 : Math.max(0, Math.floor(free / (this.#align === 1 ? 2 : 1)));
    this.#row({ ...row, x });
  }
}

function levelOf(n: number, custom: boolean): QrLevel {
  const levels = ['L', 'M', 'Q', 'H'] as const;
  return levels[n - (custom ? 0x31 : 0x30)] ?? 'M';
}

function sameStyle(run: PaperRun, style: Style): boolean {
  return (
    run.bold === style.bold &&
    run.underline === style.underline &&
    run.inverted === style.inverted &&
    run.font === style.font &&
    run.scaleX === style.scaleX &&
    run.scaleY === style.scaleY
  );
}

function runEnd(run: PaperRun): number {
  // Every character of a printer's page is one unit of UTF-16.
  return run.x + run.text.length * (run.font === 'A' ? CELL.width : CELL.smallWidth) * run.scaleX;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
