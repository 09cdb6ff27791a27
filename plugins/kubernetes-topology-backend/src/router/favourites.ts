import { parseGremlin } from '@kubernetes-topology/engine';
import { FavouriteRequest } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Request, Router } from 'express';
import { bodyOf } from './input';
import { rethrowFaultOf } from './query';
import { RouteServices } from './routeServices';

/** `/favourites`: saved queries, one's own and shared ones. Only their owner changes them. */
export function addFavourites(router: Router, services: RouteServices): void {
  const { access, favourites } = services;

  router.get('/favourites', async (request, response) => {
    response.json(await favourites.list(await access.user(request)));
  });

  router.post('/favourites', async (request, response) => {
    const user = await access.user(request);
    response.status(201).json(await favourites.add(checked(request), user));
  });

  router.put('/favourites/:id', async (request, response) => {
    const user = await access.user(request);
    const { id } = request.params;
    response.json(await favourites.change(id, checked(request), user));
  });

  router.delete('/favourites/:id', async (request, response) => {
    await favourites.remove(request.params.id, await access.user(request));
    response.status(204).end();
  });
}

/** What is saved can be run. */
function checked(request: Request): FavouriteRequest {
  const favourite = bodyOf<FavouriteRequest>(request);
  try {
    parseGremlin(favourite.query);
  } catch (error) {
    rethrowFaultOf(error);
  }
  return favourite;
}
