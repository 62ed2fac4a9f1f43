/** Named states of any device, worst last; the same words go to the fleet server. */
export type DeviceState =
  | 'starting'
  | 'ready'
  | 'busy'
  | 'degraded'
  | 'unavailable'
  | 'out-of-paper'
  | 'cover-open'
  | 'jam'
  | 'fault';

export interface DeviceHealth {
  readonly state: DeviceState;
  /** Named reasons, e.g. `paper-low`, `link-down:refused`. */
  readonly reasons: readonly string[];
  /** Epoch ms of the last change of state. */
  readonly since: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** One numbered step of a self-test. */
export interface SelfTestStep {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  readonly detail?: string;
  /** What the technician does when it is not ok. */
  readonly cure?: string;
}

/** What every device offers above its own port. */
export interface Device {
  readonly uri: string;
  health(): DeviceHealth;
  onHealth(listener: (health: DeviceHealth) => void): () => void;
  /** Harmless: charges nothing, prints nothing. */
  selfTest(): Promise<readonly SelfTestStep[]>;
  close(): Promise<void>;
}
