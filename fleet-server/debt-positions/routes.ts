import { DebtPositionRequest, DebtPositionResponse, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import type { Http } from '../http/index.ts';
import { terminalOf } from '../identity/index.ts';
import type { DebtPositionDesk } from './desk.ts';

/** Makes a debt position for a terminal. To be registered behind the terminal's signature. */
export function debtPositionRoutes(app: Http, desk: DebtPositionDesk): void {
  app.post(
    TERMINAL_ROUTES.debtPositions,
    { schema: { body: DebtPositionRequest, response: { 200: DebtPositionResponse }, tags: ['services'] } },
    (request) => desk.make(terminalOf(request), request.body),
  );
}
