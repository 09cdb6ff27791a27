import {
  ClusterState,
  EventRow,
  Explanation,
  GremlinAnswer,
  GremlinError,
  Incidents,
  IncidentsOptions,
  IncidentRecord,
  LeaseState,
  LineageOptions,
  LiveOptions,
  inputOfObjects,
  matchesLabels,
  Neighbour,
  NodeFilter,
  NodeKey,
  ObjectSelection,
  objectsOfNodes,
  Reachability,
  PlaceCounts,
  ReadOptions,
  Relation,
  routingOfObjects,
  SelectedGraph,
  StoredEdge,
  spreadImpact,
  StoredNode,
  TopologySource,
} from '@kubernetes-topology/engine';
import { filterAllows } from '../permissions/filterSight';
import { isPod } from '../restart/podController';
import { RunningTopology } from '../topologyEngine';

export function relation(name: string, rest: Partial<Relation> = {}): Relation {
  return {
    name,
    relationType: name.split('-')[0],
    class: 'config',
    rules: [],
    suffers: 'source',
    strength: 'hard',
    bitesAt: [],
    ...rest,
  };
}

function isKin(kin: Relation): boolean {
  return kin.class === 'control' || kin.class === 'ownership';
}

/**
 * The engine's interface over plain arrays, for tests of what stands around the engine. Small and slow, but not
 * canned: it filters and follows edges.
 */
export class InMemoryTopology implements RunningTopology {
  readonly all = new Map<string, StoredNode>();
  edges: StoredEdge[] = [];
  states: ClusterState[] = [];
  records: IncidentRecord[] = [];
  leases: LeaseState[] = [];
  eventRows: EventRow[] = [];
  explanations = new Map<string, Explanation>();
  found: Incidents = { incidents: [], unexplained: [] };
  started = false;
  sources: readonly TopologySource[] = [];
  stopped = false;
  #revision = 1;
  readonly #listeners = new Set<(revision: number) => void>();

  constructor(nodes: readonly StoredNode[] = []) {
    this.put(...nodes);
  }

  put(...nodes: StoredNode[]): void {
    nodes.forEach(node => this.all.set(node.key, node));
  }

  link(source: string, name: string | Relation, target: string): void {
    this.edges.push({
      source: source as NodeKey,
      target: target as NodeKey,
      relation: typeof name === 'string' ? relation(name) : name,
      required: true,
    });
  }

  /** Takes a node and its edges away. */
  remove(key: string): void {
    this.all.delete(key);
    this.edges = this.edges.filter(
      edge => edge.source !== key && edge.target !== key,
    );
  }

  changed(): void {
    this.#revision++;
    this.#listeners.forEach(listener => listener(this.#revision));
  }

  async start() {
    this.started = true;
  }

  async stop() {
    this.stopped = true;
  }

