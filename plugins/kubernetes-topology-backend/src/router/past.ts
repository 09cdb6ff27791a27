import { NodeHistory } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { topologyDiff } from '../answers/topologyDiff';
import { topologyNode } from '../answers/topologyNode';
import { cursorOf, placeOf } from '../openapi/cursor';
import { timeOf } from '../openapi/time';
import { audited } from './audited';
import { queryOf } from './input';
import { notVisible } from './nodes';
import { rethrowFaultOf } from './query';
import { RouteServices } from './routeServices';

interface HistoryQuery {
  key: string;
  from?: string;
  to?: string;
  limit: number;
  cursor?: string;
}

interface DiffQuery {
  query?: string;
  from: string;
  to?: string;
}

/** `GET /history`: an object's versions; `GET /diff`: what changed between two times. */
export function addPast(router: Router, services: RouteServices): void {
  const { topology, access } = services;

  router.get('/history', async (request, response) => {
    const { filter } = await access.reader(request);
    const { key, limit, cursor, ...query } = queryOf<HistoryQuery>(request);
    const question = ['history', key, query.from, query.to];
    const place = placeOf(cursor, question, ['from', 'to']);
    const from = place?.from ?? timeOf(query.from) ?? 0;
    const { versions, more, since } = await topology.history(key, {
      filter,
      from,
      to: place?.to ?? timeOf(query.to),
      limit,
    });
    if (versions.length === 0 && !(await topology.node(key, { filter }))) {
      throw notVisible(key);
    }
    const oldest = versions.at(-1);
    const history: NodeHistory = {
      versions: versions.map(({ node, ...version }) => ({
        ...version,
        node: topologyNode(node),
        labels: node.labels,
        properties: node.properties,
      })),
      since,
      ...(more &&
        oldest && {
          nextCursor: cursorOf(question, { from, to: oldest.from - 1 }),
        }),
    };
    response.json(history);
  });

  router.get('/diff', async (request, response) => {
    const { filter } = await access.reader(request);
    const { query = 'G', ...times } = queryOf<DiffQuery>(request);
    const now = Date.now();
    const from = timeOf(times.from, now)!;
    const to = timeOf(times.to, now) ?? now;
    const diff = await audited(
      services.auditor,
      {
        eventId: 'topology-read',
        severityLevel: 'low',
        request,
        meta: { queryType: 'diff', query },
      },
      () =>
        topologyDiff(query, { topology, filter, from, to }).catch(
          rethrowFaultOf,
        ),
    );
    response.json(diff);
  });
}
