import { errorsOf } from '@jolly/contracts/values';
import { type PrinterProfile, profileNamed, profiles } from './codec/index.ts';

const fail = errorsOf({
  PRINTER_SETTING_INVALID: {
    cause: 'a setting of the printer in the device URI cannot be used',
    retry: 'no',
    cure: 'see docs/printing.md for the settings and profiles',
  },
});

export interface PrinterSettings {
  readonly profile: PrinterProfile;
  readonly columns: number;
  /**
   * `per-job`: connects for a job or a look at the status and lets go within a second of the last answer, for a printer
   * on TCP 9100 serves one connection at a time. `held`: one connection, statuses as they change.
   */
  readonly link: 'per-job' | 'held';
  /** Between two looks at the status, ms. */
  readonly pollMs: number;
  /** How long the printer's word after a job is waited for, ms. */
  readonly answerMs: number;
}

/** Reads `profile`, `width`, `link`, `poll` and `answer` (seconds); throws `PRINTER_SETTING_INVALID` naming the setting. */
export function printerSettings(transport: 'tcp' | 'serial', settings: URLSearchParams): PrinterSettings {
  const name = settings.get('profile') ?? 'epson-generic';
  const profile = profileNamed(name);
  if (!profile) {
    throw fail('PRINTER_SETTING_INVALID', {
      setting: 'profile',
      value: name,
      known: Object.keys(profiles).join(', '),
    });
  }
  const number = (setting: string, fallback: number, least: number, most: number) => {
    const value = settings.get(setting) ?? String(fallback);
    const found = Number(value);
    if (!/^\d+(\.\d+)?$/.test(value) || found < least || found > most) {
      throw fail('PRINTER_SETTING_INVALID', { setting, value });
    }
    return found;
  };
  const link = settings.get('link') ?? (transport === 'tcp' ? 'per-job' : 'held');
  if (link !== 'per-job' && link !== 'held') {
    throw fail('PRINTER_SETTING_INVALID', { setting: 'link', value: link });
  }
  return {
    profile,
    columns: Math.floor(number('width', profile.columns, 16, 96)),
    link,
    pollMs: number('poll', 10, 0.1, 3600) * 1000,
    answerMs: number('answer', 30, 0.2, 600) * 1000,
  };
}
