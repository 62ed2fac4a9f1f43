import { createHash } from 'node:crypto';
import { type PaperDocument, renderSvg } from '@jolly/contracts/receipt';

const STYLE = `
:root{color-scheme:light}
body{margin:0;padding:16px;font:18px/1.5 "Titillium Web",system-ui,sans-serif;color:#14263b;background:#f5f2ec}
main{max-width:34rem;margin:0 auto;background:#fff;padding:24px;border:1px solid #ddd6c8;border-radius:20px}
h1{font-size:24px;line-height:1.25;margin:0}
header{display:flex;gap:14px;align-items:center}
header svg{flex:none;width:44px;height:44px}
.total{font-size:44px;line-height:1.1;font-weight:700;margin:18px 0 2px;font-variant-numeric:tabular-nums}
.subject{margin:0 0 20px;color:#43566b}
button{font:inherit;font-weight:700;width:100%;min-height:56px;border:0;border-radius:14px;background:#0054a6;color:#fff}
button:focus-visible{outline:4px solid #14263b;outline-offset:3px}
.hint{font-size:16px;color:#43566b;margin:10px 0 20px}
dl{margin:0;border-top:1px solid #ddd6c8}
dl div{padding:10px 0;border-bottom:1px solid #ddd6c8}
dt{color:#43566b;font-size:16px}
dd{margin:0;font-weight:600;overflow-wrap:anywhere}
details{margin-top:20px}
summary{min-height:48px;line-height:48px;color:#0054a6;font-weight:600}
details svg{max-width:100%;height:auto;display:block;margin:0 auto}
@media print{body{background:#fff;padding:0}main{border:0;padding:0}button,.hint,details{display:none}}
`;

/** The only script: the phone's own "print", which every phone can also save as a PDF. */
const SCRIPT = "document.querySelector('button').addEventListener('click',()=>print());";

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Allows this page's own style and script and nothing else: no other host, no frame. */
export const PAGE_CSP = [
  "default-src 'none'",
  `style-src ${hash(STYLE)}`,
  `script-src ${hash(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const DONE =
  '<svg viewBox="0 0 44 44" aria-hidden="true"><circle cx="22" cy="22" r="22" fill="#00633f"/><path d="m12 23 7 7 13-15" fill="none" stroke="#fff" stroke-width="4"/></svg>';

/** The slip as a page for a phone: the sum, a way to keep it, its words as a list that reads aloud and prints well. */
export function receiptPage(
  document: PaperDocument,
  told: { readonly title: string; readonly total: string; readonly subject: string },
): string {
  const pairs = document.blocks.flatMap((block) =>
    block.block === 'pair'
      ? [`<div><dt>${escaped(block.label)}</dt><dd>${escaped(block.value)}</dd></div>`]
      : [],
  );
  return page(
    told.title,
    `<header>${DONE}<h1>${escaped(told.title)}</h1></header>
<p class="total">${escaped(told.total)}</p>
<p class="subject">${escaped(told.subject)}</p>
<button type="button">Salva o stampa</button>
<p class="hint">Tienila ora: per la tua riservatezza questo indirizzo si apre solo su questo telefono, per dieci minuti. <span lang="en">Keep it now: this address opens on this phone only, for ten minutes.</span></p>
<dl>${pairs.join('')}</dl>
<details><summary>Guardala come sulla carta</summary><div aria-hidden="true">${renderSvg(document, { title: told.title })}</div></details>
<script>${SCRIPT}</script>`,
  );
}

export function pendingPage(): string {
  return page(
    'Pagamento in conferma',
    `<h1>Pagamento acquisito, conferma in corso</h1>
<p>Ricarica questa pagina tra poco: la ricevuta si apre appena il pagamento &egrave; confermato. Questa pagina non &egrave; una ricevuta.</p>
<p lang="en">Your payment is being confirmed. Reload this page shortly to open the receipt. This page is not a receipt.</p>`,
  );
}

export function gonePage(): string {
  return page(
    'Ricevuta non disponibile',
    `<h1>Questa ricevuta non &egrave; pi&ugrave; disponibile</h1>
<p>Per la tua riservatezza il collegamento si apre su un solo telefono, entro dieci minuti. Il pagamento resta valido: la ricevuta si trova anche nell&rsquo;app IO e presso l&rsquo;ente creditore.</p>
<p lang="en">For your privacy the link opens on one phone only, within ten minutes. Your payment is still valid: the receipt is also in the IO app and at the creditor.</p>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
