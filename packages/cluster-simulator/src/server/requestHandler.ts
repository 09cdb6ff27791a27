import { Clock } from '../clock';
import { Faults } from '../faults/faults';
import { FaultAction } from '../faults/faultRule';
import { ResourceType } from '../resources/resourceType';
import { TypeRegistry } from '../resources/typeRegistry';
import { Storage } from '../storage/storage';
import { Access, TokenGrant } from './access';
import {
  askedVersion,
  contentTypeOf,
  discoverAll,
} from './aggregatedDiscovery';
import { discover, DiscoveryOptions, versionOf } from './discovery';
import { Exchange } from './exchange';
import {
  answerGet,
  answerList,
  readWatchRequest,
  Targeted,
  WatchListSupport,
} from './readRequests';
import { parseRequest, RequestInfo } from './requestInfo';
import { RequestLog } from './requestLog';
import { isUnavailable, servedGroups } from './servedGroups';
import { StatusError } from './statusError';
import { reviewAccess, reviewRules } from './selfReviews';
import { BookmarkPolicy, WatchStream } from './watchStream';
import { WriteRequests } from './writeRequests';

export interface RequestHandlerParts {
  storage: Storage;
  writes: WriteRequests;
  types: TypeRegistry;
  access: Access;
  faults: Faults;
  log: RequestLog;
  clock: Clock;
  bookmarks: BookmarkPolicy;
  watchList: WatchListSupport;
  discovery: DiscoveryOptions;
  random: () => number;
  /** Open watches, held for the faults. */
  watches: Set<WatchStream>;
}

/** What the aggregator says of an API whose server does not answer. */
const UNAVAILABLE = 'service unavailable\n';

/** Takes each request through log, faults, authentication and authorization to its answer. */
export class RequestHandler {
  readonly #parts: RequestHandlerParts;

  constructor(parts: RequestHandlerParts) {
    this.#parts = parts;
  }

  async handle(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const info = parseRequest(request.method ?? 'GET', request.url ?? '/');
    try {
      const grant = this.#authenticate(exchange, info);
      if ((await this.#suffer(exchange, info)) === 'answered') {
        return;
      }
      this.#parts.access.authorize(grant, info);
      await this.#route(exchange, info, grant);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      await exchange.sendStatus(
        error instanceof StatusError
          ? error
          : new StatusError(
              500,
              'InternalError',
              `Internal error occurred: ${(error as Error).message}`,
            ),
      );
    }
  }

