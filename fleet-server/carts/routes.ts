import { CartRequest, CartResponse, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import type { Http } from '../http/index.ts';
import { terminalOf } from '../identity/index.ts';
import type { Carts } from './checkout.ts';

/** Where no checkout is set up. */
const NONE: CartResponse = { result: 'refused', problem: { class: 'UNEXPECTED_ERROR', retry: 'no' } };

/** Makes a cart for a terminal. To be registered behind the terminal's signature. */
export function cartRoutes(app: Http, cartsOf: (tenantId: string) => Carts | undefined): void {
  app.post(
    TERMINAL_ROUTES.carts,
    { schema: { body: CartRequest, response: { 200: CartResponse }, tags: ['payments'] } },
    async (request) => cartsOf(terminalOf(request).tenantId)?.make(request.body) ?? NONE,
  );
}
