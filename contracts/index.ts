export * as citizenLogin from './citizen-login/index.ts';
export * as fleetApi from './fleet-api/index.ts';
export * as notice from './notice/index.ts';
export * as serviceCatalogue from './service-catalogue/index.ts';
export * as channel from './terminal-channel/index.ts';
export * as usage from './usage/index.ts';
export * as values from './values/index.ts';
