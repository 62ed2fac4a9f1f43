import { Ecr17Bench, GatewayBench, type MakeBench, NexoBench, ZvtBench } from './world/index.ts';

/** A way to ask for a card, as the power-cut test goes through it. */
export interface Protocol {
  readonly name: string;
  /** Real driver and simulated terminal over a wire in memory. */
  readonly bench: MakeBench;
  /** Every so many bytes of the conversation are a cut; 1 is each. A prime, so that the samples wander through the messages. */
  readonly stride: number;
  /** Whether the power also goes at each write of the journal: what the fake terminal of `scenarios.ts` covers needs it no more. */
  readonly writes: boolean;
  /** The simulator's process for the real kills, and the driver's address for what it listens on; absent: only in process. */
  readonly process?: {
    readonly script: string;
    readonly args: readonly string[];
    uri(wire: string): string;
  };
}

/**
 * Every protocol of a card terminal. A new one is one row: its bench (`world/ecr17.ts` is the pattern for a wire of bytes) and its
 * simulator's process.
 */
export const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'ecr17',
    bench: (clock) => new Ecr17Bench(clock),
    stride: 1,
    writes: false,
    process: {
      script: 'simulators/pos/main.ts',
      args: ['--wire', 'tcp:0'],
      uri: (wire) => `ecr17+${wire}?lrc=std&ack-timeout=0.3&result-timeout=10&settle=0`,
    },
  },
  {
    name: 'zvt',
    bench: (clock) => new ZvtBench(clock),
    stride: 7,
    writes: false,
    process: {
      script: 'simulators/pos-zvt/main.ts',
      args: ['--wire', 'tcp:0'],
      uri: (wire) => `zvt+${wire}?settle=0`,
    },
  },
  {
    name: 'nexo',
    bench: (clock) => new NexoBench(clock),
    stride: 29,
    writes: true,
    process: {
      script: 'simulators/pos-nexo/main.ts',
      args: ['--wire', 'http:0'],
      uri: (wire) => `nexo+${wire}?sale=PROVA-01&poi=SIM-12345678&result-timeout=10&settle=0`,
    },
  },
  { name: 'gateway', bench: (clock, fleet) => new GatewayBench(clock, fleet), stride: 1, writes: true },
];

/** One of them by name. Throws when there is none of that name. */
export function protocolNamed(name: string): Protocol {
  const found = PROTOCOLS.find((protocol) => protocol.name === name);
  if (!found)
    throw new Error(`no protocol ${name}; there are ${PROTOCOLS.map((each) => each.name).join(', ')}`);
  return found;
}
