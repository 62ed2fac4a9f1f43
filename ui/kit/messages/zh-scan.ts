import type { itScan } from './it-scan.ts';

/** Words of reading a code with the camera and of a reader that is not set up, simplified Chinese. */
export const zhScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': '让二维码正对摄像头，离约一掌远，会自动读取。',
  'scan.camera-picture': '摄像头的画面',
  'scan.camera-how': '摄像头只在本页开启。画面不会保存在任何地方。',
  'scan.refused-keyboard': '这台扫码器还没有设置好。请输入缴费单编号。',
};
