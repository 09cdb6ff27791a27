import { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { kindText } from '@kubernetes-topology/engine';
import { ClusterTally, EngineTally, KindTally } from './engineTally';
import { Asked } from './measuredTopology';

/** All labels that there are: a label for each namespace or name would make as many series as objects. */
type Labels = { cluster?: string; kind?: string };

export interface ReportedMetrics {
  /** A question was answered, after so many milliseconds. */
  asked(asked: Asked, took: number): void;
  /** Ends the reporting. */
  stop(): void;
}

/** The size of a database is not asked for more often, in milliseconds. */
const SIZE_HOLDS = 60_000;

/**
 * Reports through the portal's metrics service, which is alpha: nobody else here knows it. What a process holds by its
 * leases is reported by it alone, so that sums over replicas are right.
 */
export function reportMetrics(
  metrics: MetricsService,
  from: {
    tally: EngineTally;
    engine: { databaseBytes(): Promise<number> };
    now?: () => number;
  },
): ReportedMetrics {
  const { tally, engine, now = Date.now } = from;
  const ends: (() => void)[] = [];

  const observe = (
    instrument: ReturnType<MetricsService['createObservableGauge']>,
    callback: Parameters<typeof instrument.addCallback>[0],
  ) => {
    instrument.addCallback(callback);
    ends.push(() => instrument.removeCallback(callback));
  };
  const ofClusters = (
    instrument: ReturnType<MetricsService['createObservableGauge']>,
    value: (tally: ClusterTally, cluster: string) => number,
  ) =>
    observe(instrument, result => {
      for (const [cluster, each] of tally.clusters) {
        result.observe(value(each, cluster), { cluster } satisfies Labels);
      }
    });
  const ofKinds = (
    instrument: ReturnType<MetricsService['createObservableGauge']>,
    value: (tally: KindTally) => number,
  ) =>
    observe(instrument, result => {
      for (const [cluster, { kinds }] of tally.clusters) {
        for (const each of kinds.values()) {
          const labels: Labels = { cluster, kind: kindText(each.kind) };
          result.observe(value(each), labels);
        }
      }
    });

  ofKinds(
    metrics.createObservableGauge('kubernetes_topology.objects', {
      description: 'Objects of the clusters that this replica reads',
    }),
    ({ objects }) => objects,
  );
  ofClusters(
    metrics.createObservableGauge('kubernetes_topology.nodes', {
      description: 'Nodes of the graph, with those that only others name',
    }),
    ({ nodes }) => nodes,
  );
  ofClusters(
    metrics.createObservableGauge('kubernetes_topology.edges', {
      description: 'Edges of the graph',
    }),
    ({ edges }) => edges,
  );
  ofClusters(
    metrics.createObservableGauge('kubernetes_topology.queue', {
      description: 'Objects that were read and wait to be taken in',
    }),
    (_, cluster) => tally.queued(cluster, now()),
  );
  ofClusters(
    metrics.createObservableGauge('kubernetes_topology.lease.held', {
      description: '1 where this replica reads the cluster, 0 where it did',
    }),
    ({ isHeld }) => (isHeld ? 1 : 0),
  );
  ofClusters(
    metrics.createObservableCounter('kubernetes_topology.revisions', {
      description: 'Batches that this replica has committed',
    }),
    ({ revisions }) => revisions,
  );
  ofKinds(
    metrics.createObservableCounter('kubernetes_topology.relists', {
      description: 'Lists after the first one: a watch could not go on',
    }),
    ({ relists }) => relists,
  );
  ofKinds(
    metrics.createObservableCounter('kubernetes_topology.list.failures', {
      description: 'Times that a kind became unreadable',
    }),
    ({ failures }) => failures,
  );

  const bytes = kept(() => engine.databaseBytes(), { now, for: SIZE_HOLDS });
  observe(
    metrics.createObservableGauge('kubernetes_topology.store.bytes', {
      description: 'Size of the database, with indexes and history',
      unit: 'By',
    }),
    async result => {
      const size = await bytes();
      if (size !== undefined) {
        result.observe(size);
      }
    },
  );

  const lag = metrics.createHistogram<Labels>('kubernetes_topology.lag', {
    description: "From the API server's word to the committed row",
    unit: 's',
  });
  const write = metrics.createHistogram<Labels>(
    'kubernetes_topology.write.duration',
    { description: 'Of a batch, with all tries', unit: 's' },
  );
  tally.onWrote(batch => {
    const labels = { cluster: batch.cluster };
    lag.record(batch.lag / 1000, labels);
    write.record(batch.took / 1000, labels);
  });

  const durations = {
    query: metrics.createHistogram('kubernetes_topology.query.duration', {
      description: 'Of queries in the query language',
      unit: 's',
    }),
    read: metrics.createHistogram('kubernetes_topology.read.duration', {
      description: 'Of all other reads',
      unit: 's',
    }),
  };
  return {
    asked: (asked, took) => durations[asked].record(took / 1000),
    stop: () => ends.forEach(end => end()),
  };
}

/** The former answer while it is fresh; `undefined` when there is none: metrics must not fail. */
function kept<T>(
  ask: () => Promise<T>,
  options: { now: () => number; for: number },
): () => Promise<T | undefined> {
  let answer: T | undefined;
  let until = -Infinity;
  return async () => {
    const now = options.now();
    if (now >= until) {
      until = now + options.for;
      answer = await ask().catch(() => undefined);
    }
    return answer;
  };
}
