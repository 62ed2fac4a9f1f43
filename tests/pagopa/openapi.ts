import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

/** A published interface that messages are held against. */
export class PublishedApi {
  readonly #ajv: Ajv;
  readonly #document: Record<string, unknown>;

  constructor(file: string) {
    const text = readFileSync(file, 'utf8');
    this.#document = parse(text);
    // The documents carry OpenAPI's own words (`example`, `discriminator`) between those of JSON Schema.
    this.#ajv = new Ajv({ strict: false, allErrors: true });
    for (const [format, pattern] of Object.entries(FORMATS)) this.#ajv.addFormat(format, pattern);
    this.#ajv.addSchema({ $id: 'api', ...this.#document });
  }

  /** What is wrong with a value, one line each: `/path message`. `pointer` is below `#/components`. */
  faults(pointer: string, value: unknown): readonly string[] {
    const validate = this.#ajv.compile({ $ref: `api#/components/${pointer}` });
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}

/** `Retry-After`-less instants of MIL have no zone: `date-time` there is not RFC 3339's. */
const FORMATS = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  uuid: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  uri: /^[ -~]+$/,
  int32: /^/,
  int64: /^/,
};

/** Pointer of the JSON (or form) that a request body or an answer of the document holds. */
export const contentOf = (component: string, type = 'application/json'): string =>
  `${component}/content/${type.replace('/', '~1')}/schema`;
