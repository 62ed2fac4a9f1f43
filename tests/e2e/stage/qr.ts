import type { Page } from 'playwright-core';

type Decode = (data: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null;

/** `jsqr` is CommonJS whose types speak of another shape. */
const { default: decode } = (await import('jsqr')) as unknown as { readonly default: Decode };

/** Reads the QR code in a PNG; a blank page of the same browser turns the PNG into pixels. */
export async function readQr(page: Page, png: Buffer): Promise<string> {
  const blank = await page.context().newPage();
  try {
    const { width, height, pixels } = await blank.evaluate<{
      readonly width: number;
      readonly height: number;
      readonly pixels: string;
    }>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png.toString('base64')}';
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      let pixels = '';
      for (const value of data) pixels += String.fromCharCode(value);
      return { width: image.width, height: image.height, pixels: btoa(pixels) };
    })()`);
    const found = decode(new Uint8ClampedArray(Buffer.from(pixels, 'base64')), width, height);
    if (!found) throw new Error('no QR code can be read there');
    return found.data;
  } finally {
    await blank.close();
  }
}
