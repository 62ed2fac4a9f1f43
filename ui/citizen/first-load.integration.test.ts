import { fileURLToPath } from 'node:url';
import { Language } from '@jolly/contracts/terminal-channel';
import { build, type Rolldown } from 'vite';
import { describe, expect, it } from 'vitest';

/** The build as it is shipped, without writing it. */
async function built(): Promise<readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]> {
  const made = await build({
    configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { write: false },
  });
  if (!('output' in made)) throw new Error('not one build');
  return made.output;
}

describe('the first load', () => {
  it('holds the Italian words; every other language, and the letters of Chinese, are read when they are chosen', async () => {
    const output = await built();
    const chunks = output.filter((file) => file.type === 'chunk');
    const entry = chunks.find((chunk) => chunk.isEntry);
    const first = new Set<string>();
    const follow = (name: string | undefined) => {
      const chunk = chunks.find((each) => each.fileName === name);
      if (!chunk || first.has(chunk.fileName)) return;
      first.add(chunk.fileName);
      for (const next of chunk.imports) follow(next);
    };
    follow(entry?.fileName);
    const modules = chunks.filter((chunk) => first.has(chunk.fileName)).flatMap((chunk) => chunk.moduleIds);
    const words = modules.filter((id) => /\/kit\/messages\/[a-z]{2}(-[a-z]+)?\.ts$/.test(id));
    expect(words.length).toBeGreaterThan(0);
    expect(words.filter((id) => !/\/it(-[a-z]+)?\.ts$/.test(id))).toEqual([]);
    expect(modules.filter((id) => id.endsWith('fonts-chinese.css'))).toEqual([]);
    expect(modules.filter((id) => id.includes('modern-screenshot'))).toEqual([]);

    const later = chunks.filter((chunk) => !first.has(chunk.fileName)).flatMap((chunk) => chunk.moduleIds);
    for (const language of Language.options.filter((each) => each !== 'it')) {
      expect(
        later.some((id) => id.endsWith(`/kit/messages/${language}.ts`)),
        language,
      ).toBe(true);
    }

    const styles = output.filter((file) => file.type === 'asset' && file.fileName.endsWith('.css'));
    const withChinese = styles.filter(
      (file) => String('source' in file && file.source).match(/noto-sans-sc-/g)?.length ?? 0,
    );
    const sizes = withChinese.map(
      (file) => String('source' in file && file.source).match(/noto-sans-sc-/g)?.length ?? 0,
    );
    // the two letters of its name stand in the first style sheet, the other faces in one of their own
    expect(sizes.toSorted((one, other) => one - other)[0]).toBe(2);
    expect(Math.max(...sizes)).toBeGreaterThan(90);
  }, 120_000);
});
