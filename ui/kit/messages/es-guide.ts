import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out. Spanish. */
export const esGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {abajo} beside {a la altura de la pantalla} other {arriba}} {side, select, left {a la izquierda} right {a la derecha} other {en el centro}}',
  'guide.barcode':
    'El lector de códigos está {place}. Acerque la hoja con el código: un sonido dice que está leído.',
  'guide.pos':
    'El lector de tarjetas está {place}. Acerque la tarjeta a sus teclas, o introdúzcala en la ranura del borde inferior.',
  'guide.pos-pin':
    'Si pide el PIN, las teclas en relieve están en el lector de tarjetas: el 5 tiene un punto, la verde de abajo a la derecha confirma.',
  'guide.card': 'El lector para su tarjeta está {place}.',
  'guide.printer': 'El recibo sale {place}.',
  'covered.title': 'Los auriculares no están conectados',
  'covered.lead': 'He ocultado nombres e importes. Conecte otra vez los auriculares o elija cómo seguir.',
  'covered.go-on': 'Seguir sin auriculares',
  'covered.leave': 'Salir y borrar todo',
};
