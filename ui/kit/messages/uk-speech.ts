import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Ukrainian. */
export const ukSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Озвучення ввімкнено. Tab і стрілки переміщують, Enter вибирає, Esc повертає назад, R повторює сторінку.',
  'speech.repeat': 'Повторити',
  'speech.can': 'Можна вибрати: {choices}.',
  'speech.now-can': 'Тепер можна вибрати: {choices}.',
  'speech.on': 'увімкнено',
  'speech.off': 'вимкнено',
  'speech.not-now': 'поки що недоступно',
  'speech.signed-in': 'Ви ввійшли',
  'speech.amount': 'сума на екрані',
  'speech.key': 'клавіша',
  'speech.pad':
    'Зручніше рельєфними клавішами, якщо вони є. Стрілками рахуйте клавіші: від одного до дев’яти, Стерти все, нуль, Стерти останню. Цифр уголос я не називаю.',
};
