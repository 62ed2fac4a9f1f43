import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Ukrainian. */
export const ukSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Озвучення ввімкнено. Tab і стрілки переміщують, Enter вибирає, Esc повертає назад, R повторює сторінку.',
  'speech.welcome-pad':
    'Озвучення ввімкнено. Стрілки переміщують, середня клавіша вибирає. Назад, Повторити, Допомога й гучність — це окремі клавіші.',
  'speech.hint': 'Стрілки переміщують, Enter вибирає. R повторює сторінку.',
  'speech.hint-pad':
    'Стрілки переміщують, середня клавіша вибирає. Повторити читає сторінку ще раз. Щоб покликати працівника, утримуйте клавішу Допомога.',
  'speech.position': '{at} з {of}',
  'speech.volume': 'Гучність {step} з 10',
  'speech.speed': 'Тепер я говорю так',
  'speech.repeat': 'Повторити',
  'speech.can':
    '{count, plural, =1 {У вас один варіант} one {У вас # варіант} few {У вас # варіанти} many {У вас # варіантів} other {У вас # варіанта}}: {choices}.',
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
