import type { ValidateFunction } from 'ajv';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { ApiDocument, ApiOperation, faultTexts } from '../openapi/apiDocument';

const BASE = '/api/kubernetes-topology';
const DECODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/**
 * Listens to what a server answers and holds it against the OpenAPI document: status, media type and body. `faults` says
 * what of it is not there.
 */
export function checkAnswers(server: Server): { faults: readonly string[] } {
  const document = ApiDocument.load();
  const compile = document.validator({ coerce: false });
  const compiled = new Map<object, ValidateFunction>();
  const faults: string[] = [];

  server.prependListener(
    'request',
    (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      const { write, end } = response;
      const keep = (chunk: unknown) => {
        if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) {
          chunks.push(Buffer.from(chunk));
        }
      };
      response.write = (...args: any[]) => {
        keep(args[0]);
        return write.apply(response, args as any);
      };
      response.end = (...args: any[]) => {
        keep(args[0]);
        return end.apply(response, args as any);
      };
      response.on('finish', () => {
        const operation = operationOf(document, request);
        if (operation) {
          const fault = faultOf(operation, response, Buffer.concat(chunks));
          if (fault) {
            faults.push(`${request.method} ${request.url}: ${fault}`);
          }
        }
      });
    },
  );

  function faultOf(
    { responses }: ApiOperation,
    response: ServerResponse,
    bytes: Buffer,
  ): string | undefined {
    const described =
      responses[response.statusCode] ??
      (response.statusCode >= 400 ? responses.default : undefined);
    if (!described) {
      return `the status ${response.statusCode} is not described`;
    }
    const type = String(response.getHeader('content-type') ?? '').split(';')[0];
    if (!described.content || type === '') {
      return described.content || bytes.length > 0
        ? `there should be ${described.content ? 'a' : 'no'} body`
        : undefined;
    }
    const schema = described.content[type]?.schema;
    if (!schema) {
      return `the media type ${type} is not described`;
    }
    const encoding = String(response.getHeader('content-encoding') ?? '');
    const text = (DECODERS[encoding]?.(bytes) ?? bytes).toString();
    const check = compiled.get(schema) ?? compile(schema);
    compiled.set(schema, check);
    return check(type === 'application/json' ? JSON.parse(text) : text)
      ? undefined
      : faultTexts(check.errors ?? []).join('; ');
  }

  return { faults };
}

function operationOf(
  { operations }: ApiDocument,
  request: IncomingMessage,
): ApiOperation | undefined {
  const path = request.url?.split('?')[0] ?? '';
  return operations.find(
    operation =>
      operation.method === request.method?.toLowerCase() &&
      new RegExp(
        `^${BASE}${operation.path.replace(/\{\w+\}/g, '[^/]+')}/?$`,
      ).test(path),
  );
}
