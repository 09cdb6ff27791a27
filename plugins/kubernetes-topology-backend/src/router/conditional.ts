import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';

/**
 * Says what an answer depends on, and ends the request with 304 where the caller has that answer already. The caller's
 * sight belongs to the parts.
 */
export function isKnown(
  request: Request,
  response: Response,
  parts: readonly unknown[],
): boolean {
  const tag = createHash('sha256')
    .update(JSON.stringify([request.originalUrl, ...parts]))
    .digest('base64url')
    .slice(0, 27);
  response.setHeader('ETag', `W/"${tag}"`);
  response.setHeader('Cache-Control', 'private, no-cache');
  response.vary('Authorization');
  if (request.fresh) {
    response.status(304).end();
    return true;
  }
  return false;
}
