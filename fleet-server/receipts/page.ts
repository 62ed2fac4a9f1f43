import { createHash } from 'node:crypto';
import { type PaperBlock, type PaperDocument, renderSvg } from '@jolly/contracts/receipt';

const STYLE = `
:root{color-scheme:light}
body{margin:0;padding:24px;font:18px/1.5 "Titillium Web",system-ui,sans-serif;color:#17324d;background:#f2f7fc}
main{max-width:34rem;margin:0 auto;background:#fff;padding:24px;border-radius:12px}
h1{font-size:28px;line-height:1.2;margin:0 0 16px}
dl{margin:16px 0;display:grid;grid-template-columns:1fr;gap:2px}
dt{color:#455b71;font-size:15px}
dd{margin:0 0 10px;font-weight:600;overflow-wrap:anywhere}
figure{margin:24px 0 0;background:#e6ecf2;padding:12px;border-radius:12px}
figure svg{max-width:100%;height:auto;display:block;margin:0 auto}
@media print{body{background:#fff;padding:0}main{padding:0}figure{display:none}}
`;

/** Allows this page's own style and nothing else: no script, no other host, no frame. */
export const PAGE_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The slip as a page for a phone: its words as a list that reads aloud and prints well, then its picture. */
export function receiptPage(document: PaperDocument, title: string): string {
  return page(
    title,
    `<h1>${escaped(title)}</h1>
${document.blocks.map(blockOf).join('\n')}
<figure>${renderSvg(document, { title })}</figure>`,
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
<p>Per la tua riservatezza il collegamento si apre una volta sola, entro dieci minuti. Il pagamento resta valido: la ricevuta si trova anche nell&rsquo;app IO e presso l&rsquo;ente creditore.</p>
<p lang="en">For your privacy the link opens only once, within ten minutes. Your payment is still valid: the receipt is also in the IO app and at the creditor.</p>`,
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

function blockOf(block: PaperBlock): string {
  switch (block.block) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'pair':
      return `<dl><dt>${escaped(block.label)}</dt><dd>${escaped(block.value)}</dd></dl>`;
    default:
      return '';
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
