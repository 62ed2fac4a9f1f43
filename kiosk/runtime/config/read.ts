import { readFileSync } from 'node:fs';
import { fail } from '../errors.ts';
import { RuntimeConfig } from './config.ts';

/** Reads a terminal's settings. Throws `CONFIG_UNREADABLE`, or `CONFIG_INVALID` with the full list of faults. */
export function readConfig(file: string): RuntimeConfig {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw fail('CONFIG_UNREADABLE', { file, why }, { cause });
  }
  const parsed = RuntimeConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  throw fail('CONFIG_INVALID', { file, faults: faults.join('; ') });
}
