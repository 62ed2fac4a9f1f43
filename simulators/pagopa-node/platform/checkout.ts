import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { PagopaNode } from '../node.ts';
import { decimal } from '../numbers.ts';

/** The cart of checkout, version 1 (checkout_v1.json). */
export const CHECKOUT_PATH = '/checkout/ec/v1';
const PAGE_PATH = '/c';

const Cart = z.object({
  emailNotice: z.email().optional(),
  paymentNotices: z
    .array(
      z.object({
        noticeNumber: z.string().length(18),
        fiscalCode: z.string().length(11),
        amount: z.int().min(1),
        companyName: z.string().max(140),
        description: z.string().max(140),
      }),
    )
    .min(1)
    .max(5),
  returnUrls: z.object({ returnOkUrl: z.url(), returnCancelUrl: z.url(), returnErrorUrl: z.url() }),
  idCart: z.string().optional(),
  allCCP: z.boolean().optional(),
});
type Cart = z.infer<typeof Cart>;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const page = (title: string, body: string): string => `<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;color:#14263b}
button{font:inherit;font-weight:700;padding:.9rem 1.4rem;border:0;border-radius:.6rem;background:#0054a6;color:#fff;width:100%}
li{margin:.6rem 0}</style></head>
<body><h1>${escaped(title)}</h1>${body}<p><small>Dimostrazione: nessun pagamento è vero.</small></p></body></html>`;

/** Checkout as a citizen's phone meets it: a page that shows the notices, and a button in the place of the card's form. */
export class Checkout {
  readonly #node: PagopaNode;
  readonly #changed: () => void;
  readonly #carts = new Map<string, Cart>();

  constructor(node: PagopaNode, changed: () => void) {
    this.#node = node;
    this.#changed = changed;
  }

  serve(app: FastifyInstance, origin: () => string): void {
    app.post(`${CHECKOUT_PATH}/carts`, async (request, reply) => {
      const parsed = Cart.safeParse(request.body);
      if (!parsed.success) {
        const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
        return reply
          .code(400)
          .send({ type: 'about:blank', title: 'Bad request', status: 400, detail: faults.join('; ') });
      }
      const id = crypto.randomUUID();
      this.#carts.set(id, parsed.data);
      return reply.code(302).header('location', `${origin()}${PAGE_PATH}/${id}`).send();
    });
    app.get<{ Params: { id: string } }>(`${PAGE_PATH}/:id`, async (request, reply) => {
      const cart = this.#carts.get(request.params.id);
      reply.type('text/html; charset=utf-8');
      if (!cart) return reply.code(404).send(page('Carrello non trovato', ''));
      const rows = cart.paymentNotices.map(
        ({ description, companyName, amount }) =>
          `<li>${escaped(description)}<br>${escaped(companyName)} · <b>${decimal(amount).replace('.', ',')} €</b></li>`,
      );
      return page(
        'Paga con pagoPA',
        `<ul>${rows.join('')}</ul><form method="post"><button>Paga</button></form>`,
      );
    });
    app.post<{ Params: { id: string } }>(`${PAGE_PATH}/:id`, async (request, reply) => {
      const cart = this.#carts.get(request.params.id);
      reply.type('text/html; charset=utf-8');
      if (!cart) return reply.code(404).send(page('Carrello non trovato', ''));
      const positions = cart.paymentNotices.map(({ fiscalCode, noticeNumber }) =>
        this.#node.books.position(fiscalCode, noticeNumber),
      );
      const payable = positions.every((position) => position?.state === 'INSERTED');
      if (payable) for (const position of positions) if (position) this.#node.payElsewhere(position);
      this.#changed();
      const { returnOkUrl, returnErrorUrl } = cart.returnUrls;
      return payable
        ? page('Hai pagato', `<p><a href="${escaped(returnOkUrl)}">Torna al Comune</a></p>`)
        : page('Non si può pagare', `<p><a href="${escaped(returnErrorUrl)}">Torna al Comune</a></p>`);
    });
  }
}
