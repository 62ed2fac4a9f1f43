import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out. Albanian. */
export const sqGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {poshtë} beside {në lartësinë e ekranit,} other {lart}} {side, select, left {majtas} right {djathtas} other {në mes}}',
  'guide.barcode': 'Lexuesi i kodeve është {place}. Afroni fletën me kodin: një tingull ju thotë se u lexua.',
  'guide.pos':
    'Lexuesi i kartave është {place}. Afroni kartën te tastet e tij, ose futeni në të çarën te buza e poshtme.',
  'guide.pos-pin':
    'Nëse kërkon PIN-in, tastet me reliev janë te lexuesi i kartave: tasti 5 ka një pikë, i gjelbri poshtë djathtas konfirmon.',
  'guide.card': 'Lexuesi për kartën tuaj është {place}.',
  'guide.printer': 'Dëftesa del {place}.',
  'covered.title': 'Kufjet nuk janë të lidhura',
  'covered.lead': 'I mbulova emrat dhe shumat. Lidhini përsëri kufjet, ose zgjidhni si të vazhdoni.',
  'covered.go-on': 'Vazhdoni pa kufje',
  'covered.leave': 'Dilni dhe fshini gjithçka',
};
