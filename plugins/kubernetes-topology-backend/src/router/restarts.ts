import { NotFoundError } from '@backstage/errors';
import type { Router } from 'express';
import { z } from 'zod';
import { MAX_PODS } from '../restart/restartPlan';
import { keySchema, parseInput } from './input';
import { RouteServices } from './routeServices';

const requestSchema = z.object({
  target: z.union([
    z.object({ pods: z.array(keySchema).min(1).max(MAX_PODS) }).strict(),
    z.object({ dependentsOf: keySchema }).strict(),
  ]),
  dryRun: z.boolean().optional(),
});

/**
 * `POST /restarts`: plans the restart of pods and, without `dryRun`, begins it; `GET /restarts/:id` follows it.
 * Each pod takes the permission to read and to restart it.
 */
export function addRestarts(router: Router, services: RouteServices): void {
  router.post('/restarts', async (request, response) => {
    const restarter = await services.access.restarter(request);
    const { target, dryRun } = parseInput(requestSchema, request.body);
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
