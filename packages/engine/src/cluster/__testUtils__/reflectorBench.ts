import { deepStrictEqual as deepEqual } from 'node:assert';
import { KindUpdateSink } from '../../kinds/update';
import { ApiClient, ApiLimits } from '../apiClient';
import { systemClock } from '../clock';
import { ListPermits } from '../listPermits';
import { ReaderTuning } from '../readerTuning';
import { Reflector } from '../reflector';
import { StreamingSupport } from '../streamingSupport';
import { eventually } from './eventually';
import { plainKind } from './plainKind';
import { quickTuning, silentLogger } from './quickTuning';
import { Replica } from './replica';
import { ScriptedApiServer } from './scriptedApiServer';

const configMap = plainKind(
  'configmaps',
  { group: '', kind: 'ConfigMap' },
  { metadataOnly: true },
);

/** One reflector between a scripted API server with ten ConfigMaps, `a` to `j`, and a replica. */
export class ReflectorBench {
  readonly replica = new Replica();
  readonly #stop = new AbortController();
  #client: ApiClient | undefined;
  #reflector: Reflector | undefined;
  #running: Promise<void> | undefined;

  static async create(): Promise<ReflectorBench> {
    const server = await ScriptedApiServer.start();
    for (const name of 'abcdefghij') {
      server.put(name);
    }
    return new ReflectorBench(server);
  }

  private constructor(readonly server: ScriptedApiServer) {}

  start(
    options: {
      tuning?: Partial<ReaderTuning>;
      limits?: Partial<ApiLimits>;
      sink?: KindUpdateSink;
      streaming?: boolean;
      namespaces?: readonly string[];
    } = {},
  ): void {
    const connection = { url: this.server.url };
    this.#client = new ApiClient(connection, async () => ({}), {
      headTimeout: 300,
      idleTimeout: 300,
      ...options.limits,
    });
    this.#reflector = new Reflector({
      cluster: 'demo',
      kind: configMap,
      client: this.#client,
      sink: options.sink ?? this.replica.sink,
      permits: new ListPermits(1),
      streaming: new StreamingSupport(options.streaming ?? false),
      namespaces: options.namespaces,
      clock: systemClock,
      logger: silentLogger,
      tuning: { ...quickTuning, ...options.tuning },
    });
    this.#running = this.#reflector.run(this.#stop.signal);
  }

  reconnect(): void {
    this.#reflector?.reconnect();
  }

  /** The replica holds what the server holds. */
  async inStep(): Promise<void> {
    await eventually(() =>
      deepEqual(this.replica.state(), this.server.state()),
    );
  }

  async watching(): Promise<void> {
    await this.inStep();
    await eventually(() => deepEqual(this.server.openWatches, 1));
  }

  /** What the kind was last said to be. */
  get said(): string | undefined {
    return this.replica.kinds.get('ConfigMap');
  }

  /** Lists that were begun. */
  get lists(): number {
    return this.server.requests.filter(
      ({ path, query }) =>
        path.endsWith('/configmaps') &&
        !query.has('watch') &&
        !query.has('continue') &&
        query.get('limit') !== '1',
    ).length;
  }

  /** Rejects when the replica met what may not happen. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#client?.close();
    await this.server.goAway();
  }
}
