import { NodePage } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { topologyNode } from '../answers/topologyNode';
import { cursorOf, placeOf } from '../openapi/cursor';
import { timeOf } from '../openapi/time';
import { queryOf } from './input';
import { notVisible } from './nodes';
import { rethrowFaultOf, setCut } from './query';
import { RouteServices } from './routeServices';

interface LineageQuery {
  key: string;
  depth?: number;
  limit: number;
  at?: string;
  cursor?: string;
}

/**
 * `GET /ancestors` and `/descendants`, the nearest first. All pages show the moment of the first one: nothing that happens
 * in between makes an object come twice or be left out.
 */
export function addLineage(router: Router, services: RouteServices): void {
  for (const side of ['ancestors', 'descendants'] as const) {
    router.get(`/${side}`, async (request, response) => {
      const { filter } = await services.access.reader(request);
      const { key, depth, limit, cursor, ...query } =
        queryOf<LineageQuery>(request);
      const question = [side, key, depth, query.at];
      const place = placeOf(cursor, question, ['at', 'skip']);
      const at = place?.at ?? timeOf(query.at) ?? Date.now();
      const skip = place?.skip ?? 0;
      const found = await services.topology
        .lineage(key, { side, depth, skip, limit, filter, at })
        .catch(rethrowFaultOf);
      if (!found) {
        throw notVisible(key);
      }
      setCut(response, found.cut);
      const end = skip + limit;
      const page: NodePage = {
        items: found.nodes.map(topologyNode),
        ...(end < found.total && {
          nextCursor: cursorOf(question, { at, skip: end }),
        }),
      };
      response.json(page);
    });
  }
}
