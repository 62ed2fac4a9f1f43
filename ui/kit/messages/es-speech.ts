import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Spanish. */
export const esSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Escucha activada. Tab y las flechas mueven, Intro elige, Escape vuelve atrás, R repite la página.',
  'speech.welcome-pad':
    'Escucha activada. Las flechas mueven, la tecla del centro elige. Atrás, Repetir, Ayuda y volumen son teclas aparte.',
  'speech.hint': 'Con las flechas se mueve, con Intro elige. R repite la página.',
  'speech.hint-pad':
    'Con las flechas se mueve, en el centro elige. Repetir lee otra vez la página. Mantenga pulsada Ayuda para llamar a una persona.',
  'speech.position': '{at} de {of}',
  'speech.volume': 'Volumen {step} de 10',
  'speech.speed': 'Ahora hablo así',
  'speech.repeat': 'Repetir',
  'speech.can': '{count, plural, one {Tiene una opción} other {Tiene # opciones}}: {choices}.',
  'speech.now-can': 'Ahora puede elegir: {choices}.',
  'speech.on': 'activado',
  'speech.off': 'desactivado',
  'speech.not-now': 'por ahora no se puede',
  'speech.signed-in': 'Ya ha entrado',
  'speech.amount': 'el importe de la pantalla',
  'speech.key': 'tecla',
  'speech.pad':
    'Mejor las teclas en relieve, si las hay. Con las flechas, cuente las teclas: del uno al nueve, Borrar todo, cero, Borrar la última. No digo las cifras en voz alta.',
};
