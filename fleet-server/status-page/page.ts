import { createHash } from 'node:crypto';
import type { PublicStatus } from '@jolly/contracts/fleet-api';

const STYLE = `
:root{color-scheme:light dark;--ink:#14263b;--ink2:#43566b;--ground:#f5f2ec;--paper:#fff;--line:#ddd6c8;--ok:#00633f;--part:#7a4300;--out:#a81e3a}
@media (prefers-color-scheme:dark){:root{--ink:#e8eef5;--ink2:#a9b8c9;--ground:#0e1826;--paper:#162334;--line:#26384d;--ok:#6fd6a4;--part:#f5c062;--out:#ff9aa8}}
body{margin:0;padding:1rem;font:1.0625rem/1.5 "Titillium Web",system-ui,sans-serif;color:var(--ink);background:var(--ground)}
main{max-width:44rem;margin:0 auto}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
p{margin:0 0 1rem;color:var(--ink2)}
ul{list-style:none;margin:0;padding:0}
li{background:var(--paper);border:1px solid var(--line);border-radius:.875rem;padding:.75rem 1rem;margin:0 0 .5rem;display:grid;grid-template-columns:1.5rem 1fr;gap:.25rem .75rem}
li strong{display:block}
li span{color:var(--ink2);overflow-wrap:anywhere}
li svg{width:1.375rem;height:1.375rem;margin-top:.125rem}
.ok{color:var(--ok)}.part{color:var(--part)}.out{color:var(--out)}
`;

/**
 * Asks again every minute and changes only what is said: a page that loads itself anew takes who reads it, or listens to it, back to
 * its beginning (WCAG 2.2.1). Without scripts, or without an answer, the hour on it says how old it is.
 */
const SCRIPT = `setInterval(()=>fetch(location.href).then(r=>r.ok?r.text():Promise.reject(r.status)).then(t=>{
const now=document.querySelector('main'),next=new DOMParser().parseFromString(t,'text/html').querySelector('main');
if(next&&next.innerHTML!==now.innerHTML)now.innerHTML=next.innerHTML}).catch(console.warn),60000)`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** This page's own style and script and nothing else; any page may frame it: it has no door, no cookie, nothing to click. */
export const STATUS_CSP = [
  "default-src 'none'",
  `style-src ${hash(STYLE)}`,
  `script-src ${hash(SCRIPT)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors *',
].join('; ');

const SIGNS = {
  'in-service':
    '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11" fill="currentColor"/><path d="m7 12.5 3.5 3.5L17 9" fill="none" stroke="var(--paper)" stroke-width="2.4"/></svg>',
  partly:
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2 23 21.5H1Z" fill="currentColor"/><path d="M12 9v6m0 2v2" stroke="var(--paper)" stroke-width="2.4"/></svg>',
  'out-of-service':
    '<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="1.5" y="1.5" width="21" height="21" rx="3" fill="currentColor"/><path d="m8 8 8 8m0-8-8 8" stroke="var(--paper)" stroke-width="2.4"/></svg>',
} as const;
const CLASS = { 'in-service': 'ok', partly: 'part', 'out-of-service': 'out' } as const;
const WORDS = {
  'in-service': 'In servizio',
  partly: 'In servizio, con limiti',
  'out-of-service': 'Fuori servizio',
} as const;
const LIMITS: Readonly<Record<string, string>> = {
  payments: 'oggi non si paga',
  'paper-receipts': 'ricevuta solo sul telefono',
  'card-login': 'oggi non si entra con la tessera',
};

/** The page a municipality can put in its own site. Italian; nothing moves; it stays true by itself. */
export function statusPage(status: PublicStatus, timeZone: string): string {
  const time = new Intl.DateTimeFormat('it-IT', { timeZone, hour: '2-digit', minute: '2-digit' }).format(
    status.at,
  );
  const serving = status.terminals.filter(({ state }) => state !== 'out-of-service').length;
  const rows = status.terminals.map((terminal) => {
    const limits = terminal.limits.map((limit) => LIMITS[limit] ?? limit).join(', ');
    const where = [terminal.address, limits]
      .filter((text) => text !== '')
      .map(escaped)
      .join(' · ');
    return `<li class="${CLASS[terminal.state]}">${SIGNS[terminal.state]}<div><strong>${escaped(terminal.site)}</strong><span>${WORDS[terminal.state]}${where === '' ? '' : ` · ${where}`}</span></div></li>`;
  });
  return `<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Terminali: ${escaped(status.name)}</title><style>${STYLE}</style></head>
<body><main><h1>Terminali: ${escaped(status.name)}</h1>
<p>${serving} su ${status.terminals.length} in servizio alle ${time}</p>
<ul>${rows.join('')}</ul></main><script>${SCRIPT}</script></body></html>`;
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
