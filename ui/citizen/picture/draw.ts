import { domToBlob } from 'modern-screenshot';

/** Wider is no help to who looks at it. */
const WIDEST = 1080;
/** Never drawn: what is marked as somebody's, what somebody typed, the camera's picture. */
const NOT_DRAWN = '[data-private], input, textarea, video, iframe';

/** Draws the page as it is. Read only when a picture is asked for: the first screen does not pay for it. */
export async function drawPage(page: HTMLElement): Promise<Blob> {
  return domToBlob(page, {
    type: 'image/webp',
    quality: 0.8,
    scale: Math.min(1, WIDEST / Math.max(1, page.clientWidth)),
    // given, because looking for them itself needs a style element, which the page's policy refuses; never empty, or it looks
    font: { cssText: `${await facesInUse(page.ownerDocument)}\n` },
    filter: (node) => !(node instanceof Element && node.matches(NOT_DRAWN)),
  });
}

const faceKey = (family: string, ...more: readonly string[]): string =>
  [family, ...more]
    .join('|')
    .replaceAll(/["'\s]/g, '')
    .toLowerCase();

/** Rules of the page's own faces that it has loaded, with the files in them: a picture can load nothing. */
async function facesInUse(page: Document): Promise<string> {
  const loaded = new Set(
    [...page.fonts]
      .filter(({ status }) => status === 'loaded')
      .map(({ family, weight, style, unicodeRange }) => faceKey(family, weight, style, unicodeRange)),
  );
  const rules = [...page.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].flatMap((rule): [CSSFontFaceRule, string][] => {
      if (!(rule instanceof CSSFontFaceRule)) return [];
      const read = (name: string, otherwise: string) => rule.style.getPropertyValue(name) || otherwise;
      const key = faceKey(
        read('font-family', ''),
        read('font-weight', 'normal'),
        read('font-style', 'normal'),
        read('unicode-range', 'U+0-10FFFF'),
      );
      return loaded.has(key) ? [[rule, sheet.href ?? page.baseURI]] : [];
    }),
  );
  return (await Promise.all(rules.map(([rule, base]) => withFile(rule, base)))).join('\n');
}

async function withFile(rule: CSSFontFaceRule, base: string): Promise<string> {
  const [, address] = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue('src')) ?? [];
  if (address === undefined) return '';
  const file = await (await fetch(new URL(address, base))).blob();
  const data = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('not read'));
    reader.readAsDataURL(file);
  });
  return rule.cssText.replace(/src:[^;]+;/, `src: url("${data}") format("woff2");`);
}
