// `npm run sbom [-- --out <file>]`: the software bill of materials (CycloneDX 1.6, JSON) of what ships: every package that
// package-lock.json installs without the development ones. Reads the lock only: the same lock gives the same list.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const FOLDER = 'node_modules/';

const nameOf = (path, entry) => entry.name ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
const purlOf = (name, version) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
const shipped = Object.entries(lock.packages).filter(
  ([path, entry]) => path.includes(FOLDER) && !entry.link && !entry.dev && !entry.devOptional,
);

/** Node looks for a dependency in each folder above, the nearest first. */
function resolved(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf(`/${FOLDER}`)))) {
    const path = `${at === '' ? '' : `${at}/`}${FOLDER}${name}`;
    const entry = lock.packages[path];
    if (entry) return entry.link ? entry.resolved : path;
    if (at === '') return undefined;
  }
}

function hashesOf(integrity) {
  const [algorithm, value] = (integrity ?? '').split(/-(.*)/s);
  if (algorithm !== 'sha512' || !value) return {};
  return { hashes: [{ alg: 'SHA-512', content: Buffer.from(value, 'base64').toString('hex') }] };
}

function licenceOf(license) {
  if (typeof license !== 'string') return {};
  return {
    licenses: [/ (OR|AND|WITH) /.test(license) ? { expression: license } : { license: { id: license } }],
  };
}

const refOf = (path) => {
  const entry = lock.packages[path];
  return purlOf(nameOf(path, entry), entry.version);
};
const components = new Map();
const dependencies = new Map();
for (const [path, entry] of shipped) {
  const ref = refOf(path);
  components.set(ref, {
    type: 'library',
    'bom-ref': ref,
    name: nameOf(path, entry),
    version: entry.version,
    purl: ref,
    scope: entry.optional ? 'optional' : 'required',
    ...hashesOf(entry.integrity),
    ...licenceOf(entry.license),
  });
  const wanted = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
  const refs = wanted.map((name) => resolved(path, name)).filter((found) => found?.includes(FOLDER));
  dependencies.set(ref, new Set([...(dependencies.get(ref) ?? []), ...refs.map(refOf)]));
}
const own = `pkg:npm/${product.name}@${product.version}`;
const direct = (product.workspaces ?? []).flatMap((part) =>
  Object.keys(lock.packages[part]?.dependencies ?? {})
    .map((name) => resolved(part, name))
    .filter((found) => found?.includes(FOLDER))
    .map(refOf),
);
dependencies.set(own, new Set(direct.filter((ref) => components.has(ref))));

const sorted = (values) => [...values].sort();
const body = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': own,
      name: product.name,
      version: product.version,
      purl: own,
      licenses: [{ license: { id: product.license } }],
    },
  },
  components: sorted(components.keys()).map((ref) => components.get(ref)),
  dependencies: sorted(dependencies.keys()).map((ref) => ({
    ref,
    dependsOn: sorted(dependencies.get(ref)).filter((each) => components.has(each)),
  })),
};
const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
// made of the content, not of chance: the same lock, the same document
const serial = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
const text = `${JSON.stringify({ ...body, serialNumber: `urn:uuid:${serial}` }, null, 2)}\n`;
const at = process.argv.indexOf('--out');
if (at > 0 && process.argv[at + 1]) writeFileSync(process.argv[at + 1], text);
else process.stdout.write(text);
