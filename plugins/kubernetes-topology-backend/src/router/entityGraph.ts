import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { drawableSelection } from '@kubernetes-topology/engine';
import { QueryForm } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { clusterStatuses } from '../answers/clusterStatuses';
import { entitySelections } from '../entity/entitySelections';
import { entityTopology } from '../entity/entityTopology';
import { timeOf } from '../openapi/time';
import { audited } from './audited';
import { isKnown } from './conditional';
import { askedForm, sendDrawing, sendNotAcceptable } from './forms';
import { queryOf } from './input';
import { rethrowFaultOf } from './query';
import { RouteServices } from './routeServices';

type EntityPath = { kind: string; namespace: string; name: string };

const DRAWINGS = ['dot', 'mermaid', 'graphMl'] as const satisfies QueryForm[];

/** `GET /entities/:kind/:namespace/:name/graph`: the graph behind a catalog entity. */
export function addEntityGraph(router: Router, services: RouteServices): void {
  const { topology, catalog } = services;
  router.get(
    '/entities/:kind/:namespace/:name/graph',
    async (request, response) => {
      const { credentials, filter } = await services.access.reader(request);
      const entityRef = stringifyEntityRef(request.params as EntityPath);
      const at = timeOf(queryOf<{ at?: string }>(request).at);
      const form = askedForm(request, DRAWINGS);
      response.vary('Accept');
      if (form === 'none' || form === 'csv') {
        sendNotAcceptable(request, response, 'A graph has no such form');
        return;
      }
      await audited(
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
          const selected = await entitySelections(entity, catalog, credentials);
          if (form !== 'json') {
            sendDrawing(
              response,
              form,
              drawableSelection(
                await topology
                  .graph(selected.selections, { filter, at })
                  .catch(rethrowFaultOf),
              ),
            );
            return;
          }
          const clusters = clusterStatuses(
            await topology.clusters(),
            services.directory.known.unwatched,
            filter,
          );
          // Read before the graph: a hint that comes in between makes the client ask again rather than miss a change.
          const revision = await topology.revision();
          const parts = [filter, at, revision, clusters, selected];
          if (!isKnown(request, response, parts)) {
            response.json(
              await entityTopology(entityRef, {
                ...selected,
                topology,
                filter,
                at,
                revision,
                clusters,
              }).catch(rethrowFaultOf),
            );
          }
        },
      );
    },
  );
}
