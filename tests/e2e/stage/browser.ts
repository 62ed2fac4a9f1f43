import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const FOUND_AT = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // a person with a keypad never touches the glass: sound must not wait for it
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
];

/** The system's Chromium, or that of JOLLY_CHROMIUM; undefined where there is none. */
export function chromiumPath(env: NodeJS.ProcessEnv): string | undefined {
  const wished = env.JOLLY_CHROMIUM;
  return wished ? (existsSync(wished) ? wished : undefined) : FOUND_AT.find((path) => existsSync(path));
}

/** `film`: a file that the browser plays as its camera. */
export function openBrowser(executablePath: string, film?: string): Promise<Browser> {
  const camera =
    film === undefined
      ? []
      : ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`];
  return chromium.launch({
    executablePath,
    args: [...ARGS, ...camera],
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}
