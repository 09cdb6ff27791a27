import { InputError, ResponseError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import {
  ClusterHealth,
  ClusterStatus,
  EntityTopology,
  Explanation,
  NodeDetails,
  NodeNeighbours,
  RestartRequest,
  RestartRun,
  TOPOLOGY_CUT_HEADER,
  TopologyDocumentPage,
} from './types';

const PLUGIN_ID = 'kubernetes-topology';

export interface TopologyClientOptions {
  /** Where the plugin's backend is; the portal's discovery API fits. */
  discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  /** Defaults to the global `fetch`; the portal's fetch API fits and adds the user's token. */
  fetchApi?: { fetch: typeof fetch };
}

export interface TopologyRequestOptions {
  /** Sent as a bearer token; leave it out where the fetch API adds one. */
  token?: string;
  signal?: AbortSignal;
}

/** The value of a query in Skydive's result form. */
export interface QueryAnswer {
  value: JsonValue;
  /** Set when a bound cut the answer: which, in words. */
  cut?: string;
}

/**
 * The REST API of `kubernetes-topology`, typed. Every method rejects with a `ResponseError` when the portal answers
 * with one: its `cause.message` says what was wrong, its `statusCode` is the HTTP status.
 */
export class TopologyClient {
  readonly #discoveryApi: TopologyClientOptions['discoveryApi'];
  readonly #fetch: typeof fetch;

  constructor(options: TopologyClientOptions) {
    this.#discoveryApi = options.discoveryApi;
    const fetchApi = options.fetchApi;
    this.#fetch = fetchApi
      ? (input, init) => fetchApi.fetch(input, init)
      : (input, init) => fetch(input, init);
  }

  async clusters(options?: TopologyRequestOptions): Promise<ClusterStatus[]> {
    return this.#get('/clusters', options);
  }

  /** How well a cluster is read, kind by kind. */
  async clusterHealth(
    name: string,
    options?: TopologyRequestOptions,
  ): Promise<ClusterHealth> {
    return this.#get(`/clusters/${encodeURIComponent(name)}/health`, options);
  }

  /** Runs a query in Skydive's Gremlin dialect; a faulty one rejects with status 400, line and column in the message. */
  async query(
    text: string,
    options?: TopologyRequestOptions,
  ): Promise<QueryAnswer> {
    const response = await this.#request(
      '/query',
      { method: 'POST', body: { query: text } },
      options,
    );
    // 204: an empty query has no answer, as in Skydive.
    const value = response.status === 204 ? null : await response.json();
    const cut = response.headers.get(TOPOLOGY_CUT_HEADER);
    return cut ? { value, cut } : { value };
  }

  async entityTopology(
    entityRef: string,
    options?: TopologyRequestOptions,
  ): Promise<EntityTopology> {
    const path = entityPath(entityRef);
    return this.#get(`/entities/${path}/graph`, options);
  }

  async node(
    key: string,
    options?: TopologyRequestOptions,
  ): Promise<NodeDetails> {
    return this.#get(`/node?${new URLSearchParams({ key })}`, options);
  }

  /** `limit`: nodes per relation and direction, at most 100. */
  async neighbours(
    key: string,
    options?: TopologyRequestOptions & { limit?: number },
  ): Promise<NodeNeighbours> {
    const search = new URLSearchParams({ key });
    if (options?.limit !== undefined) {
      search.set('limit', String(options.limit));
    }
    return this.#get(`/neighbours?${search}`, options);
  }

  async explanation(
    key: string,
    options?: TopologyRequestOptions,
  ): Promise<Explanation> {
    return this.#get(`/explanation?${new URLSearchParams({ key })}`, options);
  }

  /** Starts a restart, or plans it with `dryRun`; follow it with `restartRun`. */
  async restart(
    request: RestartRequest,
    options?: TopologyRequestOptions,
  ): Promise<RestartRun> {
    const response = await this.#request(
      '/restarts',
      { method: 'POST', body: request },
      options,
    );
    return response.json();
  }

  async restartRun(
    id: string,
    options?: TopologyRequestOptions,
  ): Promise<RestartRun> {
    return this.#get(`/restarts/${encodeURIComponent(id)}`, options);
  }

  /** A page of the search index's documents. */
  async documents(
    page: { after?: number; limit?: number },
    options?: TopologyRequestOptions,
  ): Promise<TopologyDocumentPage> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(page)) {
      if (value !== undefined) {
        search.set(name, String(value));
      }
    }
    return this.#get(`/documents?${search}`, options);
  }

  async #get<T>(path: string, options?: TopologyRequestOptions): Promise<T> {
    const response = await this.#request(path, { method: 'GET' }, options);
    return response.json();
  }

  async #request(
    path: string,
    request: { method: 'GET' | 'POST'; body?: unknown },
    options: TopologyRequestOptions | undefined,
  ): Promise<Response> {
    const baseUrl = await this.#discoveryApi.getBaseUrl(PLUGIN_ID);
    const headers: Record<string, string> = {};
    if (request.body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    if (options?.token) {
      headers.Authorization = `Bearer ${options.token}`;
    }
    const response = await this.#fetch(`${baseUrl}${path}`, {
      method: request.method,
      headers,
      body:
        request.body === undefined ? undefined : JSON.stringify(request.body),
      signal: options?.signal,
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

/**
 * `kind/namespace/name` of an entity reference. The catalog model's own parser would bring a JSON schema validator
 * along: a fifth of a second on every call of the command line.
 */
function entityPath(entityRef: string): string {
  const match = /^([^:/]+):(?:([^:/]+)\/)?([^:/]+)$/.exec(entityRef);
  if (!match) {
    throw new InputError(
      `"${entityRef}" is no entity reference like component:default/name`,
    );
  }
  const [, kind, namespace = 'default', name] = match;
  return [kind, namespace, name]
    .map(part => encodeURIComponent(part.toLocaleLowerCase('en-US')))
    .join('/');
}
