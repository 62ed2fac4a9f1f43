import { errorsOf } from '@jolly/contracts/values';

export const upsError = errorsOf({
  UPS_SETTING_INVALID: {
    cause: 'a setting of the UPS’s URI cannot be used',
    retry: 'no',
    cure: 'see docs/ups.md for the settings and their values',
  },
  UPS_LINK_DOWN: {
    cause: 'upsd is not connected',
    retry: 'later',
    cure: 'check that nut-server runs, its LISTEN address and the firewall; try `upsc <ups>@<host>`',
  },
  UPS_SILENT: {
    cause: 'upsd does not answer',
    retry: 'later',
    cure: 'restart nut-server; try `upsc <ups>@<host>`',
  },
  UPS_REFUSED: {
    cause: 'upsd refused the question',
    retry: 'later',
    cure: 'UNKNOWN-UPS: the name in the URI is not in ups.conf; ACCESS-DENIED: user and password file; DATA-STALE, DRIVER-NOT-CONNECTED: the UPS’s own cable or driver (`upsdrvctl start`)',
  },
  UPS_PASSWORD_UNREADABLE: {
    cause: 'the file with the password for upsd cannot be read',
    retry: 'later',
    cure: 'make the file readable for the terminal’s user only, with the password as its first line',
  },
});

export interface NutSettings {
  /** Name in upsd's ups.conf. */
  readonly ups: string;
  readonly user: string | undefined;
  /** File whose first line is the password: no secret stands in a URI. */
  readonly passwordFile: string | undefined;
  /** Seconds between questions, 1–60. */
  readonly pollSeconds: number;
}

/** Reads `user`, `password-file` and `poll`. Throws `UPS_SETTING_INVALID` with the full list of faults. */
export function nutSettings(path: string, query: URLSearchParams): NutSettings {
  const faults: string[] = [];
  if (!/^[\w.-]{1,64}$/.test(path)) faults.push('the UPS’s name is missing after the address');
  if (query.has('password')) faults.push('password: belongs in a file (password-file), never in the URI');
  const poll = query.get('poll') ?? '5';
  const pollSeconds = /^\d{1,2}$/.test(poll) ? Number(poll) : 0;
  if (pollSeconds < 1 || pollSeconds > 60) faults.push('poll: 1 to 60 s');
  const user = query.get('user') ?? undefined;
  const passwordFile = query.get('password-file') ?? undefined;
  if ((user === undefined) !== (passwordFile === undefined))
    faults.push('user and password-file: both or none');
  if (faults.length > 0) throw upsError('UPS_SETTING_INVALID', { faults: faults.join('; ') });
  return { ups: path, user, passwordFile, pollSeconds };
}
