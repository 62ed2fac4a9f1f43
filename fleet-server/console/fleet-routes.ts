import {
  CONSOLE_API,
  FleetMap,
  FleetPage,
  FleetQuery,
  TerminalDetail,
  TimelineEntry,
} from '@jolly/contracts/fleet-api';
import { TerminalId } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, personOf } from '../identity/index.ts';
import { fleetPage } from './fleet.ts';
import { fleetMap, type MapSources } from './map.ts';
import { type TerminalSources, terminalDetail } from './terminal.ts';
import { type TimelineSources, timelineOf } from './timeline.ts';

export type FleetRouteSources = TerminalSources & MapSources & TimelineSources;

const tags = ['fleet'];
const TerminalParams = z.object({ id: TerminalId });

/** What the console reads of the terminals. To be registered behind the console's session. */
export function fleetRoutes(app: Http, sources: FleetRouteSources, gate: ConsoleGate): void {
  const onRequest = gate.needs('fleet.read');
  app.get(
    `${CONSOLE_API}/fleet`,
    { onRequest, schema: { querystring: FleetQuery, response: { 200: FleetPage }, tags } },
    (request) => fleetPage(sources, personOf(request).tenantId, request.query),
  );
  app.get(
    `${CONSOLE_API}/fleet/map`,
    { onRequest, schema: { response: { 200: FleetMap }, tags } },
    (request) => fleetMap(sources, personOf(request).tenantId),
  );
  app.get(
    `${CONSOLE_API}/terminals/:id`,
    { onRequest, schema: { params: TerminalParams, response: { 200: TerminalDetail }, tags } },
    (request) =>
      terminalDetail(sources, { tenantId: personOf(request).tenantId, terminalId: request.params.id }),
  );
  app.get(
    `${CONSOLE_API}/terminals/:id/timeline`,
    {
      onRequest,
      schema: {
        params: TerminalParams,
        querystring: z.object({ day: z.iso.date() }),
        response: { 200: z.array(TimelineEntry) },
        tags,
      },
    },
    (request) =>
      timelineOf(
        sources,
        { tenantId: personOf(request).tenantId, terminalId: request.params.id },
        request.query.day,
      ),
  );
}
