import http, { IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface ScriptedObject {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    resourceVersion: string;
  };
  data?: Record<string, string>;
}

interface LoggedEvent {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: ScriptedObject;
}

/** Answers a request instead of the server; returns false to leave it to the server. */
export type Fault = (
  request: {
    path: string;
    query: URLSearchParams;
    headers: http.IncomingHttpHeaders;
  },
  response: ServerResponse,
) => boolean;

/**
 * One kind behind the list and watch of a Kubernetes API server, with every misbehaviour at a test's fingertips: it sends
 * wrong bytes on purpose, which the cluster simulator does not.
 */
export class ScriptedApiServer {
  readonly requests: { path: string; query: URLSearchParams }[] = [];
  /** Asked first, in order; one that returns true has answered. */
  faults: Fault[] = [];
  revision = 100;
  readonly #objects = new Map<string, ScriptedObject>();
  #log: LoggedEvent[] = [];
  #compactedAt = 0;
  #uids = 0;
  readonly #snapshots = new Map<string, ScriptedObject[]>();
  readonly #watches = new Set<{
    send(line: string): void;
    response: ServerResponse;
  }>();
  readonly #sockets = new Set<Socket>();
  #server: http.Server | undefined;
  #port = 0;
  #isFrozen = false;

  static async start(): Promise<ScriptedApiServer> {
    const server = new ScriptedApiServer();
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  /** uid and resource version by name. */
  state(): Record<string, string> {
    return Object.fromEntries(
      [...this.#objects.values()].map(({ metadata }) => [
        metadata.name,
        `${metadata.uid}@${metadata.resourceVersion}`,
      ]),
    );
  }

  async listen(): Promise<void> {
    const server = http.createServer((request, response) =>
      this.#answer(request, response),
    );
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>(resolve =>
      server.listen(this.#port, '127.0.0.1', resolve),
    );
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Goes away: connections break, new ones are refused. `listen` brings it back on the same port. */
  async goAway(): Promise<void> {
    const closed = new Promise(resolve => this.#server?.close(resolve));
    this.#sockets.forEach(socket => socket.destroy());
    await closed;
  }

  put(name: string, data?: Record<string, string>): void {
    const before = this.#objects.get(name);
    const uid = before?.metadata.uid ?? `uid-${++this.#uids}`;
    this.revision++;
    const metadata = {
      namespace: 'default',
      name,
      uid,
      resourceVersion: String(this.revision),
    };
    const object = { metadata, ...(data && { data }) };
    this.#objects.set(name, object);
    this.#record(before ? 'MODIFIED' : 'ADDED', object);
  }

  delete(name: string): void {
    const { metadata } = this.#objects.get(name)!;
    this.revision++;
    this.#objects.delete(name);
    const resourceVersion = String(this.revision);
    this.#record('DELETED', { metadata: { ...metadata, resourceVersion } });
  }

  /** Forgets everything older than now: continue tokens and resource versions. */
  compact(): void {
    this.#log = [];
    this.#compactedAt = this.revision;
    this.#snapshots.clear();
  }

  /** Comes back with an older state, as after a restore of etcd. */
  setBack(revision: number, names: readonly string[]): void {
    this.compact();
    this.revision = revision;
    this.#compactedAt = revision;
    for (const name of [...this.#objects.keys()]) {
      if (!names.includes(name)) {
        this.#objects.delete(name);
      }
    }
    for (const { metadata } of this.#objects.values()) {
      metadata.resourceVersion = String(revision);
    }
  }

  bookmark(): void {
    const metadata = { resourceVersion: String(this.revision) };
    this.sendRaw(
      `${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`,
    );
  }

  sendRaw(text: string): void {
    this.#watches.forEach(watch => watch.send(text));
  }

  /** Repeats logged events to all watches. */
  repeat(sinceRevision: number): void {
    this.#log
      .filter(({ revision }) => revision > sinceRevision)
      .forEach(event => this.sendRaw(line(event)));
  }

  /** Watches stay open and say nothing, as on an API server that is stopping. */
  freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen;
  }

  endWatches(how: 'in order' | 'broken' | 'within an event'): void {
    for (const watch of this.#watches) {
      const { response } = watch;
      this.#watches.delete(watch);
      if (how === 'within an event') {
        response.write('{"type":"ADDED","object":{"meta');
      }
      if (how === 'broken') {
        response.socket?.destroy();
      } else {
        response.end();
      }
    }
  }

  #record(type: LoggedEvent['type'], object: ScriptedObject): void {
    const event = { revision: this.revision, type, object };
    this.#log.push(event);
    if (!this.#isFrozen) {
      this.sendRaw(line(event));
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://localhost');
    const asked = {
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
    };
    this.requests.push(asked);
    if (this.faults.some(fault => fault(asked, response))) {
      return;
    }
    if (asked.query.get('watch') === 'true') {
      this.#watch(asked.query, response);
    } else if (asked.path.endsWith('/configmaps')) {
      this.#list(asked.query, response, request);
    } else {
      send(response, 200, { kind: 'Info' });
    }
  }

  #list(
    query: URLSearchParams,
    response: ServerResponse,
    request: IncomingMessage,
  ): void {
    const limit = Number(query.get('limit')) || Infinity;
    const token = query.get('continue');
    const [revision, offset] = token
      ? token.split('.').map(Number)
      : [this.revision, 0];
    if (!token) {
      this.#snapshots.set(String(revision), this.#sorted());
    }
    const snapshot = this.#snapshots.get(String(revision));
    if (!snapshot) {
      this.#snapshots.set(String(this.revision), this.#sorted());
      sendStatus(response, 410, 'Expired', {
        metadata: { continue: `${this.revision}.${offset}` },
      });
      return;
    }
    const end = offset + limit;
    const body = JSON.stringify({
      kind: 'PartialObjectMetadataList',
      metadata: {
        resourceVersion: String(revision),
        ...(end < snapshot.length && { continue: `${revision}.${end}` }),
      },
      items: snapshot.slice(offset, end),
    });
    if (request.headers['accept-encoding'] === 'gzip') {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(body));
    } else {
      response.end(body);
    }
  }

  #watch(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < this.#compactedAt) {
      const object = { kind: 'Status', code: 410, message: 'too old' };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    // From the future: silent until the revision exists.
    const watch = {
      response,
      send: (text: string) => {
        if (this.revision >= from) {
          response.write(text);
        }
      },
    };
    this.#log
      .filter(({ revision }) => revision > from)
      .forEach(event => response.write(line(event)));
    this.#watches.add(watch);
    const timer = setTimeout(
      () => !this.#isFrozen && response.end(),
      Number(query.get('timeoutSeconds')) * 1000,
    );
    response.on('close', () => {
      clearTimeout(timer);
      this.#watches.delete(watch);
    });
  }

  #sorted(): ScriptedObject[] {
    return [...this.#objects.keys()]
      .sort()
      .map(name => structuredClone(this.#objects.get(name)!));
  }
}

function line({ type, object }: LoggedEvent): string {
  return `${JSON.stringify({
    type,
    object: { kind: 'PartialObjectMetadata', ...object },
  })}\n`;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

export function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  more: object = {},
): void {
  send(response, code, {
    kind: 'Status',
    status: 'Failure',
    code,
    message,
    ...more,
  });
}
