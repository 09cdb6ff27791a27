import { TopologyDocumentPage } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { z } from 'zod';
import { parseInput } from './input';
import { RouteServices } from './routeServices';

const pageSchema = z.object({
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

/** `GET /documents`: the search index's documents a page at a time; the collator asks for it as a service. */
export function addDocuments(router: Router, services: RouteServices): void {
  router.get('/documents', async (request, response) => {
    const reader = await services.access.reader(request);
    const { after, limit } = parseInput(pageSchema, request.query);
    const page: TopologyDocumentPage = await services.documents.page(
      { after, limit },
      reader,
    );
    response.json(page);
  });
}
