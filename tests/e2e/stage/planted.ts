import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * A process that holds these digits as a careless program would, in every form that `digitsNeedle` knows: what the search for
 * a PIN must find, so that finding nothing elsewhere means something. They come over its standard input, not its arguments.
 */
export async function plantDigits(digits: string): Promise<{ readonly pid: number; end(): void }> {
  const program = `
    process.stdin.once('data', (bytes) => {
      const digits = bytes.toString();
      const numbers = [...digits].map(Number);
      globalThis.kept = [
        Buffer.from(digits, 'latin1'), Buffer.from(digits, 'utf16le'), Uint8Array.from(numbers),
        Uint32Array.from(numbers), Uint32Array.from(numbers, (n) => n * 2), BigUint64Array.from(numbers, BigInt),
      ];
      process.stdout.write('kept');
    });
    setInterval(() => globalThis.kept, 1000);
  `;
  const child: ChildProcess = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const kept = child.stdout && once(child.stdout, 'data');
  child.stdin?.write(digits);
  await kept;
  return { pid: child.pid ?? 0, end: () => void child.kill('SIGKILL') };
}
