const SPEAKABLE = 'h1, h2, h3, p, li, dt, dd, figcaption, button';
/** Shorter words stand in every sentence. */
const SHORTEST = 4;

const plain = (text: string): string =>
  text
    .replaceAll('\u00ad', '')
    .replaceAll(/[\s.,:;?…]+/g, ' ')
    .trim();

/**
 * Marks what on the page the sentence is read from (EN 301 549 5.1.3.3), and takes the mark from everything else. Undefined:
 * nothing is being said.
 */
export function markSpoken(root: ParentNode, sentence: string | undefined): void {
  for (const marked of root.querySelectorAll('[data-spoken]')) marked.removeAttribute('data-spoken');
  if (sentence === undefined) return;
  const said = plain(sentence);
  const focused = document.activeElement;
  for (const element of root.querySelectorAll<HTMLElement>(SPEAKABLE)) {
    if (element.closest('[inert], [aria-hidden="true"], .unseen')) continue;
    const text = plain(element.getAttribute('aria-label') ?? element.textContent ?? '');
    if (text.length < SHORTEST) continue;
    const whole = said.includes(text) || (text.includes(said) && said.length >= SHORTEST);
    // of all the choices in one sentence only the one that has the focus is where one is
    if (whole && (element.tagName !== 'BUTTON' || element === focused)) element.dataset.spoken = '';
  }
}
