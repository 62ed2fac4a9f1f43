import { displayError } from '../errors.ts';

/** A screen switched by a program of the system (other-devices.md): its name and its lists of arguments. */
export interface ScreenProgram {
  readonly program: string;
  readonly on: readonly string[];
  readonly off: readonly string[];
  /** Changes nothing: for the self-test. */
  readonly probe: readonly string[];
}

/** `dpms:` X11 by xset · `wlopm:<output>` Wayland · `ddc:<bus, may be empty>` the screen itself by DDC/CI. Throws `DISPLAY_SETTING_INVALID`. */
export function screenProgram(
  protocol: 'dpms' | 'wlopm' | 'ddc',
  path: string,
  settings: URLSearchParams,
): ScreenProgram {
  const named = settings.get('program');
  const bad = () => displayError('DISPLAY_SETTING_INVALID', { protocol, path });
  if (protocol === 'dpms') {
    if (path !== '' && !/^:\d{1,3}(\.\d)?$/.test(path)) throw bad();
    const screen = path === '' ? [] : ['-display', path];
    return {
      program: named ?? 'xset',
      on: [...screen, 'dpms', 'force', 'on'],
      off: [...screen, 'dpms', 'force', 'off'],
      probe: [...screen, 'q'],
    };
  }
  if (protocol === 'wlopm') {
    const output = path === '' ? '*' : path;
    if (!/^(\*|[A-Za-z0-9_-]{1,40})$/.test(output)) throw bad();
    return { program: named ?? 'wlopm', on: ['--on', output], off: ['--off', output], probe: [] };
  }
  if (!/^\d{0,3}$/.test(path)) throw bad();
  const bus = path === '' ? [] : ['--bus', path];
  return {
    program: named ?? 'ddcutil',
    on: [...bus, 'setvcp', 'D6', '1'],
    off: [...bus, 'setvcp', 'D6', '4'],
    probe: [...bus, 'getvcp', 'D6'],
  };
}
