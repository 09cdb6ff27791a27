import { InputError, ResponseError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { LiveEvent, liveEvents } from './liveEvents';
import {
  ClusterHealth,
  ClusterStatus,
  EntityTopology,
  Explanation,
  Favourite,
  FavouriteRequest,
  Impact,
  IncidentRecord,
  Incidents,
  KindSummary,
  NodeDetails,
  NodeHistory,
  NodeNeighbours,
  NodePage,
  QUERY_FORMS,
  QueryForm,
  RestartRequest,
  RestartRun,
  StatusLevel,
  TOPOLOGY_CUT_HEADER,
  TOPOLOGY_HINT_HEADER,
  TopologyDiff,
  TopologyDocumentPage,
  PlaceTopology,
  TopologyOverview,
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

/**
 * A time as the API takes it: milliseconds since the epoch, ISO 8601 (`2026-01-02T15:04:05Z`), or how long ago (`-10m`).
 */
export type TopologyTime = number | string;

/** Left out, the answer is of now. */
export interface TopologyTimeOptions extends TopologyRequestOptions {
  at?: TopologyTime;
}

/** Which page; `cursor` is `nextCursor` of the page before, with the same other parameters. */
export interface TopologyPageOptions extends TopologyRequestOptions {
  limit?: number;
  cursor?: string;
}

/** Which objects; what is left out does not narrow. */
export interface NodeSearch {
  cluster?: string;
  /** Empty: objects that are in none. */
  namespace?: string;
  /** As in keys: `Pod`, `Deployment.apps`. */
  kind?: readonly string[];
  level?: readonly StatusLevel[];
  /** As `kubectl -l` takes it. */
  labelSelector?: string;
}

/** The value of a query in Skydive's result form. */
export interface QueryAnswer {
  value: JsonValue;
  /** Set when a bound cut the answer: which, in words. */
  cut?: string;
  /** Set when nothing was found and a word of the query is probably misspelt: which, in words. */
  hint?: string;
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

  /** The kinds of objects that the clusters, or one of them, have. */
  async kinds(
    options?: TopologyRequestOptions & { cluster?: string },
  ): Promise<KindSummary[]> {
    return this.#get(
      `/kinds${searchText({ cluster: options?.cluster }, '?')}`,
      options,
    );
  }

  /** Runs a query in Skydive's Gremlin dialect; a faulty one rejects with status 400, line and column in the message. */
  async query(
    text: string,
    options?: TopologyTimeOptions,
  ): Promise<QueryAnswer> {
    const response = await this.#request(
      '/query',
      { method: 'POST', body: queryBody(text, options) },
      options,
    );
    // 204: an empty query has no answer, as in Skydive.
    const value = response.status === 204 ? null : await response.json();
    return { value, ...remarksOf(response) };
  }

  /**
   * The answer to a query and then what changes in it, until the signal is aborted or the portal ends it: then go on
   * with the last event's revision as `since`.
   */
  async *live(
    text: string,
    options?: TopologyRequestOptions & { since?: number },
  ): AsyncGenerator<LiveEvent, void, undefined> {
    const search = new URLSearchParams({ query: text });
    if (options?.since !== undefined) {
      search.set('since', String(options.since));
    }
    const response = await this.#request(
      `/live?${search}`,
      { method: 'GET' },
      options,
    );
    yield* liveEvents(response);
  }

  /** A query's answer as text; rejects with status 406 when it has no such form, as a number has none as a graph. */
  async queryAs(
    form: QueryForm,
    text: string,
    options?: TopologyTimeOptions,
  ): Promise<{ text: string; cut?: string; hint?: string }> {
    const response = await this.#request(
      '/query',
      {
        method: 'POST',
        body: queryBody(text, options),
        accept: QUERY_FORMS[form],
      },
      options,
    );
    return { text: await response.text(), ...remarksOf(response) };
  }

  async entityTopology(
    entityRef: string,
    options?: TopologyTimeOptions,
  ): Promise<EntityTopology> {
    const path = entityPath(entityRef);
    return this.#get(
      `/entities/${path}/graph${searchText({ at: options?.at }, '?')}`,
      options,
    );
  }

  /** Objects in an order that stays, at most 1000 a page. */
  async nodes(
    which: NodeSearch,
    options?: TopologyPageOptions,
  ): Promise<NodePage> {
    return this.#get(
      `/nodes${searchText(
        { ...which, limit: options?.limit, cursor: options?.cursor },
        '?',
      )}`,
      options,
    );
  }

  async node(key: string, options?: TopologyTimeOptions): Promise<NodeDetails> {
    return this.#get(`/node?${searchText({ key, at: options?.at })}`, options);
  }

  /** `limit`: nodes per relation and direction, at most 100. */
  async neighbours(
    key: string,
    options?: TopologyTimeOptions & { limit?: number },
  ): Promise<NodeNeighbours> {
    const { limit, at } = options ?? {};
    return this.#get(`/neighbours?${searchText({ key, limit, at })}`, options);
  }

  /** What an object is in or controlled by, the nearest first; all pages show the moment of the first. */
  async ancestors(
    key: string,
    options?: TopologyPageOptions & TopologyTimeOptions & { depth?: number },
  ): Promise<NodePage> {
    return this.#get(`/ancestors?${lineageSearch(key, options)}`, options);
  }

  /** What an object contains or controls, the nearest first; all pages show the moment of the first. */
  async descendants(
    key: string,
    options?: TopologyPageOptions & TopologyTimeOptions & { depth?: number },
  ): Promise<NodePage> {
    return this.#get(`/descendants?${lineageSearch(key, options)}`, options);
  }

  /** How an object was, version by version, the newest first. */
  async history(
    key: string,
    options?: TopologyPageOptions & { from?: TopologyTime; to?: TopologyTime },
  ): Promise<NodeHistory> {
    const { from, to, limit, cursor } = options ?? {};
    return this.#get(
      `/history?${searchText({ key, from, to, limit, cursor })}`,
      options,
    );
  }

  /** What changed between two times, in a query's answer or in the whole topology; `to` left out is now. */
  async diff(
    between: { from: TopologyTime; to?: TopologyTime; query?: string },
    options?: TopologyRequestOptions,
  ): Promise<TopologyDiff> {
    return this.#get(`/diff?${searchText(between)}`, options);
  }

  async explanation(
    key: string,
    options?: TopologyRequestOptions,
  ): Promise<Explanation> {
    return this.#get(`/explanation?${searchText({ key })}`, options);
  }

  /** What is in trouble, by what it starts from: everywhere, in a cluster, a namespace, or behind an entity. */
  async incidents(
    where: { cluster?: string; namespace?: string; entityRef?: string },
    options?: TopologyRequestOptions & { limit?: number },
  ): Promise<Incidents> {
    return this.#get(
      `/incidents${searchText({ ...where, limit: options?.limit }, '?')}`,
      options,
    );
  }

  /** Incidents from when they opened until they were resolved, the newest change first. */
  async incidentLog(
    query: {
      cluster?: string;
      since?: TopologyTime;
      open?: boolean;
      limit?: number;
    } = {},
    options?: TopologyRequestOptions,
  ): Promise<IncidentRecord[]> {
    return this.#get(`/incidents/log${searchText(query, '?')}`, options);
  }

  /** How many objects of which level each namespace holds. */
  async overview(
    query: { cluster?: string } = {},
    options?: TopologyRequestOptions,
  ): Promise<TopologyOverview> {
    return this.#get(`/overview${searchText(query, '?')}`, options);
  }

  /** The graph of a namespace; of `''`, what is in none. */
  async placeTopology(
    place: { cluster: string; namespace: string },
    options?: TopologyTimeOptions,
  ): Promise<PlaceTopology> {
    return this.#get(
      `/place?${searchText({ ...place, at: options?.at })}`,
      options,
    );
  }

  /** What breaks if an object goes, the gravest first. */
  async impact(
    key: string,
    options?: TopologyTimeOptions & { limit?: number },
  ): Promise<Impact> {
    const { limit, at } = options ?? {};
    return this.#get(`/impact?${searchText({ key, limit, at })}`, options);
  }

  /** The built-in favourites, the shared ones and the caller's own. */
  async favourites(options?: TopologyRequestOptions): Promise<Favourite[]> {
    return this.#get('/favourites', options);
  }

  /** Rejects with status 409 when the caller has one of that name, 400 when its query is faulty. */
  async addFavourite(
    favourite: FavouriteRequest,
    options?: TopologyRequestOptions,
  ): Promise<Favourite> {
    const response = await this.#request(
      '/favourites',
      { method: 'POST', body: favourite },
      options,
    );
    return response.json();
  }

  /** Rejects with status 403 when it is another's. */
  async changeFavourite(
    id: string,
    favourite: FavouriteRequest,
    options?: TopologyRequestOptions,
  ): Promise<Favourite> {
    const response = await this.#request(
      `/favourites/${encodeURIComponent(id)}`,
      { method: 'PUT', body: favourite },
      options,
    );
    return response.json();
  }

  /** Rejects with status 403 when it is another's. */
  async removeFavourite(
    id: string,
    options?: TopologyRequestOptions,
  ): Promise<void> {
    await this.#request(
      `/favourites/${encodeURIComponent(id)}`,
      { method: 'DELETE' },
      options,
    );
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
    return this.#get(`/documents?${searchText(page)}`, options);
  }

  async #get<T>(path: string, options?: TopologyRequestOptions): Promise<T> {
    const response = await this.#request(path, { method: 'GET' }, options);
    return response.json();
  }

  async #request(
    path: string,
    request: {
      method: 'GET' | 'POST' | 'PUT' | 'DELETE';
      body?: unknown;
      accept?: string;
    },
    options: TopologyRequestOptions | undefined,
  ): Promise<Response> {
    const baseUrl = await this.#discoveryApi.getBaseUrl(PLUGIN_ID);
    const headers: Record<string, string> = {};
    if (request.body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    if (request.accept) {
      headers.Accept = request.accept;
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

function queryBody(query: string, options: TopologyTimeOptions | undefined) {
  const { at } = options ?? {};
  return { query, ...(at !== undefined && { at: String(at) }) };
}

function lineageSearch(
  key: string,
  options:
    | (TopologyPageOptions & { depth?: number; at?: TopologyTime })
    | undefined,
): string {
  const { depth, limit, at, cursor } = options ?? {};
  return searchText({ key, depth, limit, at, cursor });
}

/** What is undefined is left out; a list names its parameter several times. */
function searchText(parameters: object, before: '?' | '' = ''): string {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const each of values) {
      if (each !== undefined) {
        found.append(name, String(each));
      }
    }
  }
  const text = found.toString();
  return text === '' ? '' : `${before}${text}`;
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

/** What is said beside the answer to a query. */
function remarksOf({ headers }: Response): Pick<QueryAnswer, 'cut' | 'hint'> {
  const cut = headers.get(TOPOLOGY_CUT_HEADER);
  const hint = headers.get(TOPOLOGY_HINT_HEADER);
  return { ...(cut && { cut }), ...(hint && { hint }) };
}
