/** The typed channel between the terminal and its screen, over a loopback WebSocket or a MessagePort. */
export { CHANNEL_PATH, type ControlRoutes, LoopbackChannel, type LoopbackSettings } from './loopback.ts';
export { joinMessagePort, type PortLike } from './message-port.ts';
export { PASSES_FILE, passesIn } from './passes.ts';
export { Pictures } from './pictures.ts';
export {
  type ChannelCounters,
  noAids,
  noSecrets,
  type ScreenAids,
  type ScreenSource,
  type SecretCollector,
  type VoicePiece,
} from './port.ts';
