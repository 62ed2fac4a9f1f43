import { beforeEach, describe, expect, it, vi } from 'vitest';

type Handler = (...args: unknown[]) => unknown;

/** Electron as far as the shell touches it: everything is written down, nothing is done. */
const electron = vi.hoisted(() => {
  const on = (handlers: Map<string, Handler>) => (name: string, handler: Handler) =>
    handlers.set(name, handler);
  const appHandlers = new Map<string, Handler>();
  const ipcHandlers = new Map<string, Handler>();
  const windowContents = new Map<string, Handler>();
  const child = { handlers: new Map<string, Handler>(), sent: [] as unknown[][] };
  const given = {
    permission: undefined as Handler | undefined,
    check: undefined as Handler | undefined,
    requests: undefined as Handler | undefined,
  };
  const exits: number[] = [];
  const reloads: string[] = [];
  return {
    on,
    appHandlers,
    ipcHandlers,
    windowContents,
    child,
    given,
    exits,
    reloads,
    forks: [] as unknown[][],
  };
});

vi.mock('electron', () => {
  const { on, appHandlers, ipcHandlers, windowContents, child, given, exits, reloads, forks } = electron;
  class BrowserWindow {
    readonly webContents = {
      on: on(windowContents),
      reload: () => reloads.push('reload'),
      forcefullyCrashRenderer: () => undefined,
    };
    removeMenu = () => undefined;
    show = () => undefined;
    once = () => undefined;
    on = () => undefined;
    loadURL = async (url: string) => reloads.push(url);
  }
  return {
    app: { on: on(appHandlers), exit: (code: number) => exits.push(code), quit: () => exits.push(0) },
    BrowserWindow,
    ipcMain: { on: on(ipcHandlers) },
    protocol: { handle: () => undefined, registerSchemesAsPrivileged: () => undefined },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: Handler) => {
          given.permission = handler;
        },
        setPermissionCheckHandler: (handler: Handler) => {
          given.check = handler;
        },
        setDevicePermissionHandler: () => undefined,
        on: () => undefined,
        webRequest: {
          onBeforeRequest: (handler: Handler) => {
            given.requests = handler;
          },
        },
      },
    },
    utilityProcess: {
      fork: (...args: unknown[]) => {
        forks.push(args);
        return { on: on(child.handlers), postMessage: (...sent: unknown[]) => child.sent.push(sent) };
      },
    },
  };
});

const { Shell } = await import('./shell.ts');
const logs: string[] = [];
const start = () => {
  const shell = new Shell({
    configFile: '/c.json',
    preload: '/p.cjs',
    runtime: '/utility.ts',
    screenDir: '/app',
    production: true,
    log: (event) => logs.push(event),
  });
  shell.start();
  return shell;
};

beforeEach(() => {
  electron.child.sent.length = 0;
  electron.exits.length = 0;
  electron.reloads.length = 0;
  electron.forks.length = 0;
  logs.length = 0;
});

describe('the shell', () => {
  it('starts the terminal in a utility process and opens our page', () => {
    start();
    expect(electron.forks[0]?.slice(0, 2)).toEqual(['/utility.ts', ['--config', '/c.json']]);
    expect(electron.reloads).toEqual(['jolly://screen/']);
  });

  it('hands the port of our own page to the terminal, and of nobody else', () => {
    start();
    const connect = electron.ipcHandlers.get('jolly:connect');
    const port = { close: vi.fn() };
    connect?.({ ports: [port], senderFrame: { url: 'jolly://screen/', parent: null } });
    expect(electron.child.sent).toEqual([['screen', [port]]]);
    for (const senderFrame of [
      null,
      { url: 'https://evil.example/', parent: null },
      { url: 'jolly://screen/', parent: {} },
    ]) {
      connect?.({ ports: [port], senderFrame });
    }
    expect(electron.child.sent).toHaveLength(1);
    expect(port.close).toHaveBeenCalledTimes(3);
    expect(logs).toEqual(['connect-refused', 'connect-refused', 'connect-refused']);
  });

  it('refuses permissions, navigation, windows and requests that are not ours', () => {
    start();
    const answers: unknown[] = [];
    const ask = (url: string) =>
      electron.given.permission?.({ getURL: () => url }, 'media', (answer: unknown) => answers.push(answer), {
        isMainFrame: true,
        requestingUrl: url,
        mediaTypes: ['video'],
      });
    ask('jolly://screen/');
    ask('https://evil.example/');
    expect(answers).toEqual([true, false]);
    const requests: unknown[] = [];
    for (const url of ['jolly://screen/a.js', 'https://evil.example/x', 'http://127.0.0.1/']) {
      electron.given.requests?.({ url }, (answer: unknown) => requests.push(answer));
    }
    expect(requests).toEqual([{ cancel: false }, { cancel: true }, { cancel: true }]);
    const handlers = new Map<string, Handler>();
    let open: Handler | undefined;
    electron.appHandlers.get('web-contents-created')?.(undefined, {
      on: electron.on(handlers),
      setWindowOpenHandler: (handler: Handler) => {
        open = handler;
      },
    });
    const event = { url: 'https://evil.example/', preventDefault: vi.fn() };
    for (const name of ['will-navigate', 'will-redirect', 'will-attach-webview', 'context-menu'])
      handlers.get(name)?.(event);
    expect(event.preventDefault).toHaveBeenCalledTimes(4);
    expect(open?.()).toEqual({ action: 'deny' });
  });

  it('starts a fallen terminal again and gives up in the end', () => {
    vi.useFakeTimers();
    start();
    for (let fall = 0; fall < 6; fall++) {
      electron.child.handlers.get('exit')?.(1);
      vi.advanceTimersByTime(60_000);
    }
    expect(electron.forks).toHaveLength(6);
    expect(electron.exits).toEqual([1]);
    vi.useRealTimers();
  });

  it('stops the terminal in order before it ends', () => {
    start().stop();
    expect(electron.child.sent).toEqual([['stop']]);
    electron.child.handlers.get('exit')?.(0);
    expect(electron.exits).toEqual([0]);
  });
});
