/** Whether citizens are served: what staff ordered, which outlives a restart. */
export { type OrderedMode, type ServiceModeState, ServiceModeStore } from './service-mode.ts';
