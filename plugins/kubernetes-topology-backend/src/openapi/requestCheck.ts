import { InputError } from '@backstage/errors';
import type { ValidateFunction } from 'ajv';
import type { Request, RequestHandler } from 'express';
import {
  ApiDocument,
  ApiOperation,
  ApiParameter,
  faultTexts,
} from './apiDocument';

const MOST_FAULTS = 5;

interface OperationCheck {
  method: string;
  pattern: RegExp;
  params: ApiParameter[];
  checkParams: ValidateFunction;
  checkQuery: ValidateFunction;
  checkBody?: ValidateFunction;
  isBodyRequired: boolean;
}

/**
 * Checks each request against the document, before its route sees it: what is wrong is refused with an InputError that
 * names each faulty field. Defaults are filled in, numbers of the URL become numbers. A path that the document does not have
 * is let through: no route is there.
 */
export function requestCheck(document: ApiDocument): RequestHandler {
  const fromUrl = document.validator({ coerce: true });
  const fromBody = document.validator({ coerce: false });
  const checks = document.operations.map((operation): OperationCheck => {
    const of = (place: ApiParameter['in']) =>
      operation.parameters.filter(parameter => parameter.in === place);
    return {
      method: operation.method,
      pattern: pathPattern(operation),
      params: of('path'),
      checkParams: fromUrl(objectSchema(of('path'))),
      checkQuery: fromUrl(objectSchema(of('query'))),
      checkBody: operation.body && fromBody(operation.body.schema),
      isBodyRequired: operation.body?.required ?? false,
    };
  });
  return (request, _response, next) => {
    const method = request.method.toLowerCase();
    const path = request.path;
    for (const check of checks) {
      const match =
        check.method === (method === 'head' ? 'get' : method) &&
        check.pattern.exec(path);
      if (match) {
        checkRequest(request, check, match.slice(1));
        break;
      }
    }
    next();
  };
}

function checkRequest(
  request: Request,
  check: OperationCheck,
  segments: string[],
): void {
  const params = Object.fromEntries(
    check.params.map(({ name }, index) => [name, decoded(segments[index])]),
  );
  const faults = [
    ...[params, request.query, request.body].flatMap(unstorable),
    ...faultsOf(check.checkParams, params),
    ...faultsOf(check.checkQuery, request.query),
  ];
  const isBodyThere =
    request.body !== undefined &&
    (request.headers['content-length'] !== '0' ||
      Object.keys(request.body).length > 0);
  if (check.checkBody && (isBodyThere || check.isBodyRequired)) {
    faults.push(...faultsOf(check.checkBody, request.body ?? {}));
  }
  if (faults.length > 0) {
    const more = faults.length - MOST_FAULTS;
    throw new InputError(
      `The request is not valid: ${faults.slice(0, MOST_FAULTS).join('; ')}${
        more > 0 ? `; and ${more} more faults` : ''
      }`,
    );
  }
}

function faultsOf(check: ValidateFunction, value: unknown): string[] {
  return check(value) ? [] : faultTexts(check.errors ?? []);
}

/** NUL and halves of characters: no database holds them. */
function unstorable(value: unknown): string[] {
  if (typeof value === 'string') {
    return /[\0\uD800-\uDFFF]/u.test(value)
      ? ['a text holds a character that no text can (NUL or half of one)']
      : [];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flat().flatMap(unstorable)
    : [];
}

function objectSchema(parameters: readonly ApiParameter[]) {
  return {
    type: 'object',
    additionalProperties: false,
    required: parameters
      .filter(({ required }) => required)
      .map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, schema }) => [name, schema]),
    ),
  };
}

/** As Express reads paths: letters in any case, and a slash at the end. */
function pathPattern({ path }: ApiOperation): RegExp {
  const escaped = path.replace(/[.]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\{\w+\}/g, '([^/]+)')}/?$`, 'i');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new InputError(
      `The request is not valid: ${segment} is no part of a URL`,
    );
  }
}
