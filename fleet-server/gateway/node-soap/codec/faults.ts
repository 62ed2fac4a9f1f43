import type { PaymentProblem, PaymentProblemClass } from '@jolly/contracts/fleet-api';
import type { OutcomeAnswer } from '../../port.ts';

/** The node's fault bean (pagopa.md 3.5), as far as it decides anything. */
export interface NodeFault {
  readonly faultCode: string;
  readonly faultString: string;
  /** Who raised it: `NodoDeiPagamentiSPC`, or a creditor. */
  readonly id: string;
  readonly description?: string;
  readonly originalFaultCode?: string;
  readonly originalFaultString?: string;
  readonly originalDescription?: string;
}

type Retry = PaymentProblem['retry'];

interface FaultClass {
  readonly class: PaymentProblemClass;
  readonly retry: Retry;
  /** Our contract or configuration is at fault: the operator must hear of it at once. */
  readonly alarm: boolean;
  readonly codes: readonly string[];
}

/** pagopa.md 4, as data. `PPT_PAGAMENTO_SCONOSCIUTO` is 3.8: the position was not found. */
export const nodeFaults: readonly FaultClass[] = [
  {
    class: 'NOTICE_ALREADY_PAID',
    retry: 'no',
    alarm: false,
    codes: ['PPT_PAGAMENTO_DUPLICATO', 'PAA_PAGAMENTO_DUPLICATO'],
  },
  {
    class: 'PAYMENT_ALREADY_IN_PROGRESS',
    retry: 'later',
    alarm: false,
    codes: ['PPT_PAGAMENTO_IN_CORSO', 'PAA_PAGAMENTO_IN_CORSO'],
  },
  { class: 'EXPIRED_NOTICE', retry: 'no', alarm: false, codes: ['PAA_PAGAMENTO_SCADUTO'] },
  { class: 'REVOKED_NOTICE', retry: 'no', alarm: false, codes: ['PAA_PAGAMENTO_ANNULLATO'] },
  {
    class: 'UNKNOWN_NOTICE',
    retry: 're-enter',
    alarm: false,
    codes: ['PAA_PAGAMENTO_SCONOSCIUTO', 'PPT_PAGAMENTO_SCONOSCIUTO'],
  },
  {
    class: 'WRONG_NOTICE_DATA',
    retry: 're-enter',
    alarm: false,
    codes: [
      'PPT_SINTASSI_EXTRAXSD',
      'PPT_SINTASSI_XSD',
      'PPT_DOMINIO_SCONOSCIUTO',
      'PPT_STAZIONE_INT_PA_SCONOSCIUTA',
    ],
  },
  {
    class: 'CREDITOR_PROBLEMS',
    retry: 'later',
    alarm: false,
    codes: [
      'PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE',
      'PPT_STAZIONE_INT_PA_TIMEOUT',
      'PPT_STAZIONE_INT_PA_ERRORE_RESPONSE',
      'PPT_ERRORE_EMESSO_DA_PAA',
      'PPT_IBAN_NON_CENSITO',
      'PAA_SINTASSI_XSD',
      'PAA_SINTASSI_EXTRAXSD',
      'PAA_ID_DOMINIO_ERRATO',
      'PAA_ID_INTERMEDIARIO_ERRATO',
      'PAA_STAZIONE_INT_ERRATA',
      'PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO',
      'PAA_SYSTEM_ERROR',
    ],
  },
  {
    class: 'NOTICE_GLITCH',
    retry: 'no',
    alarm: true,
    codes: [
      'PPT_PSP_SCONOSCIUTO',
      'PPT_PSP_DISABILITATO',
      'PPT_INTERMEDIARIO_PSP_SCONOSCIUTO',
      'PPT_INTERMEDIARIO_PSP_DISABILITATO',
      'PPT_CANALE_SCONOSCIUTO',
      'PPT_CANALE_DISABILITATO',
      'PPT_AUTENTICAZIONE',
      'PPT_AUTORIZZAZIONE',
      'PPT_CODIFICA_PSP_SCONOSCIUTA',
      'PPT_SEMANTICA',
      'PPT_SYSTEM_ERROR',
      'PAA_SEMANTICA',
    ],
  },
  {
    class: 'NOTICE_GLITCH',
    retry: 'no',
    alarm: false, // the creditor's own registration, not ours
    codes: [
      'PPT_DOMINIO_DISABILITATO',
      'PPT_INTERMEDIARIO_PA_DISABILITATO',
      'PPT_STAZIONE_INT_PA_DISABILITATA',
    ],
  },
  {
    class: 'UNEXPECTED_ERROR',
    retry: 'no',
    alarm: false,
    codes: [
      'PPT_ERRORE_IDEMPOTENZA',
      'PPT_ATTIVAZIONE_IN_CORSO',
      'PPT_INTERMEDIARIO_PA_SCONOSCIUTO',
      'PPT_STAZIONE_INT_PA_SERVIZIO_NONATTIVO',
      'PPT_STAZIONE_INT_PA_SERVIZIO_NON_ATTIVO',
      'PPT_CANALE_IRRAGGIUNGIBILE',
      'PPT_CANALE_SERVIZIO_NONATTIVO',
      'PPT_CANALE_TIMEOUT',
      'PPT_CANALE_ERRORE',
      'PPT_CANALE_ERRORE_RESPONSE',
      'PPT_SUPERAMENTOSOGLIA',
      'PPT_SOAPACTION_ERRATA',
      'PPT_SERVIZIO_NONATTIVO',
      'PPT_MULTI_BENEFICIARIO',
      'PPT_TOKEN_SCONOSCIUTO',
      'PPT_TOKEN_SCADUTO',
      'PPT_TOKEN_SCADUTO_KO',
      'PPT_ESITO_GIA_ACQUISITO',
    ],
  },
];

