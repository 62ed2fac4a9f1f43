export { type Channel, type ChannelListener, connectChannel, type OpenLine } from './channel.ts';
export { addressOf, openLine } from './lines.ts';
