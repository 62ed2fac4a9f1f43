import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { memoryWire, type Transport } from '@jolly/drivers/transport';
import type { Wire } from '@jolly/simulators/process';
import type { Power } from './power.ts';
import type { Shears } from './wire.ts';

/** The simulated terminal's end of a wire of bytes. */
interface Simulated {
  connected(wire: Wire): void;
  data(wire: Wire, bytes: Uint8Array): void;
  disconnected(wire: Wire): void;
}

/** What a driver is made with. */
export interface DriverContext {
  readonly clock: ManualClock;
  readonly log: () => undefined;
}

/** The driver of one life of the kiosk on a fresh connection, whose bytes pass the shears both ways. */
export function driverOnWire(
  { clock, shears, power }: { readonly clock: ManualClock; readonly shears: Shears; readonly power: Power },
  simulated: Simulated,
  make: (transport: Transport, context: DriverContext) => CardTerminal,
): CardTerminal {
  const context: DriverContext = { clock, log: () => undefined };
  const { transport, peer } = memoryWire({ ...context, random: () => 0 });
  let alive = true;
  let greeted = false;
  const hangUp = (reason: string) => {
    greeted = false;
    peer.cut(reason);
  };
  const wire: Wire = {
    write: (bytes) => {
      if (!alive) return;
      const part = shears.pass('read', bytes);
      peer.send(part);
      // The last byte still reaches the process; a moment later there is no process.
      if (part.length < bytes.length || shears.reached('read')) setImmediate(() => power.cut());
    },
    end: () => hangUp('end'),
    reset: () => hangUp('reset'),
  };
  peer.onData((bytes) => {
    if (!alive) return;
    if (!greeted) simulated.connected(wire);
    greeted = true;
    const part = shears.pass('written', bytes);
    if (part.length > 0) simulated.data(wire, part);
    if (part.length < bytes.length || shears.reached('written')) power.cut();
  });
  const driver = make(transport, context);
  power.whenCut(() => {
    alive = false;
    peer.cut('reset', { stay: true });
    simulated.disconnected(wire);
    void driver.close();
  });
  return driver;
}
