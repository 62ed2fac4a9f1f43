/** An element as it was sent. `text` is all its own character data. */
export interface Element {
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly { readonly local: string; readonly namespace: string }[];
  readonly children: Element[];
  text: string;
}

export type Parsed =
  | { readonly ok: true; readonly root: Element }
  | { readonly ok: false; readonly reason: string };

const MAX_BYTES = 262_144;
const MAX_DEPTH = 32;
const MAX_ELEMENTS = 2_000;
const NAME = /[\p{L}_][\p{L}\p{N}_.·-]*(?::[\p{L}_][\p{L}\p{N}_.·-]*)?/uy;
const ATTRIBUTE = /\s+([\p{L}_][\p{L}\p{N}_.·-]*(?::[\p{L}_][\p{L}\p{N}_.·-]*)?)\s*=\s*("[^"<]*"|'[^'<]*')/uy;
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const BLANK = /^[ \t\n\r]*$/;

class NotXml extends Error {}

const named = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['apos', "'"],
  ['quot', '"'],
]);

function dereference(text: string): string {
  return text.replace(/&([^&;]*)(;?)/g, (_whole, name: string, end: string) => {
    const known = named.get(name);
    if (end && known !== undefined) return known;
    const number = end ? /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name) : null;
    if (!number) throw new NotXml('unknown reference');
    const point = number[1] ? Number.parseInt(number[1], 16) : Number(number[2]);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new NotXml('bad character number');
    const character = String.fromCodePoint(point);
    if (FORBIDDEN.test(character)) throw new NotXml('forbidden character');
    return character;
  });
}

interface Open {
  readonly tag: string;
  readonly element: Element;
  readonly scope: ReadonlyMap<string, string>;
}

class Reader {
  readonly #text: string;
  #at = 0;
  #root: Element | undefined;
  readonly #open: Open[] = [];
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Element {
    const declaration = /^<\?xml\s[^?]*\?>/.exec(this.#text)?.[0];
    if (declaration) {
      if (/encoding\s*=\s*["'](?!utf-8["'])/i.test(declaration)) throw new NotXml('encoding is not UTF-8');
      this.#at = declaration.length;
    }
    while (this.#at < this.#text.length) this.#step();
    if (this.#open.length > 0) throw new NotXml('an element is not closed');
    if (!this.#root) throw new NotXml('no element');
    return this.#root;
  }

  #step(): void {
    const text = this.#text;
    if (text[this.#at] !== '<') {
      const next = text.indexOf('<', this.#at);
      const end = next < 0 ? text.length : next;
      this.#characters(text.slice(this.#at, end));
      this.#at = end;
    } else if (text.startsWith('<!--', this.#at)) {
      const inside = this.#until('-->', 4);
      if (inside.includes('--') || inside.endsWith('-')) throw new NotXml('-- in a comment');
    } else if (text.startsWith('<![CDATA[', this.#at)) {
      const top = this.#open.at(-1);
      if (!top) throw new NotXml('text outside the root');
      top.element.text += this.#until(']]>', 9);
    } else if (text.startsWith('<?', this.#at)) {
      if (/^xml(\s|\?)/i.test(this.#until('?>', 2))) throw new NotXml('declaration out of place');
    } else if (text.startsWith('<!', this.#at)) {
      throw new NotXml('document types are refused');
    } else if (text[this.#at + 1] === '/') {
      this.#close();
    } else {
      this.#start();
    }
  }

  #until(end: string, skip: number): string {
    const stop = this.#text.indexOf(end, this.#at + skip);
    if (stop < 0) throw new NotXml(`no ${end}`);
    const inside = this.#text.slice(this.#at + skip, stop);
    this.#at = stop + end.length;
    return inside;
  }

  #characters(raw: string): void {
    const top = this.#open.at(-1);
    if (!top) {
      if (!BLANK.test(raw)) throw new NotXml('text outside the root');
      return;
    }
    if (raw.includes(']]>')) throw new NotXml(']]> in text');
    top.element.text += dereference(raw);
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (!name) throw new NotXml('a name was expected');
    this.#at += name.length;
    return name;
  }

  #close(): void {
    this.#at += 2;
    const tag = this.#name();
    const blank = /[ \t\n\r]*>/y;
    blank.lastIndex = this.#at;
    const rest = blank.exec(this.#text);
    if (!rest) throw new NotXml('> was expected');
    this.#at += rest[0].length;
    if (this.#open.pop()?.tag !== tag) throw new NotXml('elements overlap');
  }

  #start(): void {
    this.#at += 1;
    const tag = this.#name();
    const raw = new Map<string, string>();
    for (;;) {
      ATTRIBUTE.lastIndex = this.#at;
      const found = ATTRIBUTE.exec(this.#text);
      if (!found?.[1] || !found[2]) break;
      this.#at += found[0].length;
      if (raw.has(found[1])) throw new NotXml('attribute twice');
      raw.set(found[1], dereference(found[2].slice(1, -1)));
    }
    const end = /[ \t\n\r]*(\/?)>/y;
    end.lastIndex = this.#at;
    const closing = end.exec(this.#text);
    if (!closing) throw new NotXml('the tag does not end');
    this.#at += closing[0].length;
    this.#element(tag, raw, closing[1] === '/');
  }

  #element(tag: string, raw: ReadonlyMap<string, string>, empty: boolean): void {
    const parent = this.#open.at(-1);
    if (!parent && this.#root) throw new NotXml('two roots');
    if (this.#open.length >= MAX_DEPTH) throw new NotXml('too deep');
    this.#count += 1;
    if (this.#count > MAX_ELEMENTS) throw new NotXml('too many elements');

    const scope = new Map(parent?.scope ?? [['xml', 'http://www.w3.org/XML/1998/namespace']]);
    for (const [name, value] of raw) {
      if (name === 'xmlns') scope.set('', value);
      else if (name.startsWith('xmlns:')) {
        if (value === '') throw new NotXml('a prefix cannot be undeclared');
        scope.set(name.slice(6), value);
      }
    }
    const resolve = (name: string, isAttribute: boolean) => {
      const [prefix, local] = name.includes(':') ? name.split(':') : ['', name];
      if (prefix === '' && isAttribute) return { local: name, namespace: '' };
      const namespace = scope.get(prefix ?? '');
      if (namespace === undefined && prefix !== '') throw new NotXml('undeclared prefix');
      return { local: local ?? name, namespace: namespace ?? '' };
    };
    const attributes = [...raw.keys()]
      .filter((name) => name !== 'xmlns' && !name.startsWith('xmlns:'))
      .map((name) => resolve(name, true));
    const element: Element = { ...resolve(tag, false), attributes, children: [], text: '' };
    if (parent) parent.element.children.push(element);
    else this.#root = element;
    if (!empty) this.#open.push({ tag, element, scope });
  }
}

/** The node's own reader: strict, bounded, no document types. Never throws. */
export function parse(bytes: Uint8Array): Parsed {
  if (bytes.length > MAX_BYTES) return { ok: false, reason: 'too large' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
    if (FORBIDDEN.test(text)) return { ok: false, reason: 'forbidden character' };
    return { ok: true, root: new Reader(text).read() };
  } catch (error) {
    if (error instanceof NotXml) return { ok: false, reason: error.message };
    if (error instanceof TypeError) return { ok: false, reason: 'not UTF-8' };
    throw error;
  }
}

export const isBlank = (text: string): boolean => BLANK.test(text);
