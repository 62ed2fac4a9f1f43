import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { NexoTerminal, readSettings } from '@jolly/drivers/pos/nexo';
import { overWeb, parseDeviceUri } from '@jolly/drivers/registry';
import { listenerOf, SimulatedNexo, TerminalMemory } from '@jolly/simulators/pos-nexo';
import type { Power } from './power.ts';
import { type ByteCut, Shears, type WireBench, type WireMood } from './wire.ts';

const POI = 'SIM-12345678';
const uri = `nexo+http://127.0.0.1:1/nexo?sale=J1&poi=${POI}&probe=0&settle=0&result-timeout=30`;

/** The real driver and a simulated nexo terminal, speaking real HTTP over connections in memory. */
export class NexoBench implements WireBench {
  readonly memory = new TerminalMemory();
  readonly simulated: SimulatedNexo;
  cut: ByteCut | undefined;
  readonly #clock: ManualClock;
  readonly #server;
  #shears = new Shears(undefined);

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.simulated = new SimulatedNexo(this.memory, {
      poiId: POI,
      // Longer than a reboot of this world: what was begun is still open then.
      delayMs: 150,
      cardTimeoutMs: 5_000,
      clock,
    });
    this.#server = createServer(listenerOf(this.simulated));
  }

  get counts() {
    return this.#shears.counts;
  }

  arm(mood: WireMood): void {
    if (mood === 'decline')
      this.simulated.act({ action: 'decline', reason: 'FONDI INSUFFICIENTI', on: 'payment', times: 1 });
    else if (mood !== 'approve')
      this.simulated.act({
        action: 'lost-answer',
        charged: mood === 'lost-charged',
        on: 'payment',
        times: 1,
      });
  }

  terminal(power: Power): CardTerminal {
    const shears = new Shears(this.cut);
    this.cut = undefined;
    this.#shears = shears;
    const open = new Set<Duplex>();
    const dial = (): Promise<Duplex> => {
      if (!power.on) return new Promise(() => undefined);
      const [kiosk, terminal] = pair(
        (bytes, deliver) => {
          const part = shears.pass('written', bytes);
          if (part.length > 0) deliver(part);
          if (part.length < bytes.length || shears.reached('written')) power.cut();
        },
        (bytes, deliver) => {
          if (!power.on) return;
          const part = shears.pass('read', bytes);
          if (part.length > 0) deliver(part);
          // The last byte still reaches the process; a moment later there is no process.
          if (part.length < bytes.length || shears.reached('read')) setImmediate(() => power.cut());
        },
      );
      open.add(kiosk);
      kiosk.once('close', () => open.delete(kiosk));
      this.#server.emit('connection', terminal);
      return Promise.resolve(kiosk);
    };
    const context = { clock: this.#clock, log: () => undefined };
    const driver = new NexoTerminal(uri, readSettings(overWeb(parseDeviceUri(uri))), context, { dial });
    power.whenCut(() => {
      for (const connection of open) connection.destroy();
      void driver.close();
    });
    return driver;
  }
}

type Pass = (bytes: Uint8Array, deliver: (bytes: Uint8Array) => void) => void;

/** Both ends of a connection; each direction passes through the shears. */
function pair(out: Pass, back: Pass): readonly [Duplex, Duplex] {
  const end = (pass: Pass, other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        pass(chunk, (bytes) => void (other().destroyed || other().push(bytes)));
        done();
      },
      final: (done) => {
        if (!other().destroyed) other().push(null);
        done();
      },
      destroy: (error, done) => {
        queueMicrotask(() => other().destroy());
        done(error);
      },
    });
  const kiosk: Duplex = end(out, () => terminal);
  const terminal: Duplex = end(back, () => kiosk);
  return [kiosk, terminal];
}
