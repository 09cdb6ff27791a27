import { setMaxListeners } from 'node:events';
import { KindId, kindText } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';
import { KindUpdate } from '../kinds/update';
import { ApiClient } from './apiClient';
import { ApiError } from './apiError';
import { ApiServerProbe } from './apiServerProbe';
import { BackOff } from './backOff';
import { Discovery, discoverKinds, isInDoubt } from './discovery';
import { DiscoverySchedule } from './discoverySchedule';
import { FollowedKinds, followedKinds } from './followedKinds';
import { ListPermits } from './listPermits';
import { ClusterHealth, Reader, ReaderOptions } from './reader';
import { Reflector } from './reflector';
import { StreamingSupport } from './streamingSupport';

/** A change of these changes what is served. */
const DEFINING_KINDS: ReadonlySet<string> = new Set([
  'CustomResourceDefinition.apiextensions.k8s.io',
  'APIService.apiregistration.k8s.io',
]);

/** A kind that is read. */
interface Followed {
  definition: KindDefinition;
  reflector: Reflector;
  stop: AbortController;
  ended: Promise<void>;
}

/**
 * Reads a cluster in this thread: discovers what it serves, again and again, follows each kind with a reflector, and
 * probes the API server to notice when it is gone.
 */
export class ClusterWatcher implements Reader {
  readonly #options: ReaderOptions;
  readonly #followed = new Map<string, Followed>();
  /** Kinds of which something is stored, and which the server could not tell of yet. */
  readonly #kept = new Map<string, KindId>();
  #hasDiscovered = false;
  readonly #permits: ListPermits;
  readonly #streaming: StreamingSupport;
  #client!: ApiClient;
  /** Aborted when the whole has to end. */
  readonly #own = new AbortController();
  /** Why it has to end, when it is not by the caller's wish. */
  #failure: { error: unknown } | undefined;
  #health = '';
  #failingGroups: readonly string[] = [];
  /** Kinds of definitions that were listed: the first time they tell nothing that discovery did not. */
  readonly #definitionsListed = new Set<string>();
  readonly #schedule: DiscoverySchedule;

  constructor(options: ReaderOptions) {
    const { clock, tuning } = options;
    this.#options = options;
    this.#schedule = new DiscoverySchedule(clock, tuning.discovery);
    this.#permits = new ListPermits(tuning.listsAtOnce);
    this.#streaming = new StreamingSupport(tuning.streaming.isWanted);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { source, tuning } = this.#options;
    const headers = () => source.headers();
    this.#client = new ApiClient(
      source.connection,
      headers,
      tuning.patience && {
        headTimeout: tuning.patience.head,
        idleTimeout: tuning.patience.idle,
      },
      tuning.encoding,
    );
    const probe = new ApiServerProbe({ ...this.#options, headers });
    const own = this.#own;
    // Every reflector listens, and every request of theirs.
    setMaxListeners(0, own.signal);
    const abort = () => own.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) {
      abort();
    }
    try {
      await this.#endingAllWith(this.#discoverFirst());
      await Promise.all([
        this.#endingAllWith(this.#discoverAgain()),
        this.#endingAllWith(this.#probe(probe)),
      ]);
      await Promise.all([...this.#followed.values()].map(each => each.ended));
    } finally {
      signal.removeEventListener('abort', abort);
      own.abort();
      this.#client.close();
      probe.close();
    }
    if (this.#failure) {
      throw this.#failure.error;
    }
  }

  /** One part that fails ends the others. */
  async #endingAllWith(part: Promise<void>): Promise<void> {
    try {
      await part;
    } catch (error) {
      this.#failure ??= { error };
      this.#own.abort();
    }
  }

  /** Tries until the server answers. */
  async #discoverFirst(): Promise<void> {
    const { clock, tuning } = this.#options;
    const { signal } = this.#own;
    const backOff = new BackOff(clock, tuning.backOff);
    while (!signal.aborted) {
      try {
        await this.#discover();
        return;
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (!(error instanceof ApiError)) {
          throw error;
        }
        this.#report({ state: 'failing', message: error.message });
        backOff.failed();
        await backOff.wait(signal, error.details.retryAfter);
      }
    }
  }

