import { InputError } from '@backstage/errors';
import type { Request } from 'express';
import { z } from 'zod';

/** Kubernetes' names end at 253 characters each; a key has four parts. */
export const keySchema = z.string().min(1).max(1200);

/** The query of a request, which has been checked against the OpenAPI document. */
export function queryOf<Query>(request: Request): Query {
  return request.query as unknown as Query;
}

/** The body of a request, which has been checked against the OpenAPI document. */
export function bodyOf<Body>(request: Request): Body {
  return (request.body ?? {}) as Body;
}

/** Reads a request's input, or throws an InputError that names each faulty field. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    return parsed.data;
  }
  const problems = parsed.error.issues.map(
    issue => `${issue.path.join('.') || 'input'}: ${issue.message}`,
  );
  throw new InputError(`The request is not valid: ${problems.join('; ')}`);
}
