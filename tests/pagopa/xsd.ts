import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryPages, validateXML } from 'xmllint-wasm';

/** The published schema as xmllint wants it: every file flat beside the others, the import rewritten to match. */
function schemaFiles(folder: string) {
  const common = 'sac-common-types-1.0.xsd';
  const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');
  return {
    schema: {
      fileName: 'nodeForPsp.xsd',
      contents: read('wsdl', 'xsd', 'nodeForPsp.xsd').replace(`../../xsd-common/${common}`, common),
    },
    preload: { fileName: common, contents: read('xsd-common', common) },
  };
}

/** The only child of the SOAP body, as a document. Works on text that our two writers and the examples produce. */
export function bodyOf(soap: string): string {
  const inside = /<(\w+):Body>([\s\S]*)<\/\1:Body>/.exec(soap)?.[2];
  if (inside === undefined) throw new Error('no SOAP body');
  return inside.trim();
}

/** xmllint takes the names on its command line, and its stack is small. */
const BATCH = 500;

/**
 * Validates documents against nodeForPsp.xsd, many in one run. Gives for each the first complaint, or undefined.
 * `folder` is `pagopa/soap` of the shared data.
 */
export async function xsdComplaints(
  folder: string,
  documents: readonly string[],
): Promise<readonly (string | undefined)[]> {
  if (documents.length > BATCH) {
    const [first, rest] = [documents.slice(0, BATCH), documents.slice(BATCH)];
    return [...(await xsdComplaints(folder, first)), ...(await xsdComplaints(folder, rest))];
  }
  const result = await validateXML({
    ...schemaFiles(folder),
    xml: documents.map((contents, index) => ({ fileName: `d${index}.xml`, contents })),
    initialMemoryPages: 32 * memoryPages.MiB,
    maxMemoryPages: 256 * memoryPages.MiB,
  });
  const complaints = new Map<string, string>();
  for (const error of result.errors) {
    const file = error.loc?.fileName;
    if (file && !complaints.has(file)) complaints.set(file, error.message);
  }
  const failed = new Set(
    result.rawOutput.match(/d\d+\.xml (?=fails to validate)/g)?.map((name) => name.trim()),
  );
  return documents.map((_document, index) => {
    const name = `d${index}.xml`;
    return complaints.get(name) ?? (failed.has(name) ? 'fails to validate' : undefined);
  });
}
