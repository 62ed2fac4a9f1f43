import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Needle } from './memory.ts';

/**
 * Files below the folder that hold one of the needles, databases with their write-ahead logs, journals and logs alike; `except`
 * names folders directly below it.
 */
export function searchFolder(
  folder: string,
  needles: readonly Needle[],
  except: readonly string[],
): { readonly files: number; readonly found: readonly string[] } {
  const found: string[] = [];
  let files = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (!entry.isFile() || except.some((skipped) => name.startsWith(`${skipped}/`))) continue;
    files += 1;
    const bytes = readFileSync(path);
    for (const needle of needles)
      if (needle.forms.some((form) => bytes.includes(form))) found.push(`${needle.name} in ${name}`);
  }
  return { files, found };
}
