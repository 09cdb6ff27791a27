import { ClusterStatus } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { clusterStatuses } from '../answers/clusterStatuses';
import { RouteServices } from './routeServices';

/** `GET /clusters`: how well each cluster is read. */
export function addClusters(router: Router, services: RouteServices): void {
  router.get('/clusters', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const clusters: ClusterStatus[] = clusterStatuses(
      await services.topology.clusters(),
      services.unwatched,
      filter,
    );
    response.json(clusters);
  });
}
