import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { describeLink } from './asyncapi.ts';
import { DOWN, UP } from './topics.ts';

const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json');

it('is an AsyncAPI 3 document that names every topic', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  (addFormats as unknown as (to: Ajv) => void)(ajv);
  const validate = ajv.compile(schema);
  const document = describeLink();
  expect(validate(document), JSON.stringify(validate.errors?.slice(0, 5))).toBe(true);
  expect(Object.keys(document.channels as object)).toEqual([
    ...UP.map((kind) => `up-${kind}`),
    ...DOWN.map((kind) => `down-${kind}`),
  ]);
});
