import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { type GatewayError, gatewayError } from '../../errors.ts';

/** An element with its namespace resolved; `text` joins its own character data. */
export interface XmlElement {
  readonly name: string;
  /** Empty when the element is in no namespace. */
  readonly namespace: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export type XmlRead =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly error: GatewayError };

/** Five transfers with full metadata are about 30 kB: nothing genuine comes near. */
export const MAX_BYTES = 262_144;
export const MAX_DEPTH = 16;
const MAX_ELEMENTS = 5_000;

const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  cdataPropName: CDATA,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // References are resolved here, the five of XML and numbers alone: nothing can expand.
  processEntities: false,
  maxNestedTags: MAX_DEPTH + 1,
});

class Refusal extends Error {
  readonly error: GatewayError;

  constructor(error: GatewayError) {
    super(error.message);
    this.error = error;
  }
}
const refuse = (...args: Parameters<typeof gatewayError>): Refusal => new Refusal(gatewayError(...args));

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveReferences(text: string): string {
  return text.replace(/&([^;&]{0,12};?)/g, (_all, body: string) => {
    const name = body.slice(0, -1);
    if (!body.endsWith(';')) throw refuse('SOAP_NOT_XML', { what: 'bare ampersand' });
    const known = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
    if (known !== undefined) return known;
    const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const point = digits?.[1] ? Number.parseInt(digits[1], 16) : Number(digits?.[2] ?? Number.NaN);
    const writable =
      point === 9 ||
      point === 10 ||
      point === 13 ||
      (point >= 0x20 && point <= 0xd7ff) ||
      (point >= 0xe000 && point <= 0xfffd) ||
      (point >= 0x10000 && point <= 0x10ffff);
    if (!writable) throw refuse('SOAP_NOT_XML', { what: 'unknown reference' });
    return String.fromCodePoint(point);
  });
}

type Scope = ReadonlyMap<string, string>;
type Ordered = Readonly<Record<string, unknown>>;
const ROOT_SCOPE: Scope = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]);

function declared(attributes: unknown, scope: Scope): Scope {
  if (typeof attributes !== 'object' || attributes === null) return scope;
  let extended: Map<string, string> | undefined;
  for (const [name, value] of Object.entries(attributes)) {
    const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice(6) : undefined;
    if (prefix === undefined) continue;
    extended ??= new Map(scope);
    extended.set(prefix, resolveReferences(String(value)));
  }
  return extended ?? scope;
}

const asList = (value: unknown): readonly Ordered[] => (Array.isArray(value) ? (value as Ordered[]) : []);

/** Walks the parser's ordered form. The parser has bounded the depth, so recursion is safe. */
class Walk {
  #elements = 0;

  elements(list: readonly Ordered[], scope: Scope, depth: number): { children: XmlElement[]; text: string } {
    if (depth > MAX_DEPTH) throw refuse('SOAP_TOO_DEEP', { limit: MAX_DEPTH });
    const children: XmlElement[] = [];
    let text = '';
    for (const item of list) {
      for (const key of Object.keys(item)) {
        if (key === ATTRIBUTES || key.startsWith('?')) continue;
        const value = item[key];
        if (key === TEXT) text += resolveReferences(String(value));
        else if (key === CDATA)
          text += asList(value)
            .map((part) => String(part[TEXT] ?? ''))
            .join('');
        else children.push(this.#element(key, item, scope, depth));
      }
    }
    return { children, text };
  }

  #element(tag: string, item: Ordered, scope: Scope, depth: number): XmlElement {
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw refuse('SOAP_TOO_LARGE', { elements: this.#elements });
    const inner = declared(item[ATTRIBUTES], scope);
    const colon = tag.indexOf(':');
    const prefix = colon < 0 ? '' : tag.slice(0, colon);
    const namespace = inner.get(prefix);
    if (namespace === undefined && prefix !== '') throw refuse('SOAP_NOT_XML', { what: 'undeclared prefix' });
    const { children, text } = this.elements(asList(item[tag]), inner, depth + 1);
    return { name: tag.slice(colon + 1), namespace: namespace ?? '', children, text };
  }
}

/** Bytes → the root element, or a named error. Document types, entities, size and depth beyond bounds are refused. */
export function readXml(bytes: Uint8Array): XmlRead {
  try {
    if (bytes.length > MAX_BYTES) throw refuse('SOAP_TOO_LARGE', { bytes: bytes.length });
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw refuse('SOAP_DTD_REFUSED');
    const encoding = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)/.exec(text)?.[1];
    if (encoding && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
      throw refuse('SOAP_NOT_XML', { what: 'encoding' });
    }
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) throw refuse('SOAP_NOT_XML', { line: verdict.err.line });
    const { children } = new Walk().elements(asList(parser.parse(text)), ROOT_SCOPE, 0);
    const [root, ...others] = children;
    if (!root || others.length > 0) throw refuse('SOAP_NOT_XML', { what: 'one root element expected' });
    return { ok: true, root };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.error };
    const deep = error instanceof Error && /nested tags/i.test(error.message);
    // The parser's own words may quote the body: they stay out of the message, only its kind goes on.
    return { ok: false, error: gatewayError(deep ? 'SOAP_TOO_DEEP' : 'SOAP_NOT_XML') };
  }
}
