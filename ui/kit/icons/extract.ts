import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/**
 * Takes the national icons that the screens use out of bootstrap-italia's sprite (BSD-3-Clause) into `national.ts` and
 * `console.ts` (those of the consoles alone, so that the citizen's screen does not load them): no sprite, no chunk and no
 * request is needed to draw one. Run `node ui/kit/icons/extract.ts` after adding a name.
 */
const NAMES = [
  'arrow-down',
  'arrow-left',
  'arrow-up',
  'calendar',
  'card',
  'check',
  'check-circle',
  'chevron-right',
  'clock',
  'close',
  'file',
  'folder',
  'help-circle',
  'horn',
  'info-circle',
  'locked',
  'logout',
  'pencil',
  'print',
  'refresh',
  'search',
  'star-full',
  'star-outline',
  'telephone',
  'user',
  'video',
  'warning-circle',
];
const CONSOLE_NAMES = [
  'arrow-left',
  'arrow-right',
  'ban',
  'burger',
  'camera',
  'card',
  'chart-line',
  'chevron-right',
  'clip',
  'close',
  'download',
  'error',
  'exchange-circle',
  'files',
  'help-circle',
  'horn',
  'hearing',
  'inbox',
  'key',
  'list',
  'locked',
  'logout',
  'map-marker',
  'map-marker-plus',
  'minus',
  'pa',
  'pencil',
  'plus',
  'presentation',
  'print',
  'refresh',
  'restore',
  'search',
  'settings',
  'software',
  'tool',
  'unlocked',
  'user',
  'delete',
];

const sprite = createRequire(import.meta.url).resolve('bootstrap-italia/dist/svg/sprites.svg');
const text = await readFile(sprite, 'utf8');
const head = `// Made by extract.ts from bootstrap-italia's sprite. Copyright (c) 2022 its contributors, BSD-3-Clause: see
// LICENSE.bootstrap-italia.txt beside this file. 24 grid, filled outlines.
`;
for (const [file, constant, names] of [
  ['./national.ts', 'nationalIcons', NAMES],
  ['./console.ts', 'consoleIcons', CONSOLE_NAMES],
] as const) {
  const rows = names.map((name) => {
    const symbol = new RegExp(`<symbol id="it-${name}"[^>]*>(.*?)</symbol>`, 's').exec(text)?.[1];
    const paths = [...(symbol ?? '').matchAll(/<path d="([^"]+)"/g)].map((found) => found[1]);
    if (paths.length === 0) throw new Error(`the sprite has no icon "${name}"`);
    return `  '${name}': '${paths.join(' ')}',`;
  });
  await writeFile(
    new URL(file, import.meta.url),
    `${head}export const ${constant} = {\n${rows.join('\n')}\n} as const;\n`,
  );
}
