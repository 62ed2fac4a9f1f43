/// <reference lib="webworker" />
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { FromWorker, ToWorker } from './messages.ts';

/** What lies at a counter (barcode.md 3): the fewer kinds are looked for, the quicker and the surer. */
const FORMATS = ['QRCode', 'DataMatrix', 'Code128', 'Code39'] as const;

const scope = self as unknown as DedicatedWorkerGlobalScope;
const say = (message: FromWorker) => scope.postMessage(message);

// the decoder's own way is to fetch its code from elsewhere: it gets the bytes that were built in
const ready = fetch(wasmUrl)
  .then((answer) => answer.arrayBuffer())
  .then((wasmBinary) => prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true }))
  .then(
    () => true,
    () => {
      say({ type: 'broken' });
      return false;
    },
  );

let canvas: OffscreenCanvas | undefined;

/** Bytes of the one picture that is looked at; it is gone with the next. */
function pixelsOf(picture: ImageBitmap): ImageData | undefined {
  const { width, height } = picture;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  drawing?.drawImage(picture, 0, 0);
  picture.close();
  return drawing?.getImageData(0, 0, width, height);
}

scope.addEventListener('message', async ({ data }: MessageEvent<ToWorker>) => {
  if (!(await ready)) return;
  const pixels = pixelsOf(data.picture);
  const found = pixels
    ? await readBarcodes(pixels, { formats: [...FORMATS], tryHarder: true, maxNumberOfSymbols: 1 })
    : [];
  const [code] = found.filter(({ isValid, text }) => isValid && text !== '');
  say(code ? { type: 'looked', text: code.text, aim: code.symbologyIdentifier } : { type: 'looked' });
});
