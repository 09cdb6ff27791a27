import { KindId } from '../kinds/identity';
import { KindDefinition, KubernetesObject } from '../kinds/kindDefinition';
import { ApiClient, asApiError } from './apiClient';
import { ApiError } from './apiError';
import { cutLastApplied, cutManagedFields } from './cutManagedFields';
import { Lines } from './lines';
import { parseJson } from './parseJson';

/** One page of a list; all pages of a list have the resource version of the first one. */
export interface ListPage {
  resourceVersion: string;
  /** Names the next page; absent on the last one. */
  continueToken?: string;
  /** Objects on the pages after this one, where the server says so. */
  remaining?: number;
  items: KubernetesObject[];
}

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubernetesObject }
  | {
      type: 'BOOKMARK';
      resourceVersion: string;
      /** All objects that were there at the start of a streamed list have come. */
      endsInitialEvents?: boolean;
    };

/** How a kind is asked for; `metadataOnly` keeps values out of the process. */
export type ListedKind = Pick<
  KindDefinition,
  'id' | 'version' | 'plural' | 'metadataOnly' | 'keepsManagedFields'
>;

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
const METADATA_LIST =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const METADATA_WATCH =
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** `/api/v1/pods`, `/apis/apps/v1/namespaces/shop/deployments`. */
export function kindPath(kind: ListedKind, namespace?: string): string {
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${groupVersionPath(kind.id, kind.version)}${place}/${kind.plural}`;
}

/** `/api/v1`, `/apis/apps/v1`. */
function groupVersionPath(id: KindId, version: string): string {
  return id.group === '' ? `/api/${version}` : `/apis/${id.group}/${version}`;
}

/**
 * Asks for one page. Never sends `resourceVersion=0`, for which the server ignores the limit (`apiserver.md`), so that
 * the pages are one consistent snapshot.
 */
export async function listPage(
  client: ApiClient,
  kind: ListedKind,
  options: {
    /** Default: the whole cluster. */
    namespace?: string;
    limit: number;
    continueToken?: string;
    signal: AbortSignal;
  },
): Promise<ListPage> {
  const what = requestText('list', kind, options.namespace);
  const body = await client.get({
    what,
    path: kindPath(kind, options.namespace),
    query: { limit: options.limit, continue: options.continueToken },
    accept: kind.metadataOnly ? METADATA_LIST : undefined,
    signal: options.signal,
  });
  refuseValues(kind, body, what);
  const list = parse(kind, body, what);
  const resourceVersion = list.metadata?.resourceVersion;
  // An empty list is `null` where a client in Go wrote it.
  const items = list.items ?? [];
  if (typeof resourceVersion !== 'string' || !Array.isArray(items)) {
    throw malformed(what, 'the answer is no list');
  }
  return {
    resourceVersion,
    continueToken: list.metadata.continue || undefined,
    remaining: list.metadata.remainingItemCount,
    items,
  };
}

/** `list pods in namespace 'shop'`. */
export function requestText(
  verb: string,
  kind: ListedKind,
  namespace?: string,
): string {
  const where = namespace === undefined ? '' : ` in namespace '${namespace}'`;
  return `${verb} ${kind.plural}${where}`;
}

/**
 * Watches from a resource version, or, without one, from a streamed list: an `ADDED` for each object that is there and
 * a bookmark that says that these were all. Yields nothing (`[]`) once the stream is open, then what each chunk
 * completes. Ends when the server ends the stream in good order; throws `ApiError` when it breaks off, and with the
 * reason `gone` when the version is too old, whether the server says so by status 410 or by an `ERROR` event.
 */
export async function* watchKind(
  client: ApiClient,
  kind: ListedKind,
  options: {
    /** Default: the whole cluster. */
    namespace?: string;
    resourceVersion: string | undefined;
    timeoutSeconds: number;
    signal: AbortSignal;
  },
): AsyncGenerator<WatchEvent[], void> {
  const { namespace, resourceVersion } = options;
  const what = requestText('watch', kind, namespace);
  const answer = await client.stream({
    what,
    path: kindPath(kind, namespace),
    query: {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      ...(resourceVersion === undefined && {
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
      }),
      timeoutSeconds: options.timeoutSeconds,
    },
    accept: kind.metadataOnly ? METADATA_WATCH : undefined,
    signal: options.signal,
  });
  const lines = new Lines(what);
  try {
    yield [];
    for await (const chunk of answer) {
      const events = lines.add(chunk).map(line => watchEvent(kind, line, what));
      if (events.length > 0) {
        yield events;
      }
    }
  } catch (error) {
    throw asApiError({ what, signal: options.signal }, error);
  } finally {
    answer.destroy();
  }
  if (!lines.isEmpty()) {
    throw new ApiError(
      'unreachable',
      `Could not ${what}: the stream ended within an event.`,
    );
  }
}

function watchEvent(kind: ListedKind, line: Buffer, what: string): WatchEvent {
  const start = line.subarray(0, 32);
  if (!start.includes('"ERROR"') && !start.includes('"BOOKMARK"')) {
    refuseValues(kind, line, what);
  }
  const { type, object } = parse(kind, line, what);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      if (typeof object?.metadata?.name === 'string') {
        return { type, object };
      }
      break;
    case 'BOOKMARK':
      if (typeof object?.metadata?.resourceVersion === 'string') {
        const { resourceVersion, annotations } = object.metadata;
        return annotations?.[INITIAL_EVENTS_END] === 'true'
          ? { type, resourceVersion, endsInitialEvents: true }
          : { type, resourceVersion };
      }
      break;
    case 'ERROR':
      throw ApiError.fromAnswer(
        what,
        Number(object?.code) || 500,
        JSON.stringify(object),
      );
    default:
  }
  throw malformed(what, `the stream holds an event that is none`);
}

/** Parses what is left of an answer after the cut. Metadata keeps its managedFields: they hold the key names. */
function parse(
  kind: ListedKind,
  body: Buffer,
  what: string,
): { [field: string]: any } {
  const applied = cutLastApplied(body);
  const text =
    kind.metadataOnly || kind.keepsManagedFields
      ? applied
      : cutManagedFields(applied);
  let value: unknown;
  try {
    value = parseJson(text.toString());
  } catch {
    // The parser's message quotes the text.
    throw malformed(what, 'the answer is not valid JSON');
  }
  if (value === null || typeof value !== 'object') {
    throw malformed(what, 'the answer is no object');
  }
  return value;
}

/** A server that does not know PartialObjectMetadata sends the whole object: then nothing of it is even parsed. */
function refuseValues(kind: ListedKind, body: Buffer, what: string): void {
  if (kind.metadataOnly && !body.includes('"PartialObjectMetadata')) {
    throw malformed(
      what,
      'the server does not answer with metadata only, and values are never read',
    );
  }
}

function malformed(what: string, why: string): ApiError {
  return new ApiError(
    'malformed',
    `Could not ${what}: ${why}. Check that the cluster's address is a Kubernetes API server and that no proxy alters its answers.`,
  );
}