const byCode: ReadonlyMap<string, FaultClass> = new Map(
  nodeFaults.flatMap((row) => row.codes.map((code) => [code, row] as const)),
);

/** A code fit for logs and screens, whatever the node wrote: the body may quote personal data, a code may not. */
function plainCode(code: string): string {
  return code.replace(/[^A-Za-z0-9_]/g, '').slice(0, 80) || 'FAULT_WITHOUT_CODE';
}

/** The creditor's own code: in `originalFaultCode` on channels with extended faults, else in the description (3.5). */
export function creditorCode(fault: NodeFault): string | undefined {
  for (const text of [fault.originalFaultCode, fault.description, fault.originalDescription]) {
    const code = text && /PAA_[A-Z_]+/.exec(text)?.[0];
    if (code) return plainCode(code.replace(/_+$/, ''));
  }
  return undefined;
}

/** What a refusal of verify or activate means to the citizen. */
export function problemOf(fault: NodeFault | undefined): PaymentProblem {
  const code = fault ? plainCode(fault.faultCode) : 'FAULT_MISSING';
  // An ordinary channel cannot activate a notice with a revenue stamp (pagopa.md 6.4): no fault of the configuration.
  if (fault && code === 'PPT_SEMANTICA' && /pagamento non attivabile/i.test(fault.description ?? '')) {
    return { class: 'STAMP_NOT_SOLD', faultCode: code, retry: 'no' };
  }
  const fromCreditor = fault && code === 'PPT_ERRORE_EMESSO_DA_PAA' ? creditorCode(fault) : undefined;
  const row = (fromCreditor && byCode.get(fromCreditor)) || byCode.get(code);
  return {
    class: row?.class ?? 'UNEXPECTED_ERROR',
    faultCode: fromCreditor ?? code,
    retry: row?.retry ?? 'no',
  };
}

/** Whether the operator must be alarmed for this fault code. */
export function alarmsOperator(faultCode: string): boolean {
  return byCode.get(faultCode)?.alarm ?? false;
}

/** What a refused sendPaymentOutcomeV2 means for the money (pagopa.md 3.8 and 7). */
export function outcomeAnswerOf(fault: NodeFault | undefined): OutcomeAnswer {
  const code = fault ? plainCode(fault.faultCode) : 'FAULT_MISSING';
  switch (code) {
    case 'PPT_TOKEN_SCADUTO':
      return { answer: 'token-expired' };
    case 'PPT_TOKEN_SCADUTO_KO':
      return { answer: 'token-expired-ko' };
    case 'PPT_PAGAMENTO_DUPLICATO':
      return { answer: 'duplicate' };
    case 'PPT_TOKEN_SCONOSCIUTO':
      return { answer: 'token-unknown' };
    case 'PPT_ESITO_GIA_ACQUISITO': {
      const said = `${fault?.description ?? ''} ${fault?.faultString ?? ''}`;
      const same = /concorde/i.test(said);
      const opposite = /discorde/i.test(said);
      // Neither word, or both: nobody may guess about money, a person looks.
      if (same !== opposite) return { answer: same ? 'already-same' : 'already-opposite' };
      return { answer: 'rejected', faultCode: code };
    }
    default:
      return { answer: 'rejected', faultCode: code };
  }
}
