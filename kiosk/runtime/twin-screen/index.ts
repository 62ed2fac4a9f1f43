/** What citizens are offered just now, on the screen: settings, opening hours, the municipality's notice, out of service. */
export { Offer, type OfferOptions, type OfferScreen, type TerminalMode } from './offer.ts';