  #authenticate(
    { request, response }: Exchange,
    info: RequestInfo,
  ): TokenGrant {
    const { log, clock, access } = this.#parts;
    const entry = {
      at: clock.now(),
      method: request.method ?? '',
      url: request.url ?? '',
      verb: info.verb,
      group: info.target?.group ?? '',
      resource: info.target?.resource ?? '',
      subresource: info.target?.subresource ?? '',
      namespace: info.target?.namespace ?? '',
      name: info.target?.name ?? '',
      user: '',
      accept: request.headers.accept ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      status: undefined as number | undefined,
    };
    log.add(entry);
    const note = () => {
      entry.status = response.headersSent ? response.statusCode : undefined;
    };
    response.on('finish', note).on('close', note);
    const grant = access.authenticate(request.headers.authorization);
    entry.user = grant.user;
    return grant;
  }

  /** Lets the scripted faults have their way. */
  async #suffer(
    exchange: Exchange,
    info: RequestInfo,
  ): Promise<'answered' | 'goOn'> {
    for (const action of this.#parts.faults.actionsFor(info)) {
      switch (action.kind) {
        case 'delay':
          await new Promise<void>(resolve => {
            this.#parts.clock.after(action.milliseconds, resolve);
          });
          break;
        case 'truncate':
          exchange.truncation = action;
          break;
        case 'replay':
          exchange.replay = action;
          break;
        case 'hang':
          return 'answered';
        case 'reset':
          exchange.response.destroy();
          return 'answered';
        case 'errorEvent':
          exchange.response.writeHead(200, {
            'Content-Type': 'application/json',
          });
          exchange.response.end(
            `${JSON.stringify({
              type: 'ERROR',
              object: faultStatus(action).status,
            })}\n`,
          );
          return 'answered';
        default:
          throw faultStatus(action);
      }
    }
    return 'goOn';
  }

  async #route(
    exchange: Exchange,
    info: RequestInfo,
    grant: TokenGrant,
  ): Promise<void> {
    if (!info.target) {
      await this.#answerPath(exchange, info);
      return;
    }
    const { group, version, resource } = info.target;
    if (group === 'authorization.k8s.io' && info.verb === 'create') {
      const review =
        resource === 'selfsubjectrulesreviews' ? reviewRules : reviewAccess;
      await exchange.sendJson(201, review(grant, await exchange.json()));
      return;
    }
    if (isUnavailable(this.#parts.storage, group, version)) {
      exchange.sendText(503, UNAVAILABLE);
      return;
    }
    const type = this.#parts.types.atPath(group, version, resource);
    if (!type) {
      exchange.sendText(404, '404 page not found\n');
      return;
    }
    await this.#answerResource(
      exchange,
      { ...info, target: info.target },
      type,
    );
  }

  async #answerResource(
    exchange: Exchange,
    info: Targeted,
    type: ResourceType,
  ): Promise<void> {
    const { storage, writes } = this.#parts;
    const { namespace, subresource } = info.target;
    const served =
      type.namespaced || namespace === ''
        ? subresource === '' ||
          (type.subresources as readonly string[]).includes(subresource)
        : false;
    if (!served) {
      exchange.sendText(404, '404 page not found\n');
      return;
    }
    if (info.verb === 'get' && subresource === 'scale') {
      await writes.answerScale(type, info, exchange);
      return;
    }
    switch (info.verb) {
      case 'get':
        await answerGet(storage, type, info, exchange);
        break;
      case 'list':
        await answerList(storage, type, info, exchange);
        break;
      case 'watch':
        this.#openWatch(exchange, info, type);
        break;
      default:
        if (type.viewOf) {
          throw StatusError.methodNotAllowed();
        }
        await writes.answer(type, info, exchange);
    }
  }

  #openWatch(exchange: Exchange, info: Targeted, type: ResourceType): void {
    const { storage, clock, bookmarks, watchList, random, watches } =
      this.#parts;
    const request = readWatchRequest(
      type,
      info,
      exchange.request.headers.accept,
      watchList,
      random,
    );
    const stream = WatchStream.open(
      storage,
      clock,
      { ...request, replay: exchange.replay },
      exchange.response,
      bookmarks,
    );
    watches.add(stream);
    exchange.response.on('close', () => watches.delete(stream));
  }

  async #answerPath(exchange: Exchange, { path }: RequestInfo): Promise<void> {
    const { discovery } = this.#parts;
    if (path === '/version' || path === '/version/') {
      await exchange.sendJson(200, versionOf(discovery.minorVersion));
    } else if (/^\/(healthz|livez|readyz)(\/.*)?$/.test(path)) {
      exchange.sendText(200, 'ok');
    } else {
      await this.#answerDiscovery(exchange, path);
    }
  }

  async #answerDiscovery(exchange: Exchange, path: string): Promise<void> {
    const { types, storage, discovery } = this.#parts;
    const { headers } = exchange.request;
    const [root, group, version] = path.split('/').filter(part => part !== '');
    const groups = servedGroups(types, storage);
    const asked = discovery.aggregated
      ? askedVersion(headers.accept)
      : undefined;
    if (asked && group === undefined && (root === 'api' || root === 'apis')) {
      const isStale = (name: string, served: string) =>
        isUnavailable(storage, name, served);
      await exchange.sendTagged(
        discoverAll(types, groups, root, asked, isStale),
        contentTypeOf(asked),
      );
      return;
    }
    if (root === 'apis' && version && isUnavailable(storage, group, version)) {
      exchange.sendText(503, UNAVAILABLE);
      return;
    }
    const answer = discover(types, groups, path, headers.host ?? '');
    if (answer) {
      await exchange.sendJson(200, answer);
    } else {
      exchange.sendText(404, '404 page not found\n');
    }
  }
}

const REASONS: Record<number, [reason: string, message: string]> = {
  403: ['Forbidden', 'forbidden'],
  404: ['NotFound', 'the server could not find the requested resource'],
  410: [
    'Expired',
    'The provided continue parameter is too old to display a consistent list result.',
  ],
  429: ['TooManyRequests', 'Too many requests, please try again later.'],
  500: ['InternalError', 'Internal error occurred: etcdserver: leader changed'],
  503: [
    'ServiceUnavailable',
    'the server is currently unable to handle the request',
  ],
  504: [
    'Timeout',
    'Timeout: request did not complete within the allotted timeout',
  ],
};

function faultStatus(
  action: Extract<FaultAction, { kind: 'status' | 'errorEvent' }>,
): StatusError {
  const [reason, message] = REASONS[action.code] ?? ['', 'scripted fault'];
  const retryAfterSeconds =
    action.kind === 'status' ? action.retryAfterSeconds : undefined;
  return new StatusError(
    action.code,
    action.reason ?? reason,
    action.message ?? message,
    retryAfterSeconds === undefined ? undefined : { retryAfterSeconds },
  );
}
