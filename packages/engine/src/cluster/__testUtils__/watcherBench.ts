import { deepStrictEqual as deepEqual } from 'node:assert';
import {
  ClusterSimulator,
  ClusterSimulatorOptions,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import { KindCatalog } from '../../kinds/kindCatalog';
import { KindId, kindText } from '../../kinds/identity';
import { KindDefinition } from '../../kinds/kindDefinition';
import { KindUpdate } from '../../kinds/update';
import { systemClock } from '../clock';
import { ClusterScope } from '../clusterScope';
import { ClusterWatcher } from '../clusterWatcher';
import { ClusterHealth } from '../reader';
import { ReaderTuning } from '../readerTuning';
import { eventually } from './eventually';
import { quickTuning, silentLogger } from './quickTuning';
import { Replica } from './replica';

export interface WatcherBenchOptions {
  simulator?: ClusterSimulatorOptions;
  catalog?: Pick<KindCatalog, 'definitionFor'>;
  known?: readonly KindDefinition[];
  stored?: readonly KindId[];
  scope?: ClusterScope;
  token?: string;
  tuning?: Partial<ReaderTuning>;
  /** What happens to the API server before it is read. */
  before?(simulator: ClusterSimulator): void;
}

/** A cluster's watcher before a simulated API server, and what it says. */
export class WatcherBench {
  readonly replica = new Replica();
  readonly health: ClusterHealth[] = [];
  readonly updates: KindUpdate[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  static async start(options: WatcherBenchOptions = {}): Promise<WatcherBench> {
    const simulator = await ClusterSimulator.start(options.simulator);
    options.before?.(simulator);
    const bench = new WatcherBench(simulator);
    bench.#run(options);
    return bench;
  }

  private constructor(readonly simulator: ClusterSimulator) {}

  #run(options: WatcherBenchOptions): void {
    const { scope, token, tuning } = options;
    const watcher = new ClusterWatcher({
      source: {
        name: 'demo',
        connection: { url: this.simulator.url },
        scope,
        headers: async (): Promise<Record<string, string>> =>
          token ? { authorization: `Bearer ${token}` } : {},
      },
      catalog: options.catalog ?? KindCatalog.create({ scope: scope?.kinds }),
      known: options.known,
      stored: options.stored,
      sink: async update => {
        this.updates.push(update);
        await this.replica.sink(update);
      },
      onHealth: each => this.health.push(each),
      logger: silentLogger,
      clock: systemClock,
      tuning: { ...quickTuning, pageSize: 20, ...tuning },
    });
    this.#running = watcher.run(this.#stop.signal);
  }

  /** Names of the objects of a kind that are known, with their namespaces. */
  known(kind: string): string[] {
    return [...this.replica.objects]
      .filter(([, object]) => object.kind === kind)
      .map(([key]) => key.split('/').slice(2).join('/'))
      .sort();
  }

  /** What the kind was last said to be. */
  state(kind: string): string | undefined {
    return this.replica.kinds.get(kind);
  }

  /** Updates of a kind, of one type. */
  told<Type extends KindUpdate['type']>(
    type: Type,
    kind: string,
  ): Extract<KindUpdate, { type: Type }>[] {
    return this.updates.filter(
      (update): update is Extract<KindUpdate, { type: Type }> =>
        update.type === type && kindText(update.kind) === kind,
    );
  }

  /** Lists that were begun, in pages or streamed. */
  lists(resource: string): string[] {
    return this.simulator.requests.all({ resource }).flatMap(({ url }) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      const isFirst =
        !searchParams.has('continue') && searchParams.get('limit') !== '1';
      if (searchParams.has('sendInitialEvents')) {
        return [`stream ${pathname}`];
      }
      return !searchParams.has('watch') && isFirst ? [`list ${pathname}`] : [];
    });
  }

  async eventuallyListed(...kinds: string[]): Promise<void> {
    await eventually(() =>
      deepEqual(
        kinds.map(kind => [kind, this.state(kind)]),
        kinds.map(kind => [kind, 'listed']),
      ),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.simulator.stop();
  }
}

let versions = 0;

/** As a server holds it. */
export function stored(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  rest: object = {},
): KubernetesObject {
  return {
    apiVersion,
    kind,
    metadata: { namespace, name, uid: `uid-${++versions}` },
    ...rest,
  } as KubernetesObject;
}

export function customResourceDefinition(
  kind: string,
  options: { group?: string; plural?: string; versions?: string[] } = {},
): KubernetesObject {
  const { group = 'example.com', versions: names = ['v1'] } = options;
  const singular = kind.toLowerCase();
  const plural = options.plural ?? `${singular}s`;
  return stored(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    undefined,
    `${plural}.${group}`,
    {
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular },
        versions: names.map((name, at) => ({
          name,
          served: true,
          storage: at === 0,
        })),
      },
    },
  );
}
