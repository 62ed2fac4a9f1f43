import { Secret } from '../values/index.ts';
import { dataMatrixSlots } from './datamatrix.ts';

/** What a postal Data Matrix says beyond the citizen's part: personal data. */
export interface DataMatrixSupport {
  readonly documentType: string;
  readonly debtorTaxCode: string;
  readonly debtorName: string;
  readonly subject: string;
}

/**
 * The debtor's fields (offsets 77–242), for the technician's tool alone: the citizen's flow never calls this. Hidden in
 * a `Secret`, so that they cannot be logged by accident. Undefined when the text is no postal Data Matrix.
 */
export function decodeDataMatrixForSupport(text: string): Secret<DataMatrixSupport> | undefined {
  if (typeof dataMatrixSlots(text) === 'string') return undefined;
  // Samples of 255 characters lost a blank of the name: there the subject, which does not start with a blank, is early.
  const early = text.length === 255 && text[131] === ' ' && text[132] !== ' ';
  const subject = early ? 132 : 133;
  return new Secret({
    documentType: text.slice(60, 63),
    debtorTaxCode: text.slice(77, 93).trimEnd(),
    debtorName: text.slice(93, subject).trimEnd(),
    subject: text.slice(subject, subject + 110).trimEnd(),
  });
}
