import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const Sbom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
  components: z.array(
    z.object({
      'bom-ref': z.string(),
      name: z.string(),
      version: z.string().min(1),
      purl: z.string().startsWith('pkg:npm/'),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});
const Part = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });
const Product = z.object({
  workspaces: z.array(z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

const make = () => execFileSync(process.execPath, [join(root, 'scripts', 'sbom.mjs')], { encoding: 'utf8' });

describe('the bill of materials', () => {
  const text = make();
  const sbom = Sbom.parse(JSON.parse(text));
  const product = Product.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

  it('lists what every part ships, in the version that it names', () => {
    const listed = new Map(sbom.components.map(({ name, version }) => [name, version]));
    for (const part of product.workspaces.filter((each) => each !== 'tests' && each !== 'simulators')) {
      const { dependencies } = Part.parse(JSON.parse(readFileSync(join(root, part, 'package.json'), 'utf8')));
      for (const [name, version] of Object.entries(dependencies)) {
        if (!name.startsWith('@jolly/')) expect([name, listed.get(name)]).toEqual([name, version]);
      }
    }
    expect(listed.size).toBeGreaterThan(100);
  });

  it('lists no tool of the developers, and refers to nothing that it does not list', () => {
    const names = new Set(sbom.components.map(({ name }) => name));
    for (const tool of ['vitest', '@biomejs/biome', 'dependency-cruiser']) expect(names).not.toContain(tool);
    const refs = new Set(sbom.components.map((component) => component['bom-ref']));
    for (const { dependsOn } of sbom.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref);
  });

  it('is the same for the same lock', () => {
    expect(make()).toBe(text);
  });
});
