import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out, simplified Chinese. */
export const zhGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {下方} beside {与屏幕同高的} other {上方}}{side, select, left {左侧} right {右侧} other {中间}}',
  'guide.barcode': '扫码器在{place}。请把有二维码的纸张靠近它：听到提示音就是读到了。',
  'guide.pos': '刷卡机在{place}。请将卡靠近它的按键，或插入下边缘的插卡口。',
  'guide.pos-pin': '如需 PIN 码，凸起的按键在刷卡机上：5 键上有一个点，右下角的绿色键是确认。',
  'guide.card': '您的卡要用的读卡器在{place}。',
  'guide.printer': '收据从{place}出来。',
  'covered.title': '耳机没有插上',
  'covered.lead': '姓名和金额已遮住。请重新插上耳机，或选择如何继续。',
  'covered.go-on': '不用耳机继续',
  'covered.leave': '退出并全部删除',
};
