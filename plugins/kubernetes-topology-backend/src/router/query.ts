import { InputError } from '@backstage/errors';
import { GremlinError } from '@kubernetes-topology/engine';
import { TOPOLOGY_CUT_HEADER } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Router } from 'express';
import { z } from 'zod';
import { audited } from './audited';
import { parseInput } from './input';
import { RouteServices } from './routeServices';

const queryText = z.string().max(10_000);
/** Skydive's own field, or ours. */
const bodySchema = z
  .object({ GremlinQuery: queryText.optional(), query: queryText.optional() })
  .refine(body => body.GremlinQuery !== undefined || body.query !== undefined, {
    message: 'expected {"query": "G.V()"}',
  });

/**
 * `POST /query`: runs a query and answers in Skydive's result form (`skydive.md` 3.9). An empty query answers 204 as
 * there; a faulty one 400 with `error.line`, `error.column` (from 1)
 * and `error.excerpt`.
 */
export function addQuery(router: Router, services: RouteServices): void {
  router.post('/query', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const body = parseInput(bodySchema, request.body);
    const text = body.GremlinQuery ?? body.query ?? '';
    if (text.trim() === '') {
      response.status(204).end();
      return;
    }
    const answer = await audited(
      services.auditor,
      {
        eventId: 'topology-read',
        severityLevel: 'low',
        request,
        meta: { queryType: 'gremlin', query: text },
      },
      () => services.topology.query(text, { filter }).catch(rethrow),
    );
    if (answer.cut) {
      response.setHeader(TOPOLOGY_CUT_HEADER, headerText(answer.cut));
    }
    response.json(answer.value);
  });
}

/** A fault in the query is the asker's: says where. */
function rethrow(error: unknown): never {
  if (error instanceof GremlinError) {
    const { line, column, excerpt } = error;
    throw Object.assign(new InputError(error.message), {
      line,
      column,
      excerpt,
    });
  }
  throw error;
}

/** Header values are printable ASCII. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ');
}
