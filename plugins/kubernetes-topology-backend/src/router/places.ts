import {
  PlaceTopology,
  TopologyOverview,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { clusterStatuses } from '../answers/clusterStatuses';
import { entityTopology } from '../entity/entityTopology';
import { timeOf } from '../openapi/time';
import { isKnown } from './conditional';
import { queryOf } from './input';
import { rethrowFaultOf } from './query';
import { RouteServices } from './routeServices';

interface PlaceQuery {
  cluster: string;
  namespace: string;
  at?: string;
}

/** `GET /overview`: all namespaces in numbers; `GET /place`: the graph of one. What catalog entities do not cover, too. */
export function addPlaces(router: Router, services: RouteServices): void {
  const { topology, access, directory } = services;

  router.get('/overview', async (request, response) => {
    const { filter } = await access.reader(request);
    const { cluster } = queryOf<Partial<PlaceQuery>>(request);
    const clusters = clusterStatuses(
      await topology.clusters(),
      directory.known.unwatched,
      filter,
    ).filter(({ name }) => cluster === undefined || name === cluster);
    const revision = await topology.revision();
    if (isKnown(request, response, [filter, revision, clusters])) {
      return;
    }
    const found = await topology.overview({
      filter,
      ...(cluster !== undefined && { clusters: [cluster] }),
    });
    const answer: TopologyOverview = { revision, clusters, ...found };
    response.json(answer);
  });

  router.get('/place', async (request, response) => {
    const { filter } = await access.reader(request);
    const { cluster, namespace, at: time } = queryOf<PlaceQuery>(request);
    const at = timeOf(time);
    const clusters = clusterStatuses(
      await topology.clusters(),
      directory.known.unwatched,
      filter,
    ).filter(({ name }) => name === cluster);
    const revision = await topology.revision();
    if (isKnown(request, response, [filter, at, revision, clusters])) {
      return;
    }
    const { entityRef: _, ...answer } = await entityTopology('', {
      topology,
      filter,
      at,
      revision,
      clusters,
      selections: [{ labels: [], namespace, clusters: [cluster] }],
      hidden: [],
    }).catch(rethrowFaultOf);
    response.json(answer satisfies PlaceTopology);
  });
}
