import { NotFoundError } from '@backstage/errors';
import { ClusterStatus } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { clusterHealth } from '../answers/clusterHealth';
import { clusterStatuses } from '../answers/clusterStatuses';
import { kindSummaries } from '../answers/kindSummaries';
import { queryOf } from './input';
import { RouteServices } from './routeServices';

/** `GET /clusters`: how well each cluster is read; `GET /kinds`: what they have; `GET /clusters/:name/health`: one of them, kind by kind. */
export function addClusters(router: Router, services: RouteServices): void {
  const { topology } = services;

  router.get('/clusters', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const clusters: ClusterStatus[] = clusterStatuses(
      await topology.clusters(),
      services.directory.known.unwatched,
      filter,
    );
    response.json(clusters);
  });

  router.get('/kinds', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { cluster } = queryOf<{ cluster?: string }>(request);
    const states = await topology.clusters();
    response.json(
      kindSummaries(
        states.filter(({ name }) => cluster === undefined || name === cluster),
        filter,
      ),
    );
  });

  router.get('/clusters/:name/health', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { name } = request.params;
    const [states, { leases }] = await Promise.all([
      topology.clusters(),
      services.replicas(),
    ]);
    const lease = leases.find(({ cluster }) => cluster === name);
    const health = clusterHealth(name, filter, {
      state: states.find(state => state.name === name),
      unwatched: services.directory.known.unwatched.find(
        each => each.name === name,
      ),
      revision: services.tally.clusters.get(name)?.revision,
      holder: lease?.isExpired ? undefined : lease?.holder,
      lags: services.tally.lags(name),
    });
    if (!health) {
      throw new NotFoundError(`There is no cluster ${name} that you may see`);
    }
    response.json(health);
  });
}
