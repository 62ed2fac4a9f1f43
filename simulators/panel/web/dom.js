/** Makes an element: `el('button', {class: 'act', onclick}, 'Approva')`. Text is always text, never markup. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Sets text only when it changed, so that a screen reader and a selection are left in peace. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Fills an element again only when what it shows changed. */
export function refill(element, key, make) {
  const shown = JSON.stringify(key);
  if (element.dataset.shown === shown) return;
  element.dataset.shown = shown;
  element.replaceChildren(...make());
}

/** An SVG text as the address of an image. */
export const asImage = (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`;

const icons = {
  keypad:
    'M5 3h14a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm3 4h.5m3.250 0h.5m3.250 0h.5M8 11h.5m3.250 0h.5m3.250 0h.5M8 15h.5m3.250 0h.5m3.250 0h.5',
  pos: 'M7 2h10a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2Zm1 3v5h8V5H8Zm.5 8.5h1m2 0h1m2 0h1m-7 3h1m2 0h1m2 0h1',
  printer:
    'M7 8V3h10v5M6 17H4a1 1 0 0 1-1-1v-6a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v6a1 1 0 0 1-1 1h-2M7 13h10v8H7v-8Zm2.5 3h5m-5 2.500h3',
  barcode:
    'M3 7V4a1 1 0 0 1 1-1h3m10 0h3a1 1 0 0 1 1 1v3m0 10v3a1 1 0 0 1-1 1h-3M7 21H4a1 1 0 0 1-1-1v-3M7 7v10m3-10v10m3-10v10m4-10v10',
  card: 'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Zm2 9.500c0-1.400 1.100-2.300 2.500-2.300s2.500.9 2.500 2.300M8 9.700a1.500 1.500 0 1 0 3 0a1.500 1.500 0 1 0-3 0m7-.7h3m-3 3h3m-3 3h2',
  cabinet: 'M6 2h12a1 1 0 0 1 1 1v18H5V3a1 1 0 0 1 1-1Zm2 4h8v6H8V6Zm1 10h2m3 0h1M3 21h18',
  node: 'M12 3 3 8h18l-9-5ZM5 8v9m4.500-9v9m5-9v9M19 8v9M3 20h18M3.500 17h17',
};

/** A drawing of the national set's kind: 24 grid, round lines. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', icons[name]);
  svg.append(path);
  return svg;
}
