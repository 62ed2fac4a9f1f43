import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Albanian. */
export const sqSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Dëgjimi është ndezur. Me Tab dhe shigjetat lëvizni, Enter zgjedh, Esc kthehet prapa, R përsërit faqen.',
  'speech.welcome-pad':
    'Dëgjimi është ndezur. Me shigjetat lëvizni, tasti në mes zgjedh. Prapa, Përsëriteni, Ndihmë dhe volumi janë taste më vete.',
  'speech.hint': 'Me shigjetat lëvizni, me Enter zgjidhni. R përsërit faqen.',
  'speech.hint-pad':
    'Me shigjetat lëvizni, në mes zgjidhni. Tasti Përsëriteni e lexon faqen përsëri. Mbani shtypur tastin Ndihmë për të thirrur dikë.',
  'speech.position': '{at} nga {of}',
  'speech.volume': 'Volumi {step} nga 10',
  'speech.speed': 'Tani flas kështu',
  'speech.repeat': 'Përsëriteni',
  'speech.can': '{count, plural, one {Keni një zgjedhje} other {Keni # zgjedhje}}: {choices}.',
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
