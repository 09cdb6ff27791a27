import express from 'express';
import Router from 'express-promise-router';
import { addClusters } from './clusters';
import { addDocuments } from './documents';
import { addEntityGraph } from './entityGraph';
import { addNodes } from './nodes';
import { addQuery } from './query';
import { addRestarts } from './restarts';
import { RouteServices } from './routeServices';

/** The REST API under `/api/kubernetes-topology`. Every route asks `TopologyAccess` first. */
export function createRouter(services: RouteServices): express.Router {
  const router = Router();
  router.use(express.json({ limit: '512kb' }));
  addClusters(router, services);
  addQuery(router, services);
  addEntityGraph(router, services);
  addNodes(router, services);
  addRestarts(router, services);
  addDocuments(router, services);
  return router;
}
