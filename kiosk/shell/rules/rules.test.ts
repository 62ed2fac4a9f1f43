import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHANNELS,
  contentPolicy,
  fileBehind,
  isOurs,
  keySwallowed,
  permissionAllowed,
  RestartLimit,
  START,
  windowOptions,
} from './index.ts';

describe('what is ours', () => {
  it('is our scheme and host, and nothing that looks like it', () => {
    expect(isOurs(START)).toBe(true);
    for (const address of [
      'https://screen/',
      'file:///etc/passwd',
      'jolly://evil/',
      'jolly://screen.evil/',
      'jolly://user@screen/',
      'javascript:alert(1)',
      'about:blank',
      '',
    ]) {
      expect([address, isOurs(address)]).toEqual([address, false]);
    }
  });

  it('any text is judged without a throw', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof isOurs(text) === 'boolean'));
  });
});

describe('permissions', () => {
  const ask = (changes: Partial<Parameters<typeof permissionAllowed>[0]>) =>
    permissionAllowed({ permission: 'media', from: START, mainFrame: true, media: ['video'], ...changes });

  it('give camera and microphone to our own page', () => {
    expect(ask({})).toBe(true);
    expect(ask({ media: ['video', 'audio'] })).toBe(true);
  });

  it('give nothing else, and nothing to anybody else', () => {
    expect(ask({ from: 'https://example.org/' })).toBe(false);
    expect(ask({ mainFrame: false })).toBe(false);
    expect(ask({ media: ['screen'] })).toBe(false);
    for (const permission of [
      'geolocation',
      'notifications',
      'display-capture',
      'usb',
      'hid',
      'serial',
      'openExternal',
      'fullscreen',
    ]) {
      expect([permission, ask({ permission })]).toEqual([permission, false]);
    }
  });
});

describe('the window', () => {
  it('is a kiosk, sandboxed and isolated', () => {
    const options = windowOptions('/p.cjs', true);
    expect(options).toMatchObject({ kiosk: true, frame: false });
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      devTools: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
    expect(windowOptions('/p.cjs', false)).toMatchObject({
      kiosk: false,
      webPreferences: { devTools: true },
    });
  });

  it('swallows the keys that leave it, and no digit', () => {
    const plain = { control: false, alt: false, meta: false };
    for (const key of ['F11', 'F5', 'F12']) expect(keySwallowed({ key, ...plain })).toBe(true);
    expect(keySwallowed({ key: 'w', ...plain, control: true })).toBe(true);
    expect(keySwallowed({ key: 'F4', ...plain, alt: true })).toBe(true);
    for (const key of ['5', 'Tab', 'Enter', 'Escape', 'Backspace']) {
      expect(keySwallowed({ key, ...plain })).toBe(false);
    }
  });
});

describe('files', () => {
  it('come from the built app only', () => {
    expect(fileBehind('jolly://screen/', '/app')).toEqual({
      path: '/app/index.html',
      type: 'text/html; charset=utf-8',
    });
    expect(fileBehind('jolly://screen/assets/a.js?x=1', '/app')?.path).toBe('/app/assets/a.js');
    for (const address of [
      'jolly://screen/..%2fsecret.json',
      'jolly://screen/.env',
      'jolly://screen/%zz.js',
      'jolly://screen/data.db',
      'https://screen/index.html',
    ]) {
      expect([address, fileBehind(address, '/app')]).toEqual([address, undefined]);
    }
  });

  it('never leave the folder', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const file = fileBehind(`${START}${path}`, '/app');
        expect(file === undefined || file.path.startsWith('/app/')).toBe(true);
      }),
    );
  });

  it('carry a policy that lets nothing in', () => {
    for (const path of ['/app/index.html', '/app/assets/index-a1b2.js', '/app/assets/x-code-decoder.js']) {
      expect(contentPolicy(path)).toContain("default-src 'none'");
      expect(contentPolicy(path)).not.toMatch(/unsafe|https?:|\*/);
    }
  });

  it('let only the decoder of codes run WebAssembly', () => {
    const policy = contentPolicy('/app/assets/code-decoder-B1_x-2.js');
    expect(policy).toContain(" 'wasm-unsafe-eval';");
    expect(policy.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|https?:|\*/);
  });
});

it('what falls is started again, later each time, and not for ever', () => {
  const limit = new RestartLimit(4, 1000);
  expect([limit.fell(0), limit.fell(1), limit.fell(2), limit.fell(3), limit.fell(4)]).toEqual([
    0,
    500,
    1000,
    2000,
    undefined,
  ]);
  expect(limit.fell(5000)).toBe(0);
});

it('the preload, which can import nothing, says the same name', () => {
  const preload = readFileSync(join(import.meta.dirname, '..', 'preload.ts'), 'utf8');
  expect(preload).toContain(`const CONNECT = '${CHANNELS.connect}';`);
});
