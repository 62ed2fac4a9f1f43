/** Carts at pagoPA's checkout, to be paid on the citizen's phone. */
export { type Carts, CheckoutCarts, type CheckoutSettings, cartBody } from './checkout.ts';
export { cartRoutes } from './routes.ts';
