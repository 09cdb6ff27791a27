import { NotFoundError } from '@backstage/errors';
import type { Router } from 'express';
import { RestartRequest } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { bodyOf } from './input';
import { RouteServices } from './routeServices';

/**
 * `POST /restarts`: plans the restart of pods and, without `dryRun`, begins it; `GET /restarts/:id` follows it.
 * Each pod takes the permission to read and to restart it.
 */
export function addRestarts(router: Router, services: RouteServices): void {
  router.post('/restarts', async (request, response) => {
    const restarter = await services.access.restarter(request);
    const { target, dryRun } = bodyOf<RestartRequest>(request);
    const run = await services.restarts.create(target, {
      restarter,
      dryRun: dryRun ?? false,
      request,
    });
    response.status(dryRun ? 200 : 202).json(run);
  });

  router.get('/restarts/:id', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const { id } = request.params;
    const run = services.restarts.run(id, filter);
    if (!run) {
      throw new NotFoundError(
        `There is no restart ${id} that you may see; restarts are forgotten when the backend starts anew`,
      );
    }
    response.json(run);
  });
}
