import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The terminal's configuration a command speaks of: `--config`, else JOLLY_CONFIG, else the demo's in this checkout.
 * Gives the arguments with `--config` in them, or as they were when there is none to be found.
 */
export function withConfig(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): readonly string[] {
  if (args.some((argument) => argument === '--config' || argument.startsWith('--config='))) return args;
  const demo = join(folder, '.jolly', 'terminal.json');
  const found = env.JOLLY_CONFIG ?? (existsSync(demo) ? demo : undefined);
  return found === undefined ? args : [...args, '--config', found];
}
