import http, { IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ApiError } from './apiError';
import { ClusterConnection } from './connection';

export interface ApiRequest {
  /** For error messages: `list pods`. */
  what: string;
  /** From the server's root, e.g. `/api/v1/pods`. */
  path: string;
  query?: Record<string, string | number | undefined>;
  accept?: string;
  signal: AbortSignal;
}

export interface ApiLimits {
  /** Milliseconds until the answer's head. The API server itself gives up after 60 s. */
  headTimeout: number;
  /** Milliseconds without a byte of the answer's body. */
  idleTimeout: number;
  /** Bytes of one body, decompressed. */
  maxBody: number;
}

export const defaultApiLimits: ApiLimits = {
  headTimeout: 70_000,
  idleTimeout: 30_000,
  maxBody: 256 * 1024 * 1024,
};

/** How lists are asked for: `gzip` is a twelfth of the bytes (`apiserver.md`) for some work of both ends. */
export type ListEncoding = 'gzip' | 'identity';

/** Requests to one API server over kept-alive connections. All failures are `ApiError`s, but for the caller's own abort. */
export class ApiClient {
  readonly #base: URL;
  readonly #agent: http.Agent;
  readonly #headers: () => Promise<Record<string, string>>;
  readonly #limits: ApiLimits;
  readonly #encoding: ListEncoding;

  constructor(
    connection: ClusterConnection,
    headers: () => Promise<Record<string, string>>,
    limits: Partial<ApiLimits> = {},
    encoding: ListEncoding = 'gzip',
  ) {
    this.#base = new URL(connection.url);
    this.#encoding = encoding;
    this.#headers = headers;
    this.#limits = { ...defaultApiLimits, ...limits };
    const keepAlive = { keepAlive: true, keepAliveMsecs: 15_000 };
    this.#agent =
      this.#base.protocol === 'https:'
        ? new https.Agent({
            ...keepAlive,
            ca: connection.certificateAuthority,
            cert: connection.clientCertificate?.certificate,
            key: connection.clientCertificate?.key,
            servername: connection.tlsServerName,
            rejectUnauthorized: !connection.skipTLSVerify,
          })
        : new http.Agent(keepAlive);
  }

  /** The whole body of a successful answer, decompressed. */
  async get(request: ApiRequest): Promise<Buffer> {
    const answer = await this.#open(request, this.#encoding);
    const body = decompressed(answer);
    return this.#collect(request, answer, body, this.#limits.maxBody);
  }

  /** A successful answer as it comes in, for watches. It has no timeout: the caller's signal ends it. */
  async stream(request: ApiRequest): Promise<IncomingMessage> {
    // A proxy that compresses holds a stream back until its end.
    const answer = await this.#open(request, 'identity');
    answer.socket.setKeepAlive(true, 15_000);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Opens an answer; after a 401 once more, as the credentials may have been renewed meanwhile. */
  async #open(request: ApiRequest, encoding: string): Promise<IncomingMessage> {
    try {
      return await this.#attempt(request, encoding);
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'unauthorized') {
        return this.#attempt(request, encoding);
      }
      throw error;
    }
  }

  async #attempt(
    request: ApiRequest,
    encoding: string,
  ): Promise<IncomingMessage> {
    const answer = await this.#send(request, encoding);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) {
      return answer;
    }
    const body = await this.#collect(
      request,
      answer,
      decompressed(answer),
      1024 * 1024,
    );
    throw ApiError.fromAnswer(
      request.what,
      status,
      body.toString(),
      answer.headers['retry-after'],
    );
  }

  async #send(request: ApiRequest, encoding: string): Promise<IncomingMessage> {
    const headers = await this.#credentials(request.what);
    request.signal.throwIfAborted();
    const url = this.#url(request);
    return new Promise((resolve, reject) => {
      const module = url.protocol === 'https:' ? https : http;
      const sent = module.get(url, {
        agent: this.#agent,
        signal: request.signal,
        headers: {
          accept: request.accept ?? 'application/json',
          'accept-encoding': encoding,
          'user-agent': 'kubernetes-topology',
          ...headers,
        },
      });
      const timer = setTimeout(() => {
        sent.destroy(silence(request.what, this.#limits.headTimeout));
      }, this.#limits.headTimeout);
      sent.once('response', answer => {
        clearTimeout(timer);
        resolve(answer);
      });
      sent.once('error', error => {
        clearTimeout(timer);
        reject(asApiError(request, error));
      });
    });
  }

  #url(request: ApiRequest): URL {
    const url = new URL(this.#base);
    url.pathname = this.#base.pathname.replace(/\/$/, '') + request.path;
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, String(value));
      }
    }
    return url;
  }

  async #credentials(what: string): Promise<Record<string, string>> {
    try {
      return await this.#headers();
    } catch (error) {
      throw new ApiError(
        'unauthorized',
        `Could not ${what}: no credentials, ${messageOf(
          error,
        )}. Check how this cluster is authenticated.`,
      );
    }
  }

  async #collect(
    request: ApiRequest,
    answer: IncomingMessage,
    body: Readable,
    maxBody: number,
  ): Promise<Buffer> {
    const { idleTimeout } = this.#limits;
    const { what } = request;
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      answer.destroy(silence(what, idleTimeout));
    }, idleTimeout);
    try {
      for await (const chunk of body) {
        timer.refresh();
        size += chunk.length;
        if (size > maxBody) {
          throw new ApiError(
            'too-large',
            `Could not ${what}: the answer is larger than ${maxBody} bytes. Reading goes on with smaller pages.`,
          );
        }
        chunks.push(chunk);
      }
    } catch (error) {
      throw asApiError(request, error);
    } finally {
      clearTimeout(timer);
      answer.destroy();
    }
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size);
  }
}

/** A broken connection as an `ApiError`; the caller's own abort stays what it is. */
export function asApiError(
  request: { what: string; signal?: AbortSignal },
  error: unknown,
): unknown {
  if (error instanceof ApiError || request.signal?.aborted) {
    return error;
  }
  return new ApiError(
    'unreachable',
    `Could not ${request.what}: ${messageOf(
      error,
    )}. Check that the API server is up and reachable from here.`,
  );
}

function silence(what: string, timeout: number): ApiError {
  return new ApiError(
    'silent',
    `Could not ${what}: the API server said nothing for ${Math.round(
      timeout / 1000,
    )} s. Check its load and the network in between.`,
  );
}

function decompressed(answer: IncomingMessage): Readable {
  return answer.headers['content-encoding'] === 'gzip'
    ? pipeline(answer, createGunzip(), () => undefined)
    : answer;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return messageOf(error.errors[0]);
  }
  return error instanceof Error ? error.message : String(error);
}