  onRevision(listener: (revision: number) => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async setClusters(sources: readonly TopologySource[]) {
    this.sources = sources;
  }

  async databaseBytes() {
    return 4_096;
  }

  async replicas() {
    return { replicas: [], leases: this.leases };
  }

  async revision() {
    return this.#revision;
  }

  async clusters() {
    return this.states;
  }

  /** Answers every visible node; `bad` is a faulty query, `long` one that is cut and `misspelt` one that finds nothing. */
  async query(text: string, options?: ReadOptions): Promise<GremlinAnswer> {
    if (text === 'bad') {
      throw new GremlinError({
        text,
        at: { offset: 1, length: 1 },
        problem: 'not a step',
      });
    }
    const value = this.#visible(options?.filter).map(node => ({
      ID: node.key,
      Metadata: { Name: node.name, Type: node.kind.kind.toLowerCase() },
      Host: '',
      Origin: '',
      CreatedAt: 0,
      UpdatedAt: 0,
      DeletedAt: null,
      Revision: 1,
    }));
    if (text === 'misspelt') {
      return { value: [], hint: 'no kind is called "übung"' };
    }
    return text === 'long' ? { value, cut: 'after 2 rows…' } : { value };
  }

  async node(key: string, options?: ReadOptions) {
    return (await this.nodes([key], options))[0];
  }

  async nodes(keys: readonly string[], options?: ReadOptions) {
    return keys.flatMap(key => {
      const node = this.all.get(key);
      return node && filterAllows(options?.filter, node) ? [node] : [];
    });
  }

  async events(key: string) {
    return this.eventRows.filter(row => row.about === key);
  }

  async neighbours(key: string, options?: ReadOptions & { limit?: number }) {
    const groups = new Map<string, Neighbour[]>();
    for (const edge of this.edges) {
      for (const direction of ['out', 'in'] as const) {
        const [self, other] =
          direction === 'out'
            ? [edge.source, edge.target]
            : [edge.target, edge.source];
        const node = this.all.get(other);
        if (self !== key || !node || !filterAllows(options?.filter, node)) {
          continue;
        }
        const id = `${edge.relation.name}/${direction}`;
        groups.set(id, [
          ...(groups.get(id) ?? []),
          { relation: edge.relation, direction, required: true, node },
        ]);
      }
    }
    const limit = options?.limit ?? 20;
    const more: Record<string, number> = {};
    for (const [id, group] of groups) {
      if (group.length > limit) {
        more[id] = group.length - limit;
      }
    }
    return {
      neighbours: [...groups.values()].flatMap(group => group.slice(0, limit)),
      more,
    };
  }

  async neighboursOf(
    keys: readonly string[],
    options?: ReadOptions & { limit?: number },
  ) {
    const found = new Map<
      string,
      { neighbours: Neighbour[]; more: Record<string, number> }
    >();
    for (const key of keys) {
      const of = await this.neighbours(key, options);
      if (of.neighbours.length > 0) {
        found.set(key, of);
      }
    }
    return found;
  }

  async graph(
    selections: readonly ObjectSelection[],
    options?: ReadOptions,
  ): Promise<SelectedGraph> {
    const visible = this.#visible(options?.filter);
    const own = visible.filter(node =>
      selections.some(
        ({ labels, namespace, clusters }) =>
          matchesLabels(labels, node.labels) &&
          (namespace === undefined || namespace === node.namespace) &&
          (clusters === undefined || clusters.includes(node.cluster)),
      ),
    );
    const ownKeys = new Set<string>(own.map(node => node.key));
    const shown = new Set<string>([
      ...ownKeys,
      ...this.edges.flatMap(edge =>
        ownKeys.has(edge.source) || ownKeys.has(edge.target)
          ? [edge.source, edge.target]
          : [],
      ),
    ]);
    const nodes = visible.filter(node => shown.has(node.key));
    const keys = new Set<string>(nodes.map(node => node.key));
    return {
      nodes,
      edges: this.edges.filter(
        edge => keys.has(edge.source) && keys.has(edge.target),
      ),
      own: own.map(node => node.key),
      hidden: [],
    };
  }

  async explain(key: string, options?: ReadOptions) {
    return (await this.node(key, options))
      ? this.explanations.get(key)
      : undefined;
  }

  async causes(keys: readonly NodeKey[], options?: ReadOptions) {
    const causes = [];
    const unexplained = [];
    for (const key of keys) {
      const found = await this.explain(key, options);
      if (found?.answer === 'cause') {
        causes.push(
          ...found.causes.map(cause => ({ ...cause, affected: [key] })),
        );
      } else if (found?.answer === 'unexplained') {
        unexplained.push(key);
      }
    }
    return { causes, unexplained };
  }

  /** What `found` holds of what the caller may see: roots and affected objects that are hidden are left out. */
  async incidents(options: IncidentsOptions = {}): Promise<Incidents> {
    const sees = ({ key }: { key: string }) => {
      const node = this.all.get(key);
      return (
        node !== undefined &&
        filterAllows(options.filter, node) &&
        (options.clusters?.includes(node.cluster) ?? true)
      );
    };
    return {
      ...this.found,
      incidents: this.found.incidents
        .filter(({ root, affected }) => sees(root) || affected.some(sees))
        .map(incident => ({
          ...incident,
          affected: incident.affected.filter(sees),
        }))
        .slice(0, options.limit),
      unexplained: this.found.unexplained.filter(({ node }) => sees(node)),
    };
  }

  async overview({ filter }: ReadOptions = {}) {
    const places = new Map<string, PlaceCounts>();
    for (const node of this.all.values()) {
      if (filterAllows(filter, node)) {
        const { cluster, namespace } = node;
        const id = `${cluster}/${namespace}`;
        const place = places.get(id) ?? {
          cluster,
          namespace,
          levels: {},
          pods: 0,
        };
        places.set(id, place);
        const { level } = node.verdict;
        place.levels[level] = (place.levels[level] ?? 0) + 1;
        place.pods += isPod(node) ? 1 : 0;
      }
    }
    return { places: [...places.values()], more: 0 };
  }

  onIncidents() {
    return () => {};
  }

  async incidentLog() {
    return this.records;
  }

  /** The answer, and nothing after it. */
  async *live(text: string, { filter }: LiveOptions) {
    const { value } = await this.query(text, { filter });
    yield { type: 'answer' as const, revision: 1, value };
  }

  /** One hop: enough for what the router makes of it. */
  async lineage(key: string, options: ReadOptions & LineageOptions) {
    const start = await this.node(key, options);
    if (!start) {
      return undefined;
    }
    const found = new Map<string, StoredNode>([[key, start]]);
    for (const each of found.values()) {
      for (const { source, target, relation: kin } of this.edges) {
        const [here, there] =
          options.side === 'descendants' ? [source, target] : [target, source];
        const next = await this.node(there, options);
        if (here === each.key && next && isKin(kin)) {
          found.set(there, next);
        }
      }
    }
    const all = [...found.values()].slice(1);
    const { skip = 0, limit = 100 } = options;
    return { nodes: all.slice(skip, skip + limit), total: all.length };
  }

  async impact(key: string, options?: ReadOptions & { limit?: number }) {
    const shown = [...this.all.values()].filter(node =>
      filterAllows(options?.filter, node),
    );
    const start = shown.findIndex(node => node.key === key);
    if (start < 0) {
      return undefined;
    }
    const idOf = new Map(shown.map((node, id) => [node.key, id]));
    return spreadImpact(
      {
        start,
        nodes: new Map(
          shown.map(({ kind, verdict, ...node }, id) => [
            id,
            { ...node, kind: kind.kind, level: verdict.level },
          ]),
        ),
        edges: this.edges.flatMap(edge => {
          const [from, to] = [idOf.get(edge.target), idOf.get(edge.source)];
          return from !== undefined && to !== undefined
            ? [{ ...edge, from, to, how: 'suffers' as const }]
            : [];
        }),
        alike: new Map(),
        hubs: new Set(),
      },
      { limit: options?.limit ?? 500 },
    );
  }

  async dependentPods(key: string, options?: ReadOptions & { limit?: number }) {
    const pods = this.edges
      .filter(edge => edge.target === key && edge.relation.class !== 'control')
      .flatMap(edge => this.all.get(edge.source) ?? [])
      .filter(node => isPod(node) && filterAllows(options?.filter, node));
    const limit = options?.limit ?? 100;
    return {
      pods: pods.slice(0, limit),
      more: Math.max(0, pods.length - limit),
    };
  }

  /** Of pods, namespaces, policies and Services; what the filter hides leaves policies unknown where it is. */
  async reachability(cluster: string, options?: ReadOptions) {
    const all = [...this.all.values()].filter(node => node.cluster === cluster);
    if (all.length === 0) {
      return undefined;
    }
    const seen = all.filter(node => filterAllows(options?.filter, node));
    const unseen = new Set(
      all
        .filter(
          node => node.kind.kind === 'NetworkPolicy' && !seen.includes(node),
        )
        .map(node => node.namespace),
    );
    const objects = objectsOfNodes(seen, new Map());
    return {
      model: Reachability.create({ ...inputOfObjects(objects), unseen }),
      routing: routingOfObjects(objects),
      partial: unseen.size > 0 ? ['policies are hidden'] : [],
    };
  }

  async page(options: ReadOptions & { after?: number; limit: number }) {
    const start = options.after ?? 0;
    const rows = [...this.all.values()];
    const end = start + options.limit;
    return {
      nodes: rows
        .slice(start, end)
        .filter(node => filterAllows(options.filter, node)),
      ...(end < rows.length && { next: end }),
    };
  }

  async history(key: string, options?: ReadOptions) {
    const node = await this.node(key, options);
    return {
      versions: node ? [{ from: node.updatedAt, node }] : [],
      more: false,
      since: 0,
    };
  }

  #visible(filter: NodeFilter | undefined): StoredNode[] {
    return [...this.all.values()].filter(node => filterAllows(filter, node));
  }
}
