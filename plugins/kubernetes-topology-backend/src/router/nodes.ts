import { InputError, NotFoundError } from '@backstage/errors';
import {
  KindId,
  LabelSelectorError,
  NodeFilter,
  parseLabelSelector,
  StatusLevel,
  StoredNode,
} from '@kubernetes-topology/engine';
import {
  NodeDetails,
  NodeNeighbours,
  NodePage,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { explanation } from '../answers/explanation';
import { neighbourGroups } from '../answers/neighbourGroups';
import { topologyNode } from '../answers/topologyNode';
import { cursorOf, placeOf } from '../openapi/cursor';
import { timeOf } from '../openapi/time';
import { isKnown } from './conditional';
import { queryOf } from './input';
import { rethrowFaultOf } from './query';
import { RouteServices } from './routeServices';

const NEIGHBOURS_SHOWN = 20;

interface KeyQuery {
  key: string;
  at?: string;
}

interface NodesQuery {
  cluster?: string;
  namespace?: string;
  kind?: string[];
  level?: StatusLevel[];
  labelSelector?: string;
  limit: number;
  cursor?: string;
}

/**
 * `GET /nodes`, and `/node`, `/neighbours`, `/explanation`, each with `?key=`. What the asker may not see is absent: 404.
 */
export function addNodes(router: Router, services: RouteServices): void {
  const { topology, access } = services;
  const visible = async (
    key: string,
    options: { filter: NodeFilter | undefined; at?: number },
  ): Promise<StoredNode> => {
    const node = await topology.node(key, options).catch(rethrowFaultOf);
    if (!node) {
      throw notVisible(key);
    }
    return node;
  };

  router.get('/nodes', async (request, response) => {
    const { filter } = await access.reader(request);
    const { limit, cursor, ...asked } = queryOf<NodesQuery>(request);
    const question = ['nodes', asked];
    const { nodes, next } = await topology.page({
      filter: { allOf: [...(filter ? [filter] : []), ...conditions(asked)] },
      after: placeOf(cursor, question, ['after'])?.after,
      limit,
      kinds: asked.kind?.map(kindFrom),
      levels: asked.level,
    });
    const page: NodePage = {
      items: nodes.map(topologyNode),
      ...(next !== undefined && {
        nextCursor: cursorOf(question, { after: next }),
      }),
    };
    response.json(page);
  });

  router.get('/node', async (request, response) => {
    const { filter } = await access.reader(request);
    const { key, ...query } = queryOf<KeyQuery>(request);
    const at = timeOf(query.at);
    if (isKnown(request, response, [filter, at, await topology.revision()])) {
      return;
    }
    const node = await visible(key, { filter, at });
    const [events, neighbours] = await Promise.all([
      // Only the newest are kept: they say nothing about a past time.
      at === undefined ? topology.events(key) : [],
      topology.neighbours(key, { filter, limit: NEIGHBOURS_SHOWN, at }),
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
    const { filter } = await access.reader(request);
    const { key, limit, ...query } = queryOf<KeyQuery & { limit: number }>(
      request,
    );
    const at = timeOf(query.at);
    if (isKnown(request, response, [filter, at, await topology.revision()])) {
      return;
    }
    const node = await visible(key, { filter, at });
    const answer: NodeNeighbours = {
      node: topologyNode(node),
      neighbours: neighbourGroups(
        await topology.neighbours(key, { filter, limit, at }),
      ),
    };
    response.json(answer);
  });

  router.get('/explanation', async (request, response) => {
    const { filter } = await access.reader(request);
    const { key } = queryOf<KeyQuery>(request);
    const found = await topology.explain(key, { filter });
    if (!found) {
      throw notVisible(key);
    }
    response.json(explanation(found));
  });
}

export function notVisible(key: string): NotFoundError {
  return new NotFoundError(`There is no object ${key} that you may see`);
}

function conditions({
  cluster,
  namespace,
  labelSelector,
}: Partial<NodesQuery>): NodeFilter[] {
  return [
    ...(cluster === undefined
      ? []
      : [{ key: 'cluster' as const, values: [cluster] }]),
    ...(namespace === undefined
      ? []
      : [{ key: 'namespace' as const, values: [namespace] }]),
    ...(labelSelector === undefined
      ? []
      : selectorOf(labelSelector).map(label => ({ label }))),
  ];
}

function selectorOf(text: string) {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    if (error instanceof LabelSelectorError) {
      throw new InputError(`labelSelector: ${error.message}`);
    }
    throw error;
  }
}

/** `Deployment.apps` as in keys. */
function kindFrom(text: string): KindId {
  const [kind, ...group] = text.split('.');
  return { kind, group: group.join('.') };
}
