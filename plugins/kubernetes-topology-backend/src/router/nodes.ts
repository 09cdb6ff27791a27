import { NotFoundError } from '@backstage/errors';
import {
  NodeDetails,
  NodeNeighbours,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { NodeFilter, StoredNode } from '@kubernetes-topology/engine';
import type { Router } from 'express';
import { z } from 'zod';
import { explanation } from '../answers/explanation';
import { neighbourGroups } from '../answers/neighbourGroups';
import { topologyNode } from '../answers/topologyNode';
import { keySchema, parseInput } from './input';
import { RouteServices } from './routeServices';

const NEIGHBOURS_SHOWN = 20;

const nodeSchema = z.object({ key: keySchema });
const neighboursSchema = z.object({
  key: keySchema,
  limit: z.coerce.number().int().min(1).max(100).default(NEIGHBOURS_SHOWN),
});

/** `GET /node`, `/neighbours`, `/explanation`, each with `?key=`. What the asker may not see is absent: 404. */
export function addNodes(router: Router, services: RouteServices): void {
  const { topology } = services;

  const visible = async (
    key: string,
    filter: NodeFilter | undefined,
  ): Promise<StoredNode> => {
    const node = await topology.node(key, { filter });
    if (!node) {
      throw notVisible(key);
    }
    return node;
  };

  router.get('/node', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { key } = parseInput(nodeSchema, request.query);
    const node = await visible(key, filter);
    const [events, neighbours] = await Promise.all([
      topology.events(key),
      topology.neighbours(key, { filter, limit: NEIGHBOURS_SHOWN }),
    ]);
    const details: NodeDetails = {
      node: topologyNode(node),
      labels: node.labels,
      properties: node.properties,
      events: events.map(({ about: _, ...event }) => event),
      neighbours: neighbourGroups(neighbours),
    };
    response.json(details);
  });

  router.get('/neighbours', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { key, limit } = parseInput(neighboursSchema, request.query);
    const node = await visible(key, filter);
    const answer: NodeNeighbours = {
      node: topologyNode(node),
      neighbours: neighbourGroups(
        await topology.neighbours(key, { filter, limit }),
      ),
    };
    response.json(answer);
  });

  router.get('/explanation', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { key } = parseInput(nodeSchema, request.query);
    const found = await topology.explain(key, { filter });
    if (!found) {
      throw notVisible(key);
    }
    response.json(explanation(found));
  });
}

function notVisible(key: string): NotFoundError {
  return new NotFoundError(`There is no object ${key} that you may see`);
}
