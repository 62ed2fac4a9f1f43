import type { Alert, AlertRule } from '@jolly/contracts/fleet-api';

/** What a rule is called in a mail. Italian: those who get it look after terminals of Italian municipalities. */
const NAMES: Readonly<Record<AlertRule, string>> = {
  offline: 'non risponde',
  'key-cloned': 'la sua chiave è usata da due macchine',
  'pos-unreachable': 'il POS non risponde',
  'paper-out': 'stampante senza carta',
  'paper-low': 'carta in esaurimento',
  'printer-unavailable': 'la stampante non funziona',
  'device-unavailable': 'un dispositivo non funziona',
  'mains-lost': 'manca la corrente, va a batteria',
  'door-open': 'lo sportello è aperto',
  'card-left': 'una tessera è rimasta sul lettore',
  'clock-skew': 'l’orologio non è giusto',
  'outcome-backlog': 'esiti di pagamento non ancora presi dal nodo',
  'error-rate': 'troppi pagamenti non riescono',
  'disk-full': 'il disco è quasi pieno',
  hot: 'è troppo caldo',
  'settings-refused': 'ha rifiutato la configurazione',
};

const SIGN: Readonly<Record<Alert['severity'], string>> = {
  critical: 'GRAVE',
  warning: 'Attenzione',
  info: 'Avviso',
};

/** Subject and text of the mail about an alert's beginning or end. */
export function mailOf(
  alert: Pick<Alert, 'rule' | 'severity' | 'openedAt' | 'terminalId' | 'detail'>,
  about: {
    readonly site: string;
    readonly municipality: string;
    readonly timeZone: string;
    readonly console: string;
    readonly healed: boolean;
  },
): { readonly subject: string; readonly text: string } {
  const name = NAMES[alert.rule as AlertRule] ?? alert.rule;
  const who = `${alert.terminalId ?? ''} ${about.site}`.trim();
  const since = new Intl.DateTimeFormat('it-IT', {
    timeZone: about.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(alert.openedAt);
  const facts = Object.entries(alert.detail).map(([word, value]) => `${word}: ${value}`);
  const head = about.healed ? 'Risolto' : SIGN[alert.severity];
  return {
    subject: `[Jolly] ${head}: ${who}, ${name}`,
    text: [
      `${about.municipality}: ${who}`,
      about.healed ? `Si è risolto da solo: ${name}.` : `${name}.`,
      `Dalle ${since}`,
      ...facts,
      '',
      about.console,
    ].join('\n'),
  };
}
