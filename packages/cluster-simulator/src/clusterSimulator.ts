import { Clock, systemClock } from './clock';
import { ControllerManager } from './controllers/controllerManager';
import { ControlPlane } from './controllers/controlPlane';
import { Faults } from './faults/faults';
import { definitionsFirst } from './landscape/readObjects';
import { KubernetesObject } from './objects/kubernetesObject';
import { ResourceType } from './resources/resourceType';
import { TypeRegistry } from './resources/typeRegistry';
import { Access, TokenGrant } from './server/access';
import { HttpServer } from './server/httpServer';
import { WatchListSupport } from './server/readRequests';
import { RequestHandler } from './server/requestHandler';
import { RequestLog } from './server/requestLog';
import { WatchStream } from './server/watchStream';
import { WriteRequests } from './server/writeRequests';
import { Backup, Storage } from './storage/storage';
import { endDefinitionAfter } from './writes/definitionRemoval';
import { DeleteOptions, ObjectRemover } from './writes/objectRemover';
import { ObjectWriter } from './writes/objectWriter';
import { RandomNames } from './writes/randomNames';

export interface ClusterSimulatorOptions {
  /** 0, the default: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** What each bearer token may do. Without it, everybody may do everything, with any token or none. */
  tokens?: Record<string, TokenGrant>;
  /** Loaded before the port opens, as by `load`. */
  objects?: Iterable<KubernetesObject>;
  /** Default false: objects are served as loaded and change only by requests. */
  controllers?: boolean;
  clock?: Clock;
  /** How much faster than default pods start and stop; 1 by default, 2 to 4 s for a pod to be ready. */
  speed?: number;
  /** In [0, 1), for names and timeouts. */
  random?: () => number;
  /** Default 60, as the real server. */
  bookmarkSeconds?: number;
  /** Bookmarks on kinds where nothing happened yet; default false, as without etcd's progress notifications. */
  bookmarksOnQuietKinds?: boolean;
  /** The minor version that it says it is, `1.<minor>`, and whose kinds it serves; default 31. */
  minorVersion?: number;
  /** Default `off` before 1.34, as the real server, and `on` from there. */
  watchList?: WatchListSupport;
  /** Default true; false is a server before 1.26, which has one discovery path for each group version only. */
  aggregatedDiscovery?: boolean;
  /** Changes remembered for each kind; default 5,000. */
  historySize?: number;
  /** Requests remembered in `requests`; default 2,000. */
  requestLogSize?: number;
}

const SYSTEM_NAMESPACES = [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
];
/** Revisions that the first backup skips, and by how many fewer each next one does. */
const SKIPPED = { first: 1_000_000_000, fewer: 100_000 };
const APPLY_MANAGER = 'kubectl-client-side-apply';

/** A Kubernetes API server double: real HTTP, real semantics, no machines behind it. */
export class ClusterSimulator {
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly access: Access;
  readonly #storage: Storage;
  readonly #types: TypeRegistry;
  readonly #clock: Clock;
  readonly #handler: RequestHandler;
  readonly #writer: ObjectWriter;
  readonly #remover: ObjectRemover;
  readonly #plane: ControlPlane;
  #controllers: ControllerManager | undefined;
  readonly #watches = new Set<WatchStream>();
  #skipped = SKIPPED.first;
  #server: HttpServer | undefined;

  static async start(
    options: ClusterSimulatorOptions = {},
  ): Promise<ClusterSimulator> {
    const simulator = new ClusterSimulator(options);
    if (options.controllers) {
      SYSTEM_NAMESPACES.forEach(name => simulator.#ensureNamespace(name));
    }
    simulator.load(options.objects ?? []);
    simulator.#storage.forgetHistory();
    simulator.#server = await HttpServer.listen(
      options.host ?? '127.0.0.1',
      options.port ?? 0,
      exchange => simulator.#handler.handle(exchange),
    );
    if (options.controllers) {
      simulator.#controllers = ControllerManager.start(simulator.#plane);
    }
    return simulator;
  }

