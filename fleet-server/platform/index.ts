/** The way to the platform's REST services, apart from the payment itself. */
export { type PlatformAnswer, type PlatformCall, type PlatformFetch, platformFetch } from './call.ts';
export { type PlatformError, platformError, platformErrors } from './errors.ts';
