import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/**
 * Writes the faces of alphabets that Titillium Web does not have, woff2 only, each with the letters for which it is read
 * (`unicode-range`). Run `node ui/kit/styles/extract-fonts.ts` after a change of the font packages.
 *
 * `fonts-letters.css` is in the first load: Cyrillic, Arabic, and the two letters by which Chinese is chosen.
 * `fonts-chinese.css` is read with the Chinese words.
 */
const from = createRequire(import.meta.url);
const WEIGHTS = ['400', '600', '700'];
const CHOOSE_CHINESE = '中文';

interface Face {
  readonly file: string;
  readonly range: string;
}

async function facesOf(family: string, weight: string): Promise<readonly Face[]> {
  const css = await readFile(from.resolve(`@fontsource/${family}/${weight}.css`), 'utf8');
  return [...css.matchAll(/url\(\.\/files\/([^)]+\.woff2)\)[^}]*unicode-range: ([^;]+);/g)].map(
    ([, file = '', range = '']) => ({ file, range }),
  );
}

const rule = (name: string, family: string, weight: string, { file, range }: Face): string => `@font-face {
  font-family: "${name}";
  font-weight: ${weight};
  font-display: swap;
  src: url("@fontsource/${family}/files/${file}") format("woff2");
  unicode-range: ${range.replaceAll(',', ', ')};
}
`;

const holds = ({ range }: Face, letter: string): boolean =>
  range.split(',').some((part) => {
    const [first = '', last = first] = part.trim().replace(/^U\+/i, '').split('-');
    const code = letter.codePointAt(0) ?? 0;
    return code >= Number.parseInt(first, 16) && code <= Number.parseInt(last, 16);
  });

const letters: string[] = [];
const chinese: string[] = [];
for (const weight of WEIGHTS) {
  for (const face of await facesOf('noto-sans', weight)) {
    if (/cyrillic(-ext)?-\d/.test(face.file)) letters.push(rule('Noto Sans', 'noto-sans', weight, face));
  }
  for (const face of await facesOf('noto-sans-arabic', weight)) {
    if (/arabic-arabic-\d/.test(face.file))
      letters.push(rule('Noto Sans Arabic', 'noto-sans-arabic', weight, face));
  }
  const all = await facesOf('noto-sans-sc', weight);
  for (const face of all) {
    // Latin letters and numerals stay Titillium's; two weights are enough for strokes so many
    if (weight !== '600' && !/-(latin|latin-ext|cyrillic|vietnamese)-\d/.test(face.file))
      chinese.push(rule('Noto Sans SC', 'noto-sans-sc', weight, face));
  }
  if (weight === '700') {
    for (const letter of CHOOSE_CHINESE) {
      const face = all.find((each) => holds(each, letter));
      const range = `U+${letter.codePointAt(0)?.toString(16)}`;
      if (face) letters.push(rule('Noto Sans SC', 'noto-sans-sc', weight, { ...face, range }));
    }
  }
}
const made = '/* Made by extract-fonts.ts from the font packages. SIL Open Font License 1.1. */\n';
await writeFile(new URL('./fonts-letters.css', import.meta.url), made + letters.join('\n'));
await writeFile(new URL('./fonts-chinese.css', import.meta.url), made + chinese.join('\n'));
