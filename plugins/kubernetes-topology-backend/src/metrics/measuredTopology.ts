import { Topology } from '@kubernetes-topology/engine';

/** A query in the query language, or any other read. */
export type Asked = 'query' | 'read';

/** The same topology; tells how long each answer took, in milliseconds, also of those that failed. */
export function measuredTopology(
  topology: Topology,
  onAnswered: (asked: Asked, took: number) => void,
): Topology {
  const measured =
    <Arguments extends unknown[], Answer>(
      asked: Asked,
      ask: (...args: Arguments) => Promise<Answer>,
    ) =>
    async (...args: Arguments): Promise<Answer> => {
      const startedAt = performance.now();
      try {
        return await ask(...args);
      } finally {
        onAnswered(asked, performance.now() - startedAt);
      }
    };
  return {
    revision: () => topology.revision(),
    clusters: measured('read', () => topology.clusters()),
    query: measured('query', (text, options) => topology.query(text, options)),
    node: measured('read', (key, options) => topology.node(key, options)),
    nodes: measured('read', (keys, options) => topology.nodes(keys, options)),
    events: measured('read', (...args) => topology.events(...args)),
    neighbours: measured('read', (key, options) =>
      topology.neighbours(key, options),
    ),
    neighboursOf: measured('read', (keys, options) =>
      topology.neighboursOf(keys, options),
    ),
    graph: measured('read', (selections, options) =>
      topology.graph(selections, options),
    ),
    explain: measured('read', (key, options) => topology.explain(key, options)),
    causes: measured('read', (keys, options) => topology.causes(keys, options)),
    incidents: measured('read', options => topology.incidents(options)),
    incidentLog: measured('read', options => topology.incidentLog(options)),
    dependentPods: measured('read', (key, options) =>
      topology.dependentPods(key, options),
    ),
    impact: measured('read', (key, options) => topology.impact(key, options)),
    overview: measured('read', options => topology.overview(options)),
    lineage: measured('read', (key, options) => topology.lineage(key, options)),
    page: measured('read', options => topology.page(options)),
    reachability: measured('read', (cluster, options) =>
      topology.reachability(cluster, options),
    ),
    history: measured('read', (key, options) => topology.history(key, options)),
  };
}
