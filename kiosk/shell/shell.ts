import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  ipcMain,
  protocol,
  session,
  type UtilityProcess,
  utilityProcess,
} from 'electron';
import {
  CHANNELS,
  contentPolicy,
  fileBehind,
  isOurs,
  keySwallowed,
  permissionAllowed,
  RestartLimit,
  SCHEME,
  START,
  windowOptions,
} from './rules/index.ts';

/** The runtime's exit status when it was told to start again (kiosk/runtime/exit.ts). */
const EXIT_RESTART = 76;

export interface ShellSettings {
  readonly configFile: string;
  readonly preload: string;
  /** The runtime's entry for a utility process. */
  readonly runtime: string;
  readonly screenDir: string;
  readonly production: boolean;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number>>) => void;
}

/** What the shell reads of the terminal's configuration; the runtime judges the whole of it. */
export function settingsOf(configFile: string): { screenDir: string | undefined; production: boolean } {
  const config: unknown = JSON.parse(readFileSync(configFile, 'utf8'));
  const read = (name: string): unknown =>
    typeof config === 'object' && config !== null && name in config ? Reflect.get(config, name) : undefined;
  const screenDir = read('screenDir');
  return {
    screenDir: typeof screenDir === 'string' ? screenDir : undefined,
    // anything but a clear "demo" is the street
    production: read('mode') !== 'demo',
  };
}

/** Must run before Electron is ready: the scheme is a secure, standard origin with a policy of its own. */
export function claimScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Window, lockdown, own protocol, and the terminal in a utility process; each started again when it falls. */
export class Shell {
  readonly #settings: ShellSettings;
  readonly #runtimeFalls = new RestartLimit();
  readonly #pageFalls = new RestartLimit();
  #runtime: UtilityProcess | undefined;
  #window: BrowserWindow | undefined;
  #stopping = false;

  constructor(settings: ShellSettings) {
    this.#settings = settings;
  }

  start(): void {
    this.#serve();
    this.#lock();
    this.#startRuntime();
    this.#open();
  }

  stop(): void {
    this.#stopping = true;
    this.#runtime?.postMessage('stop');
  }

  #serve(): void {
    const { screenDir } = this.#settings;
    protocol.handle(SCHEME, async (request) => {
      const file = request.method === 'GET' ? fileBehind(request.url, screenDir) : undefined;
      if (!file) return new Response('Nothing is here.', { status: 404 });
      const headers = {
        'content-type': file.type,
        'content-security-policy': contentPolicy(file.path),
        'x-content-type-options': 'nosniff',
      };
      return new Response(new Uint8Array(await readFile(file.path)), { headers });
    });
  }

  #lock(): void {
    const own = session.defaultSession;
    own.setPermissionRequestHandler((contents, permission, answer, details) => {
      const media = 'mediaTypes' in details && details.mediaTypes ? { media: details.mediaTypes } : {};
      const from = 'requestingUrl' in details ? details.requestingUrl : contents.getURL();
      answer(permissionAllowed({ permission, from, mainFrame: details.isMainFrame, ...media }));
    });
    own.setPermissionCheckHandler((_, permission, origin, details) =>
      permissionAllowed({
        permission,
        from: `${origin.replace(/\/$/, '')}/`,
        mainFrame: details.isMainFrame,
      }),
    );
    own.setDevicePermissionHandler(() => false);
    own.on('will-download', (event) => event.preventDefault());
    // the screen needs no network at all: only its own scheme leaves the page
    own.webRequest.onBeforeRequest((request, answer) =>
      answer({ cancel: !isOurs(request.url) && !/^(data|blob|devtools):/.test(request.url) }),
    );
    app.on('web-contents-created', (_, contents) => {
      contents.on('will-navigate', (event) => {
        if (!isOurs(event.url)) event.preventDefault();
      });
      contents.on('will-redirect', (event) => {
        if (!isOurs(event.url)) event.preventDefault();
      });
      contents.on('will-attach-webview', (event) => event.preventDefault());
      contents.on('context-menu', (event) => event.preventDefault());
      contents.on('before-input-event', (event, input) => {
        if (this.#settings.production && keySwallowed(input)) event.preventDefault();
      });
      contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    });
    ipcMain.on(CHANNELS.connect, (event) => {
      const [port] = event.ports;
      const sender = event.senderFrame;
      if (!port) return;
      if (!sender || sender.parent !== null || !isOurs(sender.url)) {
        this.#settings.log('connect-refused');
        port.close();
      } else this.#runtime?.postMessage('screen', [port]);
    });
  }

  #startRuntime(): void {
    const { runtime, configFile, log } = this.#settings;
    const child = utilityProcess.fork(runtime, ['--config', configFile], { serviceName: 'jolly terminal' });
    this.#runtime = child;
    child.on('exit', (code) => {
      if (this.#stopping) return app.quit();
      // the page's port died with it: a fresh page asks for a new one
      const start = () => {
        this.#startRuntime();
        this.#window?.webContents.reload();
      };
      if (code === EXIT_RESTART) return start();
      log('runtime-fell', { code });
      this.#again(this.#runtimeFalls, start);
    });
  }

  #open(): void {
    const { preload, production, log } = this.#settings;
    const window = new BrowserWindow(windowOptions(preload, production));
    this.#window = window;
    window.removeMenu();
    window.once('ready-to-show', () => window.show());
    window.webContents.on('render-process-gone', (_, { reason }) => {
      log('page-fell', { reason });
      this.#again(this.#pageFalls, () => window.webContents.reload());
    });
    window.on('unresponsive', () => {
      log('page-hangs');
      window.webContents.forcefullyCrashRenderer();
    });
    window.loadURL(START).catch((error: unknown) => {
      log('page-not-loaded', { why: error instanceof Error ? error.message : 'unknown' });
      this.#again(this.#pageFalls, () => window.webContents.reload());
    });
  }

  #again(limit: RestartLimit, start: () => void): void {
    const wait = limit.fell(Date.now());
    if (wait === undefined) {
      this.#settings.log('gave-up');
      app.exit(1);
    } else setTimeout(start, wait);
  }
}

/** Where the built parts are beside this file. */
export const besideShell = (...path: string[]): string => join(import.meta.dirname, ...path);
