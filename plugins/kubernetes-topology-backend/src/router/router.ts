import express from 'express';
import Router from 'express-promise-router';
import { ApiDocument } from '../openapi/apiDocument';
import { requestCheck } from '../openapi/requestCheck';
import { addApiDescription } from './apiDescription';
import { addClusters } from './clusters';
import { addDocuments } from './documents';
import { addEntityGraph } from './entityGraph';
import { addFavourites } from './favourites';
import { addIncidents } from './incidents';
import { addLineage } from './lineage';
import { addLive } from './live';
import { addNodes } from './nodes';
import { addPast } from './past';
import { addPlaces } from './places';
import { addQuery } from './query';
import { addReachability } from './reachability';
import { addRestarts } from './restarts';
import { RouteServices } from './routeServices';

/** The REST API under `/api/kubernetes-topology`. Every route asks `TopologyAccess` first. */
export function createRouter(services: RouteServices): express.Router {
  const router = Router();
  const document = ApiDocument.load();
  // Skydive reads the body whatever the header says, and scripts with `curl -d` rely on it.
  router.use('/query', express.json({ limit: '512kb', type: () => true }));
  router.use(express.json({ limit: '512kb' }));
  router.use(requestCheck(document));
  addApiDescription(router, document);
  addClusters(router, services);
  addQuery(router, services);
  addLive(router, services);
  addPlaces(router, services);
  addEntityGraph(router, services);
  addNodes(router, services);
  addLineage(router, services);
  addPast(router, services);
  addIncidents(router, services);
  addReachability(router, services);
  addFavourites(router, services);
  addRestarts(router, services);
  addDocuments(router, services);
  return router;
}
