export { isPublicAddress, publicLookup } from './public-address.ts';
