import { createHash } from 'crypto';
import { IncomingMessage, ServerResponse } from 'http';
import { Readable } from 'stream';
import { pipeline } from 'stream/promises';
import { createGzip } from 'zlib';
import { StatusError } from './statusError';
import { Replay } from './watchStream';

/** As the real server: smaller bodies are not worth compressing. */
const GZIP_FROM_BYTES = 128 * 1024;
const CHUNK_BYTES = 256 * 1024;
const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

export interface Truncation {
  bytes: number;
  end: 'clean' | 'reset';
}

/** A request and its answer. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Set by a fault: the body ends early. */
  truncation: Truncation | undefined;
  /** Set by a fault: a watch tells what was told before. */
  replay: Replay | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
  }

  /** @throws {StatusError} 413 for a body beyond 3 MiB */
  async body(): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.request) {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) {
        throw new StatusError(
          413,
          'RequestEntityTooLarge',
          `Request entity too large: limit is ${BODY_LIMIT_BYTES}`,
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }

  /** @throws {StatusError} 400 for a body that is no JSON object */
  async json(): Promise<Record<string, any>> {
    const text = await this.body();
    if (text === '') {
      return {};
    }
    try {
      const value = JSON.parse(text);
      if (typeof value === 'object' && value !== null) {
        return value;
      }
    } catch {
      // falls through
    }
    throw StatusError.badRequest(
      'the object provided is unrecognized (must be of type JSON)',
    );
  }

  async sendJson(
    code: number,
    value: object,
    contentType?: string,
  ): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    await this.sendBytes(code, [bytes], contentType);
  }

  /** As `sendJson`, or 304 to a caller who has the very same answer already. */
  async sendTagged(value: object, contentType: string): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    const tag = `"${createHash('sha512')
      .update(bytes)
      .digest('hex')
      .toUpperCase()}"`;
    this.response.setHeader('ETag', tag);
    if (this.request.headers['if-none-match'] === tag) {
      this.response.writeHead(304).end();
      return;
    }
    await this.sendBytes(200, [bytes], contentType);
  }

  async sendStatus(error: StatusError): Promise<void> {
    if (error.details?.retryAfterSeconds) {
      this.response.setHeader(
        'Retry-After',
        String(error.details.retryAfterSeconds),
      );
    }
    await this.sendJson(error.code, error.status);
  }

  sendText(code: number, text: string): void {
    this.response
      .writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' })
      .end(text);
  }

  /** Sends JSON that is there as pieces, compressed when it is large and the client takes gzip. */
  async sendBytes(
    code: number,
    pieces: Buffer[],
    contentType: string = 'application/json',
  ): Promise<void> {
    const { request, response } = this;
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const gzip =
      size > GZIP_FROM_BYTES &&
      /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    response.setHeader('Content-Type', contentType);
    response.setHeader('Cache-Control', 'no-cache, private');
    response.setHeader('Vary', 'Accept-Encoding');
    if (gzip) {
      response.setHeader('Content-Encoding', 'gzip');
    } else if (!this.truncation) {
      response.setHeader('Content-Length', String(size));
    }
    response.writeHead(code);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const body = Readable.from(chunksOf(this.#cut(pieces)), {
      objectMode: false,
      highWaterMark: 2 * CHUNK_BYTES,
    });
    try {
      if (gzip) {
        await pipeline(body, createGzip({ level: 1 }), response, {
          end: this.truncation?.end !== 'reset',
        });
      } else {
        await pipeline(body, response, {
          end: this.truncation?.end !== 'reset',
        });
      }
      if (this.truncation?.end === 'reset') {
        // What was written must leave before the connection is cut.
        response.write('', () => response.destroy());
      }
    } catch {
      // The client went away.
      response.destroy();
    }
  }

  #cut(pieces: Buffer[]): Buffer[] {
    let left = this.truncation?.bytes ?? Infinity;
    return pieces.map(piece => {
      const kept = piece.subarray(0, Math.min(piece.length, Math.max(0, left)));
      left -= kept.length;
      return kept;
    });
  }
}

function* chunksOf(pieces: Buffer[]): Generator<Buffer> {
  let chunk: Buffer[] = [];
  let size = 0;
  for (const piece of pieces) {
    chunk.push(piece);
    size += piece.length;
    if (size >= CHUNK_BYTES) {
      yield Buffer.concat(chunk);
      chunk = [];
      size = 0;
    }
  }
  if (size > 0) {
    yield Buffer.concat(chunk);
  }
}
