import { InputError } from '@backstage/errors';
import {
  drawableAnswer,
  GremlinAnswer,
  GremlinError,
  HistoryEndsError,
  TooManyConditionsError,
} from '@kubernetes-topology/engine';
import {
  QUERY_FORMS,
  QueryForm,
  TOPOLOGY_CUT_HEADER,
  TOPOLOGY_HINT_HEADER,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Request, Response, Router } from 'express';
import { timeOf } from '../openapi/time';
import { audited } from './audited';
import { askedForm, sendDrawing, sendNotAcceptable, sendTable } from './forms';
import { bodyOf } from './input';
import { RouteServices } from './routeServices';

/** Skydive's own field, or ours. */
interface QueryBody {
  GremlinQuery?: string;
  query?: string;
  at?: string;
}

const FORMS = Object.keys(QUERY_FORMS) as QueryForm[];

/**
 * `POST /query`: runs a query and answers in Skydive's result form (`skydive.md` 3.9), or as `Accept` asks. An empty query
 * answers 204 as there; a faulty one 400 with `error.line`, `error.column` (from 1) and `error.excerpt`.
 */
export function addQuery(router: Router, services: RouteServices): void {
  router.post('/query', async (request, response) => {
    const { filter } = await services.access.reader(request);
    const body = bodyOf<QueryBody>(request);
    const text = body.GremlinQuery ?? body.query;
    if (text === undefined && Object.keys(body).length > 0) {
      throw new InputError(
        'The request is not valid: expected {"query": "G.V()"}',
      );
    }
    if (text === undefined || text.trim() === '') {
      response.status(204).end();
      return;
    }
    const at = timeOf(body.at);
    const answer = await audited(
      services.auditor,
      {
        eventId: 'topology-read',
        severityLevel: 'low',
        request,
        meta: { queryType: 'gremlin', query: text },
      },
      () => services.topology.query(text, { filter, at }).catch(rethrowFaultOf),
    );
    setCut(response, answer.cut);
    if (answer.hint) {
      response.setHeader(TOPOLOGY_HINT_HEADER, headerText(answer.hint));
    }
    sendAnswer(request, response, answer.value);
  });
}

function sendAnswer(
  request: Request,
  response: Response,
  value: GremlinAnswer['value'],
): void {
  const form = askedForm(request, FORMS);
  response.vary('Accept');
  switch (form) {
    case 'json':
      response.json(value);
      return;
    case 'csv':
      sendTable(response, value);
      return;
    case 'none':
      sendNotAcceptable(
        request,
        response,
        'Packets are not part of the topology',
      );
      return;
    default: {
      const graph = drawableAnswer(value);
      if (graph) {
        sendDrawing(response, form, graph);
      } else {
        sendNotAcceptable(
          request,
          response,
          `The answer has no form as ${QUERY_FORMS[form]}: ask for nodes, edges, paths or a graph, or for application/json`,
        );
      }
    }
  }
}

export function setCut(response: Response, cut: string | undefined): void {
  if (cut) {
    response.setHeader(TOPOLOGY_CUT_HEADER, headerText(cut));
  }
}

/** A fault in the query, or a time that is not kept, is the asker's: says where. */
export function rethrowFaultOf(error: unknown): never {
  if (error instanceof GremlinError) {
    const { line, column, excerpt } = error;
    throw Object.assign(new InputError(error.message), {
      line,
      column,
      excerpt,
    });
  }
  if (
    error instanceof HistoryEndsError ||
    error instanceof TooManyConditionsError
  ) {
    throw new InputError(error.message);
  }
  throw error;
}

/** Header values are printable ASCII. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ');
}
