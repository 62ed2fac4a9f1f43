/** What a refusal carries (pagopa.md 3.5). */
export interface Fault {
  readonly code: string;
  readonly description?: string;
  /** The creditor's own code, when it raised the fault. */
  readonly original?: { readonly code: string; readonly text: string };
}

/** The node's words for its codes (pagopa.md 4, end). */
const strings: Readonly<Record<string, string>> = {
  PPT_PAGAMENTO_IN_CORSO: 'Pagamento in attesa risulta in corso al sistema pagoPA',
  PPT_PAGAMENTO_DUPLICATO: 'Pagamento in attesa risulta concluso al sistema pagoPA',
  PPT_PAGAMENTO_SCONOSCIUTO: 'Pagamento in attesa risulta sconosciuto al sistema pagoPA',
  PPT_ESITO_GIA_ACQUISITO: "L'esito del pagamento risulta già acquisito dal sistema pagoPA",
  PPT_TOKEN_SCONOSCIUTO: 'unknown token',
  PPT_TOKEN_SCADUTO: 'paymentToken is expired',
  PPT_TOKEN_SCADUTO_KO: 'paymentToken is expired',
  PPT_DOMINIO_SCONOSCIUTO: 'IdentificativoDominio sconosciuto',
  PPT_STAZIONE_INT_PA_SCONOSCIUTA: 'Stazione sconosciuta',
  PPT_STAZIONE_INT_PA_TIMEOUT: 'Timeout risposta dalla Stazione',
  PPT_STAZIONE_INT_PA_ERRORE_RESPONSE: 'Errore di risposta dalla Stazione',
  PPT_ERRORE_EMESSO_DA_PAA: "Errore restituito dall'Ente Creditore",
  PPT_ERRORE_IDEMPOTENZA: 'Errore idempotenza',
  PPT_SEMANTICA: 'Errore semantico',
  PPT_SINTASSI_EXTRAXSD: 'Errore di sintassi extra XSD',
  PPT_SOAPACTION_ERRATA: 'SOAPAction errata',
  PPT_SYSTEM_ERROR: 'Errore generico',
  PPT_PSP_SCONOSCIUTO: 'PSP sconosciuto',
  PPT_PSP_DISABILITATO: 'PSP conosciuto, ma disabilitato da configurazione',
  PPT_INTERMEDIARIO_PSP_SCONOSCIUTO: 'Identificativo intermediario PSP sconosciuto',
  PPT_INTERMEDIARIO_PSP_DISABILITATO: 'Intermediario PSP disabilitato',
  PPT_CANALE_SCONOSCIUTO: 'Canale sconosciuto',
  PPT_CANALE_DISABILITATO: 'Canale conosciuto, ma disabilitato da configurazione',
  PPT_AUTENTICAZIONE: 'Errore di autenticazione',
  PPT_AUTORIZZAZIONE: "Il richiedente non ha i diritti per l'operazione",
};

export const faultString = (code: string): string => strings[code] ?? code;

export const fault = (code: string, description?: string): Fault =>
  description === undefined ? { code } : { code, description };

/** A fault of the creditor: code and text go in the extended fields, and in the description for the other channels. */
export const creditorFault = (code: string, text: string): Fault => ({
  code: 'PPT_ERRORE_EMESSO_DA_PAA',
  description: `FaultString PA: ${text} - FaultCode PA: ${code}`,
  original: { code, text },
});
