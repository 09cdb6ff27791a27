import {
  TopologyClient,
  TopologyRequestOptions,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Failure } from './failure';
import { QueryFailure } from './queryFailure';
import { PortalSource } from './source';

/** Longer than the longest query that the portal lets run. */
const TIMEOUT_MS = 120_000;

/** A portal's REST API, as one with a token may use it. */
export class PortalConnection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly client: TopologyClient;
  readonly #token: string | undefined;
  readonly #signal: AbortSignal;

  /** @throws Failure when the URL is none */
  static open(source: PortalSource, signal: AbortSignal): PortalConnection {
    return new PortalConnection(portalUrl(source.url), source.token, signal);
  }

  private constructor(
    url: string,
    token: string | undefined,
    signal: AbortSignal,
  ) {
    this.url = url;
    this.client = new TopologyClient({
      discoveryApi: { getBaseUrl: async id => `${url}/api/${id}` },
    });
    this.#token = token;
    this.#signal = signal;
  }

  /** @throws Failure that says what to do; Interrupted */
  async ask<T>(
    question: (
      client: TopologyClient,
      request: TopologyRequestOptions,
    ) => Promise<T>,
  ): Promise<T> {
    const signal = this.#signal;
    try {
      return await question(this.client, {
        token: this.#token,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw this.failure(error);
    }
  }

  /** What an error of the client means to who typed the command. */
  failure(error: unknown): Failure {
    return portalFailure(error, this.url, this.#token !== undefined);
  }

  /** For what lasts longer than an answer. */
  request(signal: AbortSignal): TopologyRequestOptions {
    return { token: this.#token, signal };
  }
}

/**
 * Without a slash at its end.
 *
 * @throws Failure
 */
export function portalUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Failure(
      `"${text}" is no portal URL; give --portal like http://localhost:7007`,
      { exitCode: 2 },
    );
  }
  return text.replace(/\/+$/, '');
}

/** The parts of a `ResponseError` and of fetch's errors that are told. */
interface PortalError {
  name?: string;
  message?: string;
  statusCode?: number;
  cause?: { message?: string; code?: string; excerpt?: unknown };
}

/** The portal said no; trying again would not help. */
export function isAnswered(error: unknown): boolean {
  const { statusCode } = error as PortalError;
  return statusCode !== undefined && statusCode < 500;
}

function portalFailure(
  error: unknown,
  url: string,
  hasToken: boolean,
): Failure {
  const { name, message, statusCode, cause } = error as PortalError;
  const said = cause?.message ?? message ?? String(error);
  if (statusCode !== undefined) {
    return answeredFailure(statusCode, said, cause?.excerpt, url, hasToken);
  }
  if (name === 'TimeoutError') {
    return new Failure(
      `the portal at ${url} did not answer within ${TIMEOUT_MS / 1000} s`,
    );
  }
  if (error instanceof SyntaxError) {
    return new Failure(noTopologyAt(url));
  }
  return new Failure(
    `portal not reachable at ${url} (${
      cause?.code ?? said
    }); is it running, and is --portal or KUBE_TOPOLOGY_PORTAL right?`,
  );
}

function answeredFailure(
  status: number,
  said: string,
  excerpt: unknown,
  url: string,
  hasToken: boolean,
): Failure {
  switch (status) {
    case 400:
      return new QueryFailure(
        said,
        typeof excerpt === 'string' ? excerpt : undefined,
      );
    case 401:
      return new Failure(
        `${
          hasToken
            ? `the portal at ${url} does not accept this token`
            : `the portal at ${url} wants a token`
        }; set one up under backend.auth.externalAccess in its app-config.yaml and pass it with --token or KUBE_TOPOLOGY_TOKEN`,
      );
    case 403:
      return new Failure(said);
    case 404:
      return new Failure(noTopologyAt(url));
    default:
      return new Failure(`the portal at ${url} answered ${status}: ${said}`);
  }
}

function noTopologyAt(url: string): string {
  return `there is no topology API at ${url}; is the plugin kubernetes-topology installed there, and is --portal the backend's address?`;
}
