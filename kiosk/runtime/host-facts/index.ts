/** What the computer says of itself: disk, memory, temperature, load, and how long it has been up. */
export { type HostSources, hostFacts, machineHash, systemSources } from './host-facts.ts';
export { Telemetry, type TelemetrySources } from './telemetry.ts';
