import type { Fault } from '../faults.ts';

/** MIL's class of each fault of the node (pagopa.md 4). What is not here is an unexpected error. */
const classes: Readonly<Record<string, readonly string[]>> = {
  NOTICE_ALREADY_PAID: ['PPT_PAGAMENTO_DUPLICATO', 'PAA_PAGAMENTO_DUPLICATO'],
  PAYMENT_ALREADY_IN_PROGRESS: ['PPT_PAGAMENTO_IN_CORSO', 'PAA_PAGAMENTO_IN_CORSO'],
  EXPIRED_NOTICE: ['PAA_PAGAMENTO_SCADUTO'],
  REVOKED_NOTICE: ['PAA_PAGAMENTO_ANNULLATO'],
  UNKNOWN_NOTICE: ['PAA_PAGAMENTO_SCONOSCIUTO'],
  WRONG_NOTICE_DATA: ['PPT_SINTASSI_EXTRAXSD', 'PPT_DOMINIO_SCONOSCIUTO', 'PPT_STAZIONE_INT_PA_SCONOSCIUTA'],
  CREDITOR_PROBLEMS: [
    'PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE',
    'PPT_STAZIONE_INT_PA_TIMEOUT',
    'PPT_STAZIONE_INT_PA_ERRORE_RESPONSE',
    'PPT_ERRORE_EMESSO_DA_PAA',
    'PPT_IBAN_NON_CENSITO',
  ],
  NOTICE_GLITCH: [
    'PPT_CANALE_DISABILITATO',
    'PPT_CANALE_SCONOSCIUTO',
    'PPT_AUTENTICAZIONE',
    'PPT_AUTORIZZAZIONE',
    'PPT_PSP_DISABILITATO',
    'PPT_SEMANTICA',
    'PPT_SYSTEM_ERROR',
  ],
};

export function outcomeOf(fault: Fault): string {
  const find = (code: string | undefined) =>
    Object.keys(classes).find((name) => code !== undefined && classes[name]?.includes(code));
  return find(fault.original?.code) ?? find(fault.code) ?? 'UNEXPECTED_ERROR';
}

/** MIL's texts hold printable ASCII only. */
export const ascii = (text: string, max = 140): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^ -~]/g, ' ')
    .slice(0, max);
