import { TopologyDocumentPage } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { queryOf } from './input';
import { RouteServices } from './routeServices';

interface DocumentsQuery {
  after?: number;
  limit: number;
}

/** `GET /documents`: the search index's documents a page at a time; the collator asks for it as a service. */
export function addDocuments(router: Router, services: RouteServices): void {
  router.get('/documents', async (request, response) => {
    const reader = await services.access.reader(request);
    const { after, limit } = queryOf<DocumentsQuery>(request);
    const page: TopologyDocumentPage = await services.documents.page(
      { after, limit },
      reader,
    );
    response.json(page);
  });
}
