import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export const DEVICE_NAMES = ['pos', 'printer', 'barcode', 'node', 'card', 'cabinet', 'keypad'] as const;
export type DeviceName = (typeof DEVICE_NAMES)[number];

const url = z.url({ protocol: /^http$/ }).optional();

/** Control addresses of the simulators; one that is left out has no card that works. */
export const PanelDevices = z.strictObject({
  pos: url,
  printer: url,
  barcode: url,
  node: url,
  card: url,
  cabinet: url,
  keypad: url,
});
export type PanelDevices = z.output<typeof PanelDevices>;

/** Reads `--devices`: inline JSON or the path of a JSON file. Throws an error whose message lists all the faults. */
export function devicesFrom(argument: string): PanelDevices {
  const text = argument.trimStart().startsWith('{')
    ? argument
    : existsSync(argument)
      ? readFileSync(argument, 'utf8')
      : undefined;
  if (text === undefined) throw new Error(`--devices: neither JSON nor a file: ${argument}`);
  const parsed = PanelDevices.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`--devices: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/**
 * What of a simulator's control the panel passes on. Everything else is refused: the panel is a list of buttons, not a
 * way through.
 */
const PASSED: readonly (readonly [
  methods: readonly string[],
  devices: readonly DeviceName[],
  path: RegExp,
])[] = [
  [['GET'], ['pos', 'printer', 'barcode', 'card', 'cabinet'], /^state$/],
  [['POST'], ['pos', 'printer', 'barcode', 'cabinet'], /^(act|plug)$/],
  // A card is laid and taken: it has no cable.
  [['POST'], ['card'], /^act$/],
  [['GET'], ['keypad'], /^state$/],
  [['POST'], ['keypad'], /^(act|plug)$/],
  [['GET'], ['printer'], /^slips(\/[\w.-]{1,80})*$/],
  [['GET'], ['node'], /^control\/(notices|settings)$/],
  [['POST'], ['node'], /^control\/(faults|reset)$/],
];

/** The simulator's address for a call of the page, or undefined when the page may not make it. */
export function targetOf(
  devices: PanelDevices,
  call: { readonly method: string; readonly device: string; readonly path: string; readonly query: string },
): string | undefined {
  const name = DEVICE_NAMES.find((known) => known === call.device);
  const base = name && devices[name];
  if (!name || !base) return undefined;
  const passes = PASSED.some(
    ([methods, names, path]) => methods.includes(call.method) && names.includes(name) && path.test(call.path),
  );
  if (!passes || call.path.split('/').includes('..')) return undefined;
  // A control address may be given with or without its own folder.
  const root = base.replace(/\/(control\/?)?$/, '');
  return `${root}/${call.path}${call.query}`;
}
