/** The typed channel between the terminal and its screen, over a loopback WebSocket or a MessagePort. */
export { CHANNEL_PATH, type ControlRoutes, LoopbackChannel, type LoopbackSettings } from './loopback.ts';
export { joinMessagePort, type PortLike } from './message-port.ts';
export { type ChannelCounters, noSecrets, type ScreenSource, type SecretCollector } from './port.ts';
