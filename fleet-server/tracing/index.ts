/** Where time goes, for who runs a collector of OpenTelemetry. */
export { TracingSettings } from './settings.ts';
export { openTracing, type Tracing } from './tracing.ts';
