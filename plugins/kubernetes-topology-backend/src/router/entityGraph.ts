import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { Router } from 'express';
import { z } from 'zod';
import { clusterStatuses } from '../answers/clusterStatuses';
import { entityTopology } from '../entity/entityTopology';
import { audited } from './audited';
import { parseInput } from './input';
import { RouteServices } from './routeServices';

const part = z.string().min(1).max(253);
const paramsSchema = z.object({ kind: part, namespace: part, name: part });

/** `GET /entities/:kind/:namespace/:name/graph`: the graph behind a catalog entity. */
export function addEntityGraph(router: Router, services: RouteServices): void {
  const { topology, catalog } = services;
  router.get(
    '/entities/:kind/:namespace/:name/graph',
    async (request, response) => {
      const { credentials, filter } = await services.access.reader(request);
      const entityRef = stringifyEntityRef(
        parseInput(paramsSchema, request.params),
      );
      const answer = await audited(
        services.auditor,
        {
          eventId: 'topology-read',
          severityLevel: 'low',
          request,
          meta: { queryType: 'by-entity', entityRef },
        },
        async () => {
          // With the asker's own credentials: the catalog's read permission holds here too.
          const entity = await catalog.getEntityByRef(entityRef, {
            credentials,
          });
          if (!entity) {
            throw new NotFoundError(
              `There is no entity ${entityRef} that you may see`,
            );
          }
          return entityTopology(entity, {
            topology,
            catalog,
            credentials,
            filter,
            clusters: clusterStatuses(
              await topology.clusters(),
              services.directory.known.unwatched,
              filter,
            ),
          });
        },
      );
      response.json(answer);
    },
  );
}
