import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out. German. */
export const deGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {unten} beside {auf Höhe des Bildschirms} other {oben}} {side, select, left {links} right {rechts} other {in der Mitte}}',
  'guide.barcode':
    'Der Codeleser ist {place}. Halten Sie das Blatt mit dem Code davor: Ein Ton sagt, dass er gelesen ist.',
  'guide.pos':
    'Der Kartenleser ist {place}. Halten Sie die Karte an seine Tasten oder stecken Sie sie in den Schlitz am unteren Rand.',
  'guide.pos-pin':
    'Falls er die PIN verlangt, sind die fühlbaren Tasten am Kartenleser: Die 5 hat einen Punkt, die grüne unten rechts bestätigt.',
  'guide.card': 'Das Lesegerät für Ihre Karte ist {place}.',
  'guide.printer': 'Die Quittung kommt {place} heraus.',
  'covered.title': 'Der Kopfhörer ist nicht eingesteckt',
  'covered.lead':
    'Ich habe Namen und Beträge verdeckt. Stecken Sie den Kopfhörer wieder ein oder wählen Sie, wie es weitergeht.',
  'covered.go-on': 'Ohne Kopfhörer weiter',
  'covered.leave': 'Beenden und alles löschen',
};
