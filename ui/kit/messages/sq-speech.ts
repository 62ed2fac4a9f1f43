import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Albanian. */
export const sqSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Dëgjimi është ndezur. Me Tab dhe shigjetat lëvizni, Enter zgjedh, Esc kthehet prapa, R përsërit faqen.',
  'speech.repeat': 'Përsëriteni',
  'speech.can': 'Mund të zgjidhni: {choices}.',
  'speech.now-can': 'Tani mund të zgjidhni: {choices}.',
  'speech.on': 'ndezur',
  'speech.off': 'fikur',
  'speech.not-now': 'tani për tani nuk mundet',
  'speech.signed-in': 'Keni hyrë',
  'speech.amount': 'shuma në ekran',
  'speech.key': 'tast',
  'speech.pad':
    'Më mirë tastet me reliev, nëse ka. Me shigjeta numëroni tastet: nga një në nëntë, Fshini të gjitha, zero, Fshini të fundit. Shifrat nuk i them me zë.',
};
