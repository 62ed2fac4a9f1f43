import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** How the citizen's screen is shown on this machine. */
export type ScreenChoice =
  | { readonly how: 'electron'; readonly binary: string }
  | { readonly how: 'chromium'; readonly binary: string }
  | { readonly how: 'printed' };

/** Electron where its binary is installed, else the system's Chromium on a display, else the address is printed. */
export function chooseScreen(env: NodeJS.ProcessEnv): ScreenChoice {
  const electron = join(root, 'node_modules/electron/dist/electron');
  const hasDisplay = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (hasDisplay && existsSync(electron)) return { how: 'electron', binary: electron };
  const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  if (hasDisplay && browser) return { how: 'chromium', binary: browser };
  return { how: 'printed' };
}

/** Opens the screen; the process is the caller's to end. */
export function openScreen(
  choice: ScreenChoice,
  address: { readonly url: string; readonly config: string; readonly profile: string },
): ChildProcess | undefined {
  if (choice.how === 'electron') {
    return spawn(choice.binary, [join(root, 'kiosk/shell'), '--config', address.config], { stdio: 'ignore' });
  }
  if (choice.how === 'chromium') {
    const args = [
      `--app=${address.url}`,
      `--user-data-dir=${address.profile}`,
      '--no-first-run',
      // whoever uses the keypad never touches the glass: sound must not wait for it
      '--autoplay-policy=no-user-gesture-required',
      '--window-size=608,1080',
    ];
    return spawn(choice.binary, args, { stdio: 'ignore' });
  }
  return undefined;
}
