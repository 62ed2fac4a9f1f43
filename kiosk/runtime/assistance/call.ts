import type { AssistanceRequest } from '@jolly/contracts/fleet-api';
import { type Clock, isJollyError, type RandomBytes, uuidv7 } from '@jolly/contracts/values';
import type { FleetClient } from '../fleet-link/index.ts';
import type { PersonCall } from '../session/index.ts';

/** A call that was not heard is made once more after this time, ms. */
const AGAIN_MS = 2_000;

/**
 * Calls a person of the office: one request, repeated once with the same id where the server did not answer, so that it is one
 * row in the console whatever got lost. Rejects with the last error; a refusal is not repeated.
 */
export function personCaller(parts: {
  readonly client: Pick<FleetClient, 'assistance'>;
  readonly clock: Clock;
  readonly random: RandomBytes;
}): (call: PersonCall) => Promise<void> {
  const { client, clock, random } = parts;
  return async (call) => {
    const request: AssistanceRequest = { requestId: uuidv7(clock.now(), random), ...call };
    try {
      await client.assistance(request);
    } catch (error) {
      if (isJollyError(error) && error.code === 'SERVER_REFUSED') throw error;
      await new Promise<void>((done) => clock.after(AGAIN_MS, done));
      await client.assistance(request);
    }
  };
}