  private constructor(options: ClusterSimulatorOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#storage = Storage.create({
      historySize: options.historySize ?? 5000,
      firstRevision: 100,
    });
    const minorVersion = options.minorVersion ?? 31;
    this.#types = TypeRegistry.create(minorVersion);
    const random = options.random ?? Math.random;
    this.#writer = new ObjectWriter(
      this.#storage,
      this.#types,
      this.#clock,
      new RandomNames(random),
    );
    this.#remover = new ObjectRemover(this.#storage, this.#types, this.#clock);
    this.#plane = new ControlPlane({
      clock: this.#clock,
      storage: this.#storage,
      types: this.#types,
      writer: this.#writer,
      remover: this.#remover,
      speed: options.speed ?? 1,
    });
    this.#storage.observe(change =>
      endDefinitionAfter(this.#storage, this.#types, change),
    );
    this.#types.onEnd(type =>
      this.#watches.forEach(watch => watch.endOf(type)),
    );
    this.access = Access.create(options.tokens);
    this.requests = new RequestLog(options.requestLogSize ?? 2000);
    this.faults = new Faults({
      watches: () => this.#watches,
      close: keep => this.#closePort(keep.keepWatches),
      compact: () => this.#storage.compact(),
      forgetHistory: () => this.#storage.forgetHistory(),
      restore: backup => this.#restore(backup),
      sleep: milliseconds =>
        new Promise(resolve => {
          this.#clock.after(milliseconds, resolve);
        }),
    });
    this.#handler = new RequestHandler({
      storage: this.#storage,
      writes: new WriteRequests(this.#storage, this.#writer, this.#remover),
      types: this.#types,
      access: this.access,
      faults: this.faults,
      log: this.requests,
      clock: this.#clock,
      bookmarks: {
        intervalMilliseconds: (options.bookmarkSeconds ?? 60) * 1000,
        onQuietKinds: options.bookmarksOnQuietKinds ?? false,
      },
      watchList: options.watchList ?? (minorVersion < 34 ? 'off' : 'on'),
      discovery: {
        minorVersion,
        aggregated: options.aggregatedDiscovery ?? true,
      },
      random,
      watches: this.#watches,
    });
  }

  get url(): string {
    return this.#server!.url;
  }

  /** The revision of the last write. */
  get resourceVersion(): string {
    return String(this.#storage.revision);
  }

  async stop(): Promise<void> {
    this.#controllers?.stop();
    this.#watches.forEach(watch => watch.cut());
    await this.#server?.close();
  }

  /**
   * Takes objects that have a uid as they are, with their status, giving only their resource versions anew; the
   * others, as in YAML written by hand, as `apply` does.
   */
  load(objects: Iterable<KubernetesObject>): void {
    const ordered = Array.isArray(objects)
      ? definitionsFirst(objects)
      : objects;
    for (const object of ordered) {
      if (!object.metadata.uid) {
        this.apply(object);
        continue;
      }
      if (object.kind === 'CustomResourceDefinition') {
        this.#types.define(object);
      }
      this.#storage.put(this.#types.ofObject(object), object);
    }
  }

  /**
   * Creates the object, or gives an existing one the given fields: labels and annotations are added to, every other
   * field is replaced. Creates its namespace when there is none.
   * @throws {StatusError} what the API server would refuse
   */
  apply(object: KubernetesObject): KubernetesObject {
    const type = this.#types.ofObject(object);
    const { namespace, name, labels, annotations } = object.metadata;
    const { finalizers, ownerReferences } = object.metadata;
    const options = { manager: APPLY_MANAGER };
    if (type.namespaced) {
      this.#ensureNamespace(namespace ?? 'default');
    }
    const given = {
      ...object,
      metadata: {
        ...object.metadata,
        namespace: type.namespaced ? namespace ?? 'default' : undefined,
      },
    };
    if (!this.#storage.get(type, given.metadata.namespace ?? '', name)) {
      return this.#writer.create(type, given, options).object;
    }
    return this.#writer.change(
      type,
      given.metadata.namespace ?? '',
      name,
      options,
      existing => ({
        ...existing,
        ...given,
        metadata: {
          ...existing.metadata,
          ...(finalizers && { finalizers }),
          ...(ownerReferences && { ownerReferences }),
          labels: { ...existing.metadata.labels, ...labels },
          annotations: { ...existing.metadata.annotations, ...annotations },
        },
      }),
    ).object;
  }

  /** @throws {StatusError} as the API server: not found, precondition failed */
  delete(
    kind: string,
    namespace: string,
    name: string,
    options: DeleteOptions = {},
  ): void {
    this.#remover.remove(this.#type(kind), namespace, name, options);
  }

  /** @param kind `Pod`, `pods`, `Deployment.apps`…  @param namespace '' for cluster-scoped objects */
  get(
    kind: string,
    namespace: string,
    name: string,
  ): KubernetesObject | undefined {
    return this.#storage.get(this.#type(kind), namespace, name)?.object;
  }

  /** @param namespace all of them when left out */
  list(kind: string, namespace?: string): KubernetesObject[] {
    return this.#storage
      .table(this.#type(kind))
      .at(this.#storage.revision)
      .filter(
        stored => namespace === undefined || stored.namespace === namespace,
      )
      .map(stored => stored.object);
  }

  /** Nothing changes by itself any more, until `thaw`. */
  freeze(): void {
    this.#controllers?.stop();
    this.#controllers = undefined;
  }

  /** Controllers begin anew with what they find. */
  thaw(): void {
    this.#controllers ??= ControllerManager.start(this.#plane);
  }

  /**
   * What is there now, for `faults.restore`. Revisions are skipped after it, as the rest of a real cluster writes on: a
   * server that was set back is then behind what its clients saw. It stays so after further backups, as these skip fewer:
   * a client whose version two pasts have could not tell them apart.
   */
  backUp(): Backup {
    const backup = this.#storage.backUp();
    this.#storage.skip(this.#skipped);
    this.#skipped -= SKIPPED.fewer;
    return backup;
  }

  /** Controllers begin anew, too: theirs is what they find. */
  #restore(backup: Backup): void {
    this.#controllers?.stop();
    this.list('CustomResourceDefinition').forEach(definition =>
      this.#types.undefine(definition),
    );
    this.#storage.restore(backup);
    this.list('CustomResourceDefinition').forEach(definition =>
      this.#types.define(definition),
    );
    this.#controllers &&= ControllerManager.start(this.#plane);
  }

  #ensureNamespace(name: string): void {
    const type = this.#type('Namespace');
    if (!this.#storage.get(type, '', name)) {
      this.#writer.create(
        type,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
        { manager: APPLY_MANAGER },
      );
      this.#writer.create(
        this.#type('ServiceAccount'),
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: 'default', namespace: name },
        },
        { manager: 'kube-controller-manager' },
      );
    }
  }

  #type(kind: string): ResourceType {
    const type = this.#types.named(kind);
    if (!type) {
      throw new Error(`This simulator serves no kind named "${kind}".`);
    }
    return type;
  }

  async #closePort(keepWatches: boolean): Promise<() => Promise<void>> {
    const kept = new Set([...this.#watches].map(watch => watch.socket));
    if (!keepWatches) {
      this.#watches.forEach(watch => watch.cut());
    }
    await this.#server?.close(socket => keepWatches && kept.has(socket));
    return async () => this.#server?.open();
  }
}
