import type { OtherCode } from './other-codes.ts';
import type { RejectReason } from './reading.ts';

/** Message keys of the citizen's catalogue: what was shown instead of a notice, or what is wrong with it. */
export function rejectionMessageKey(rejection: {
  readonly reason: RejectReason;
  readonly seen?: OtherCode;
}): string {
  return rejection.seen === undefined ? `notice.reason.${rejection.reason}` : `notice.seen.${rejection.seen}`;
}

/** The texts behind those keys; a catalogue takes them in or writes its own. */
export const rejectionWords: Readonly<
  Record<'it' | 'en', Readonly<Record<`reason.${RejectReason}` | `seen.${OtherCode}`, string>>>
> = {
  it: {
    'reason.TOO_LONG': 'Questo codice non è un avviso pagoPA.',
    'reason.TOO_SHORT': 'Il codice è incompleto: inquadralo tutto, oppure usa il QR dell’avviso.',
    'reason.FIELD_COUNT': 'Questo codice non è un avviso pagoPA.',
    'reason.BAD_IDENTIFIER': 'Questo codice non è un avviso pagoPA.',
    'reason.UNSUPPORTED_VERSION': 'Questo tipo di avviso non è ancora supportato.',
    'reason.BAD_CODELINE': 'Questo bollettino non è un avviso pagoPA: usa il QR dell’avviso.',
    'reason.BAD_NOTICE_NUMBER': 'Il codice avviso ha 18 cifre: ricontrollalo.',
    'reason.BAD_AUX_DIGIT': 'Il codice avviso comincia con 0, 1, 2 o 3: ricontrollalo.',
    'reason.BAD_CREDITOR_TAX_CODE': 'Il codice fiscale dell’ente ha 11 cifre: ricontrollalo.',
    'reason.BAD_AMOUNT': 'L’importo scritto nel codice non si legge: digita i dati dell’avviso.',
    'seen.idpay': 'Questo è un codice IDPay, non un avviso pagoPA.',
    'seen.sepa-credit-transfer': 'Questo codice serve per un bonifico, non è un avviso pagoPA.',
    'seen.cie': 'Questo codice serve per entrare con la CIE, non è un avviso pagoPA.',
    'seen.spid': 'Questo codice serve per entrare con SPID, non è un avviso pagoPA.',
    'seen.it-wallet': 'Questo codice è del portafoglio di documenti IT-Wallet, non è un avviso pagoPA.',
    'seen.io-app': 'Questo codice si apre con l’app IO, non è un avviso pagoPA.',
    'seen.tax-code': 'Questo è il tuo codice fiscale: per pagare serve il codice dell’avviso.',
    'seen.gs1-bulletin': 'Questo è il codice a barre di un vecchio avviso: usa il QR o digita i dati.',
    'seen.postal-codeline': 'Questo è il codice a barre di un bollettino: usa il QR o digita i dati.',
    'seen.product': 'Questo è il codice di un prodotto, non un avviso pagoPA.',
    'seen.web-link': 'Questo codice porta a un sito, non è un avviso pagoPA.',
    'seen.wrong-keyboard-layout': 'Il lettore non è impostato bene: digita i dati dell’avviso.',
  },
  en: {
    'reason.TOO_LONG': 'This code is not a pagoPA notice.',
    'reason.TOO_SHORT': 'The code is incomplete: show all of it, or use the notice’s QR code.',
    'reason.FIELD_COUNT': 'This code is not a pagoPA notice.',
    'reason.BAD_IDENTIFIER': 'This code is not a pagoPA notice.',
    'reason.UNSUPPORTED_VERSION': 'This kind of notice is not supported yet.',
    'reason.BAD_CODELINE': 'This slip is not a pagoPA notice: use the notice’s QR code.',
    'reason.BAD_NOTICE_NUMBER': 'The notice number has 18 digits: check it again.',
    'reason.BAD_AUX_DIGIT': 'The notice number starts with 0, 1, 2 or 3: check it again.',
    'reason.BAD_CREDITOR_TAX_CODE': 'The creditor’s tax code has 11 digits: check it again.',
    'reason.BAD_AMOUNT': 'The amount in the code cannot be read: type the notice’s numbers.',
    'seen.idpay': 'This is an IDPay code, not a pagoPA notice.',
    'seen.sepa-credit-transfer': 'This code is for a bank transfer, not a pagoPA notice.',
    'seen.cie': 'This code is for signing in with the CIE, not a pagoPA notice.',
    'seen.spid': 'This code is for signing in with SPID, not a pagoPA notice.',
    'seen.it-wallet': 'This code belongs to the IT-Wallet, it is not a pagoPA notice.',
    'seen.io-app': 'This code opens in the IO app, it is not a pagoPA notice.',
    'seen.tax-code': 'This is your tax code: to pay, show the code of the notice.',
    'seen.gs1-bulletin': 'This is the barcode of an old notice: use the QR code or type its numbers.',
    'seen.postal-codeline': 'This is the barcode of a postal slip: use the QR code or type its numbers.',
    'seen.product': 'This is the barcode of a product, not a pagoPA notice.',
    'seen.web-link': 'This code leads to a web site, it is not a pagoPA notice.',
    'seen.wrong-keyboard-layout': 'The reader is not set up right: type the notice’s numbers.',
  },
};
