import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, simplified Chinese. */
export const zhSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome': '朗读已开启。按 Tab 键和方向键移动，回车键选择，Esc 键返回，R 键重读本页。',
  'speech.welcome-pad': '朗读已开启。按方向键移动，中间键选择。返回、重读、帮助和音量都有单独的按键。',
  'speech.hint': '按方向键移动，回车键选择。R 键重读本页。',
  'speech.hint-pad': '按方向键移动，中间键选择。重读键重读本页。长按帮助键可呼叫工作人员。',
  'speech.position': '第 {at} 项，共 {of} 项',
  'speech.volume': '音量 {step}，最大 10',
  'speech.speed': '现在的语速是这样',
  'speech.repeat': '重读',
  'speech.can': '{count, plural, other {您有 # 个选择}}：{choices}。',
  'speech.now-can': '现在您可以选择：{choices}。',
  'speech.on': '已开启',
  'speech.off': '已关闭',
  'speech.not-now': '暂时不可用',
  'speech.signed-in': '您已登录',
  'speech.amount': '屏幕上的金额',
  'speech.key': '按键',
  'speech.pad':
    '如果有凸起的按键，用它更方便。用方向键时请数按键：一到九、全部清除、零、删除末位。数字不会读出声。',
};
