import { CatalogueResponse, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import type { Http } from '../http/index.ts';
import { terminalOf } from '../identity/index.ts';
import type { Catalogue } from './catalogue.ts';

/** What can be paid here without a notice. To be registered behind the terminal's signature. */
export function catalogueRoutes(app: Http, catalogueOf: (tenantId: string) => Catalogue): void {
  app.get(
    TERMINAL_ROUTES.catalogue,
    { schema: { response: { 200: CatalogueResponse }, tags: ['services'] } },
    async (request) => catalogueOf(terminalOf(request).tenantId).offered(),
  );
}
