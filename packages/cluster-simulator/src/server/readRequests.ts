import { ResourceType } from '../resources/resourceType';
import { Storage } from '../storage/storage';
import { Exchange } from './exchange';
import {
  forbidden,
  listPage,
  parseNumber,
  parseResourceVersion,
} from './listPage';
import { objectFilter } from './objectFilter';
import { documentOf, listItem, listKind, negotiate } from './representation';
import { RequestInfo, ResourceTarget } from './requestInfo';
import { StatusError } from './statusError';
import { WatchRequest } from './watchStream';

/** How the server answers a watch that asks for initial events (WatchList). */
export type WatchListSupport =
  /** 422, as 1.31 does by default. */
  | 'off'
  /** With the feature gate and a recent etcd. */
  | 'on'
  /** With the feature gate and an old etcd: 200, then an ERROR event of code 500. */
  | 'oldEtcd';

export type Targeted = RequestInfo & { target: ResourceTarget };

const COMMA = Buffer.from(',');
const NEWLINE = Buffer.from('\n');
const LIST_END = Buffer.from(']}\n');
const PROGRESS_DISABLED = new StatusError(
  500,
  'InternalError',
  'Internal error occurred: required storage feature RequestWatchProgress is disabled',
);
/** The real server ends a watch without `timeoutSeconds` after 30 to 60 minutes. */
const SHORTEST_WATCH_MILLISECONDS = 30 * 60 * 1000;

export async function answerGet(
  storage: Storage,
  type: ResourceType,
  { target, query }: Targeted,
  exchange: Exchange,
): Promise<void> {
  const representation = negotiate(exchange.request.headers.accept, 'object');
  const asked = parseResourceVersion(query);
  if (asked !== undefined && asked > storage.revision) {
    throw StatusError.tooLargeResourceVersion(asked, storage.revision);
  }
  const stored = storage.get(type, target.namespace, target.name);
  if (!stored) {
    throw StatusError.notFound(type, target.name);
  }
  await exchange.sendBytes(200, [
    documentOf(stored, type, representation),
    NEWLINE,
  ]);
}

export async function answerList(
  storage: Storage,
  type: ResourceType,
  { target, query }: Targeted,
  exchange: Exchange,
): Promise<void> {
  const representation = negotiate(exchange.request.headers.accept, 'list');
  const filter = objectFilter(target, type, query);
  const page = listPage(storage, type, filter, query);
  const head = JSON.stringify({
    ...listKind(type, representation),
    metadata: {
      resourceVersion: String(page.resourceVersion),
      continue: page.continue,
      remainingItemCount: page.remainingItemCount,
    },
  });
  const pieces = [Buffer.from(`${head.slice(0, -1)},"items":[`)];
  page.items.forEach((item, index) => {
    if (index > 0) {
      pieces.push(COMMA);
    }
    pieces.push(listItem(item, type, representation));
  });
  pieces.push(LIST_END);
  await exchange.sendBytes(200, pieces);
}

/** @param random in [0, 1), spreads the ends of watches that give no timeout */
export function readWatchRequest(
  type: ResourceType,
  { target, query }: Targeted,
  accept: string | undefined,
  watchList: WatchListSupport,
  random: () => number,
): WatchRequest {
  const sendInitialEvents = query.get('sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  if (sendInitialEvents !== null) {
    if (watchList === 'off') {
      throw forbidden(
        'sendInitialEvents',
        'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      );
    }
    if (match !== 'NotOlderThan') {
      throw forbidden(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    }
  } else if (match !== '') {
    throw forbidden(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
  const initial = sendInitialEvents === 'true';
  const allowBookmarks = ['true', '1'].includes(
    query.get('allowWatchBookmarks') ?? '',
  );
  const timeoutSeconds = parseNumber(
    query.get('timeoutSeconds'),
    'timeoutSeconds',
  );
  return {
    type,
    filter: objectFilter(target, type, query),
    representation: negotiate(accept, 'object'),
    resourceVersion: initial ? undefined : parseResourceVersion(query),
    allowBookmarks,
    markInitialEventsEnd: initial && allowBookmarks,
    failure: initial && watchList === 'oldEtcd' ? PROGRESS_DISABLED : undefined,
    timeoutMilliseconds: timeoutSeconds
      ? timeoutSeconds * 1000
      : SHORTEST_WATCH_MILLISECONDS * (1 + random()),
  };
}
