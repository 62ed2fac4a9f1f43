import { spawn } from 'node:child_process';

/** Exit status of a terminal that ended because its battery was low. A supervisor does not start it again before the mains are back. */
export const EXIT_BATTERY_LOW = 75;

/** `exit`: only the process ends (demo, tests). `poweroff`: the computer is switched off too, in order. */
export type ShutDownBy = 'exit' | 'poweroff';

/** Switches the computer off; resolves with what systemd said. Needs the right to (docs/ups.md). */
export function powerOff(program = 'systemctl'): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, ['poweroff'], { stdio: 'ignore' });
    child.on('error', () => resolve(-1));
    child.on('close', (code) => resolve(code ?? -1));
  });
}
