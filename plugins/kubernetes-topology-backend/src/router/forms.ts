import {
  csvForm,
  dotForm,
  DrawableGraph,
  GremlinAnswer,
  graphMlForm,
  mermaidForm,
} from '@kubernetes-topology/engine';
import {
  QUERY_FORMS,
  QueryForm,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { Request, Response } from 'express';

/** Packets: what Skydive answers of flows, and has no meaning here. */
const PCAP = 'application/vnd.tcpdump.pcap';

export type AskedForm = QueryForm | 'json' | 'none';

/** What `Accept` asks for. As in Skydive, whatever it does not know is answered as JSON. */
export function askedForm(
  request: Request,
  forms: readonly QueryForm[],
): AskedForm {
  const types = ['application/json', ...forms.map(form => QUERY_FORMS[form])];
  const accepted = request.accepts([...types, PCAP, 'text/x-mermaid']);
  if (accepted === PCAP) {
    return 'none';
  }
  return (
    forms.find(
      form =>
        QUERY_FORMS[form] === accepted ||
        (form === 'mermaid' && accepted === 'text/x-mermaid'),
    ) ?? 'json'
  );
}

/** A graph in a form other than JSON. */
export function sendDrawing(
  response: Response,
  form: Exclude<QueryForm, 'csv'>,
  graph: DrawableGraph,
): void {
  const write = { dot: dotForm, mermaid: mermaidForm, graphMl: graphMlForm };
  send(response, form, write[form](graph));
}

export function sendTable(
  response: Response,
  value: GremlinAnswer['value'],
): void {
  send(response, 'csv', csvForm(value));
}

/** There is no such form of this answer. */
export function sendNotAcceptable(
  request: Request,
  response: Response,
  message: string,
): void {
  response.status(406).json({
    error: { name: 'NotAcceptableError', message },
    request: { method: request.method, url: request.originalUrl },
    response: { statusCode: 406 },
  });
}

function send(response: Response, form: QueryForm, text: string): void {
  response.setHeader('Content-Type', `${QUERY_FORMS[form]}; charset=utf-8`);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.send(text);
}
