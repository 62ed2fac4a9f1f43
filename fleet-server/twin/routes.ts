import {
  CONSOLE_API,
  EffectiveSettings,
  Fault,
  SettingsLayer,
  SettingsPreview,
  SettingsRevert,
  SettingsWrite,
} from '@jolly/contracts/fleet-api';
import { effectiveSettings, Layer, originsOf } from '@jolly/contracts/twin';
import { TerminalId } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CENTRE } from '../audit/index.ts';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, personOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Tables } from '../store/index.ts';
import { settingsRow } from './desired.ts';
import { readStored } from './document.ts';
import { type LayerKey, layersOf, placeOf } from './places.ts';
import { previewLayer, readLayer, revertLayer, type SettingsParts, writeLayer } from './settings.ts';

const tags = ['settings'];
const LayerParams = z.object({ layer: Layer, id: z.string().min(1).max(40) });

/** To be registered behind the console's session. */
export function settingsRoutes(app: Http, parts: SettingsParts, gate: ConsoleGate): void {
  const path = `${CONSOLE_API}/settings/:layer/:id`;
  const mayWrite = [gate.needs('settings.write'), centreGate(gate)];
  const params = { params: LayerParams, tags };

  app.get(
    path,
    { onRequest: gate.needs('fleet.read'), schema: { ...params, response: { 200: SettingsLayer } } },
    (request) => readLayer(parts.store, keyOf(request, request.params)),
  );
  app.put(
    path,
    { onRequest: mayWrite, schema: { ...params, body: SettingsWrite, response: { 200: SettingsLayer } } },
    (request) =>
      writeLayer(parts, keyOf(request, request.params), { by: personOf(request).user, ...request.body }),
  );
  app.post(
    `${path}/preview`,
    { onRequest: mayWrite, schema: { ...params, body: SettingsWrite, response: { 200: SettingsPreview } } },
    (request) =>
      previewLayer(parts, keyOf(request, request.params), {
        tenantId: personOf(request).tenantId,
        document: request.body.document,
      }),
  );
  app.post(
    `${path}/revert`,
    { onRequest: mayWrite, schema: { ...params, body: SettingsRevert, response: { 200: SettingsLayer } } },
    (request) =>
      revertLayer(parts, keyOf(request, request.params), { by: personOf(request).user, ...request.body }),
  );
  app.get(
    `${CONSOLE_API}/terminals/:id/settings`,
    {
      onRequest: gate.needs('fleet.read'),
      schema: { params: z.object({ id: TerminalId }), response: { 200: EffectiveSettings }, tags },
    },
    (request) => effectiveOfTerminal(parts.store, personOf(request).tenantId, request.params.id),
  );
}

/** What holds for the whole centre is for who may write for the whole centre: asked after what every writer needs. */
function centreGate(gate: ConsoleGate) {
  const mayWriteCentre = gate.needs('settings.write-centre');
  return async (request: FastifyRequest): Promise<void> => {
    const { layer } = request.params as { readonly layer?: string };
    if (layer === 'centre') await mayWriteCentre(request);
  };
}

/** Whose layer it is says the session, never the address. */
function keyOf(request: FastifyRequest, { layer, id }: z.infer<typeof LayerParams>): LayerKey {
  return { layer, id, tenantId: layer === 'centre' ? CENTRE : personOf(request).tenantId };
}

async function effectiveOfTerminal(
  db: Tables,
  tenantId: string,
  terminalId: string,
): Promise<EffectiveSettings> {
  const place = await placeOf(db, { tenantId, terminalId });
  if (!place) throw fail('NOT_FOUND');
  const layers = (await layersOf(db, [place]))(place);
  const row = await settingsRow(db, place);
  const reported = row?.reported_version ?? undefined;
  const refused = row?.refused_version ?? undefined;
  return {
    version: row?.version ?? 0,
    // What was sent under this number; what the layers say since is on its way to the next one.
    document: row && row.version > 0 ? readStored(row.document) : effectiveSettings(layers),
    origins: originsOf(layers),
    ...(reported === undefined ? {} : { reportedVersion: reported }),
    ...(refused === undefined
      ? {}
      : {
          refused: {
            version: refused,
            faults: z.array(Fault).parse(JSON.parse(row?.faults ?? '[]')),
          },
        }),
  };
}
