import { dateTime, type PaperDocument } from '@jolly/contracts/receipt';
import type { CommandWorld } from './port.ts';

/** Everything a printer must show: both languages' letters, sizes, a code; and nothing that could be taken for a receipt. */
export function testPage(
  { city, site, terminalId, timeZone }: CommandWorld['place'],
  software: string,
  now: number,
): PaperDocument {
  return {
    kind: 'test-page',
    blocks: [
      { block: 'text', text: city, align: 'centre', bold: true },
      { block: 'text', text: site, align: 'centre' },
      { block: 'space', lines: 1 },
      { block: 'text', text: 'PAGINA DI PROVA', align: 'centre', size: 'double' },
      { block: 'text', text: 'Test page', align: 'centre' },
      { block: 'text', text: 'Non è una ricevuta · Not a receipt', align: 'centre' },
      { block: 'rule' },
      { block: 'pair', label: 'Data e ora / Date and time', value: dateTime(now, timeZone) },
      { block: 'pair', label: 'Terminale / Terminal', value: terminalId },
      { block: 'pair', label: 'Programma / Software', value: software },
      { block: 'rule' },
      { block: 'text', text: 'àèéìòù ÀÈÉÌÒÙ € 0123456789', align: 'centre' },
      { block: 'qr', data: `jolly:${terminalId}:${software}` },
    ],
  };
}
