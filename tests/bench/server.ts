import { join } from 'node:path';
import { systemClock, systemRandom, uuidv7 } from '@jolly/contracts/values';
import { HttpFleetClient } from '@jolly/kiosk-runtime/fleet-link';
import { openIdentity } from '@jolly/kiosk-runtime/identity';
import { demoCity } from '@jolly/simulators/launcher';
import { rateOf } from './rates.ts';
import { type Figure, figureOf } from './statistics.ts';

const AT_ONCE = 8;
const WARM_UP = 50;

export interface ServerFigures {
  /** One call after another, as one terminal makes them. */
  readonly verifyAlone: Figure;
  /** Eight callers at once. */
  readonly verifyAtOnce: Figure;
  readonly throughput: Figure;
}

/**
 * Signed verify calls to the demo's fleet server, with the demo terminal's own key: HTTP, signature, database, SOAP to the
 * simulated node and back.
 */
export async function benchServer(demo: {
  readonly fleetUrl: string;
  readonly dataDir: string;
  /** Digits of a payable notice's number. */
  readonly noticeNumber: string;
}): Promise<ServerFigures> {
  const identity = openIdentity(
    { ...demoCity, dataDir: join(demo.dataDir, 'terminal') },
    systemClock,
    systemRandom,
  );
  const client = new HttpFleetClient({ serverUrl: demo.fleetUrl, identity, clock: systemClock });
  const notice = { noticeNumber: demo.noticeNumber, creditorTaxCode: demoCity.creditorTaxCode };
  const verify = async (): Promise<number> => {
    const start = performance.now();
    const answer = await client.verify({ kioskPaymentId: uuidv7(systemClock.now()), notice });
    if (answer.result !== 'payable') throw new Error(`not payable: ${answer.problem.class}`);
    return performance.now() - start;
  };
  const inTurn = async (n: number) => {
    const times: number[] = [];
    for (let call = 0; call < n; call++) times.push(await verify());
    return times;
  };
  try {
    await inTurn(WARM_UP);
    const alone = await inTurn(300);
    const atOnce: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < 10; round++) {
      const start = performance.now();
      const times = await Promise.all(Array.from({ length: AT_ONCE }, () => inTurn(20)));
      rates.push((times.flat().length / (performance.now() - start)) * 1000);
      atOnce.push(...times.flat());
    }
    return {
      verifyAlone: figureOf(alone, 'ms'),
      verifyAtOnce: figureOf(atOnce, 'ms'),
      throughput: rateOf(rates, 'requests/s'),
    };
  } finally {
    client.close();
  }
}
