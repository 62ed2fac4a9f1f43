import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

type Complain = (value: unknown) => readonly string[];

/** Judges values by the schemas of a published OpenAPI file: one function for each name under `components.schemas`. */
export function openApiSchemas(file: string): (name: string) => Complain {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  // the files mark defaults and examples as text ("true"): those are not what is judged here
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv, ['date-time', 'uri', 'email', 'int32', 'int64']);
  ajv.addSchema(document as object, 'api');
  return (name) => {
    const judge = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    return (value) =>
      judge(value)
        ? []
        : (judge.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