  async #discoverAgain(): Promise<void> {
    const { logger, source } = this.#options;
    const { signal } = this.#own;
    await this.#schedule.next(signal);
    while (!signal.aborted) {
      try {
        await this.#discover();
      } catch (error) {
        if (!(error instanceof ApiError) && !signal.aborted) {
          throw error;
        }
        // The probe says when the server is away.
        logger.debug(String(error), { cluster: source.name });
      }
      await this.#schedule.next(signal);
    }
  }

  async #discover(): Promise<void> {
    const { catalog, known = [] } = this.#options;
    const discovery = await discoverKinds(this.#client, this.#own.signal);
    this.#failingGroups = discovery.failing.map(({ message }) => message);
    this.#reportAnswering();
    await this.#follow(followedKinds(discovery, catalog, known), discovery);
  }

  async #follow(
    { read, absent }: FollowedKinds,
    discovery: Discovery,
  ): Promise<void> {
    const { sink } = this.#options;
    const named = new Map(read.map(each => [kindText(each.id), each]));
    const found = read.filter(({ id }) => !this.#followed.has(kindText(id)));
    // All before the first list: it is known at once how many there are, and of which kinds what is stored stays.
    for (const definition of found) {
      await sink({ type: 'discovered', kind: definition.id, definition });
    }
    if (!this.#hasDiscovered) {
      for (const definition of absent) {
        const { id, plural } = definition;
        await sink({ type: 'discovered', kind: id, definition });
        await this.#tellAbsent(id, plural);
      }
      await this.#keepStored(named, discovery);
      this.#hasDiscovered = true;
    }
    for (const definition of found) {
      this.#start(definition);
    }
    await this.#letGoOfKept(named, discovery);
    for (const [text, followed] of [...this.#followed]) {
      const definition = named.get(text);
      if (!definition) {
        if (!isInDoubt(discovery, followed.definition.id)) {
          followed.reflector.recheck();
        }
      } else if (definition !== followed.definition) {
        await this.#restart(followed, definition);
      } else {
        followed.reflector.isServed();
      }
    }
  }

  /** Of a group whose kinds the server cannot tell at present, what is stored stays. */
  async #keepStored(
    named: ReadonlyMap<string, KindDefinition>,
    discovery: Discovery,
  ): Promise<void> {
    const { sink, stored = [] } = this.#options;
    for (const kind of stored) {
      const failing = discovery.failing.find(
        ({ group }) => group === kind.group,
      );
      if (failing && !named.has(kindText(kind))) {
        const { message } = failing;
        this.#kept.set(kindText(kind), kind);
        await sink({ type: 'discovered', kind });
        await sink({ type: 'unavailable', kind, why: 'failing', message });
      }
    }
  }

  /** Once the server can tell, what it does not serve is gone. */
  async #letGoOfKept(
    named: ReadonlyMap<string, KindDefinition>,
    discovery: Discovery,
  ): Promise<void> {
    for (const [text, kind] of this.#kept) {
      if (named.has(text)) {
        this.#kept.delete(text);
      } else if (!isInDoubt(discovery, kind)) {
        this.#kept.delete(text);
        await this.#tellAbsent(kind, text);
      }
    }
  }

  async #tellAbsent(kind: KindId, name: string): Promise<void> {
    const message = `The API server does not serve ${name}.`;
    await this.#options.sink({
      type: 'unavailable',
      kind,
      why: 'absent',
      message,
    });
  }

  /** The kind is served in another way now. */
  async #restart(
    followed: Followed,
    definition: KindDefinition,
  ): Promise<void> {
    followed.stop.abort();
    await followed.ended;
    if (!this.#own.signal.aborted) {
      const { sink } = this.#options;
      await sink({ type: 'discovered', kind: definition.id, definition });
      this.#start(definition);
    }
  }

  #start(definition: KindDefinition): void {
    const { source } = this.#options;
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const abort = () => stop.abort();
    this.#own.signal.addEventListener('abort', abort, { once: true });
    if (this.#own.signal.aborted) {
      abort();
    }
    const reflector = new Reflector({
      ...this.#options,
      cluster: source.name,
      kind: definition,
      namespaces: source.scope?.namespaces,
      client: this.#client,
      sink: DEFINING_KINDS.has(kindText(definition.id))
        ? update => this.#takeDefinitions(update)
        : this.#options.sink,
      permits: this.#permits,
      streaming: this.#streaming,
    });
    const ended = this.#endingAllWith(reflector.run(stop.signal)).finally(() =>
      this.#own.signal.removeEventListener('abort', abort),
    );
    const followed = { definition, reflector, stop, ended };
    this.#followed.set(kindText(definition.id), followed);
  }

  async #takeDefinitions(update: KindUpdate): Promise<void> {
    await this.#options.sink(update);
    const text = kindText(update.kind);
    const isAgain = this.#definitionsListed.has(text);
    if (update.type === 'listed') {
      this.#definitionsListed.add(text);
    }
    if (update.type === 'changed' || (update.type === 'listed' && isAgain)) {
      this.#schedule.hasten();
    }
  }

  /** When the server is back, nobody waits for the end of a long back-off. */
  async #probe(probe: ApiServerProbe): Promise<void> {
    await probe.run(
      {
        doubted: () => this.#eachReflector(each => each.reconnect()),
        away: message => this.#report({ state: 'failing', message }),
        back: () => {
          this.#eachReflector(each => each.resume());
          this.#schedule.hasten();
        },
        alive: () => this.#reportAnswering(),
      },
      this.#own.signal,
    );
  }

  #eachReflector(act: (reflector: Reflector) => void): void {
    this.#followed.forEach(({ reflector }) => act(reflector));
  }

  #reportAnswering(): void {
    this.#report({
      state: 'answering',
      ...(this.#failingGroups.length > 0 && {
        message: this.#failingGroups.join(' '),
      }),
    });
  }

  #report(health: ClusterHealth): void {
    const text = JSON.stringify(health);
    if (this.#health !== text) {
      this.#health = text;
      this.#options.onHealth(health);
    }
  }
}
