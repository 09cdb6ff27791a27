import { Incidents } from './analysis/incident';
import { Explanation, RootCause } from './analysis/rootCause';
import { EventRow, KindState } from './graph/delta';
import { GremlinAnswer } from './gremlin/result';
import { Impact } from './impact/impact';
import { IncidentRecord } from './incidents/incidentRecord';
import { IncidentLogOptions } from './incidents/incidentStore';
import { KindId, NodeKey } from './kinds/identity';
import { LabelSelector } from './kinds/labelSelector';
import { Json } from './kinds/observation';
import { Relation } from './kinds/relation';
import { StatusLevel, Verdict } from './kinds/status';
import { Lineage, LineageOptions } from './store/lineage';
import { NodeFilter } from './store/nodeFilter';
import { Overview } from './store/overview';
import { NodeHistory, NodeHistoryOptions } from './store/nodeHistory';
import { ClusterReachability } from './store/reachabilityReads';
import { SyncProgress } from './syncProgress';

/** A node as the engine hands it out. */
export interface StoredNode {
  key: NodeKey;
  cluster: string;
  kind: KindId;
  namespace: string;
  name: string;
  uid?: string;
  labels: Record<string, string>;
  properties: { [name: string]: Json };
  verdict: Verdict;
  createdAt?: number;
  updatedAt: number;
  revision: number;
}

export interface StoredEdge {
  source: NodeKey;
  target: NodeKey;
  relation: Relation;
  required: boolean;
  details?: { [key: string]: Json };
}

/** Which objects are an entity's own: by labels, within a namespace and clusters where given. */
export interface ObjectSelection {
  labels: LabelSelector;
  namespace?: string;
  clusters?: string[];
}

export interface SelectedGraph {
  nodes: StoredNode[];
  edges: StoredEdge[];
  /** The selected objects and all that they own or contain. */
  own: NodeKey[];
  /** What the bound left out, in words. */
  hidden: { count: number; what: string }[];
}

export interface ClusterState {
  name: string;
  state: 'syncing' | 'ready' | 'failing';
  message: string;
  at: number;
  /** `at`: when the state was written. */
  kinds: (KindState & { at?: number })[];
  /** While it is `syncing`. */
  progress?: SyncProgress;
}

export interface Neighbour {
  relation: Relation;
  /** `out`: the asked node is the edge's source. */
  direction: 'out' | 'in';
  required: boolean;
  node: StoredNode;
}

/** Every read takes what the caller may see; `undefined` sees all. */
export interface ReadOptions {
  filter?: NodeFilter;
  /**
   * Milliseconds since the epoch: `query`, `node`, `nodes`, `neighbours`, `graph`, `lineage` and `dependentPods` answer with what was
   * then; undefined: with what is now. Throws `HistoryEndsError` for a time that is not kept.
   */
  at?: number;
}

/** Which incidents: of some clusters, of some objects that are in trouble; without either, of all. */
export interface IncidentsOptions extends ReadOptions {
  clusters?: readonly string[];
  keys?: readonly NodeKey[];
  limit?: number;
}

/** The reads that the engine offers; each is bounded and says so when it cuts. */
export interface Topology {
  /** Grows with every write to any cluster. */
  revision(): Promise<number>;
  clusters(): Promise<ClusterState[]>;
  /** Runs a query in Skydive's dialect; throws `GremlinError`. */
  query(text: string, options?: ReadOptions): Promise<GremlinAnswer>;
  node(key: string, options?: ReadOptions): Promise<StoredNode | undefined>;
  /** In the order of the keys; what is absent or hidden is left out. */
  nodes(keys: readonly string[], options?: ReadOptions): Promise<StoredNode[]>;
  events(key: string): Promise<EventRow[]>;
  /** At most `limit` per relation and direction, with how many there are. */
  neighbours(
    key: string,
    options?: ReadOptions & { limit?: number },
  ): Promise<{ neighbours: Neighbour[]; more: Record<string, number> }>;
  /** The same of many nodes at once, by key, for pages of the search index; nodes without any are left out. */
  neighboursOf(
    keys: readonly string[],
    options?: ReadOptions & { limit?: number },
  ): Promise<
    Map<string, { neighbours: Neighbour[]; more: Record<string, number> }>
  >;
  /**
   * The selected objects, what they own, what these depend on and what depends on them, at most `limit` nodes
   * (default 400); nodes that are down or missing are never left out in favour of well ones.
   */
  graph(
    selections: readonly ObjectSelection[],
    options?: ReadOptions & { limit?: number },
  ): Promise<SelectedGraph>;
  explain(key: string, options?: ReadOptions): Promise<Explanation | undefined>;
  /** The causes behind all of these that are down, symptoms that share a root counted once. */
  causes(
    keys: readonly NodeKey[],
    options?: ReadOptions,
  ): Promise<{
    causes: (RootCause & { affected: NodeKey[] })[];
    unexplained: NodeKey[];
  }>;
  /**
   * All that is in trouble, by what it starts from: in every cluster, or in some, or among these objects only. At most
   * `limit` incidents (default 200), the most severe first; a bound that cut says so.
   */
  incidents(options?: IncidentsOptions): Promise<Incidents>;
  /**
   * Incidents that opened, changed or were resolved, the newest change first, as far as the caller may see them: the
   * root must be visible, now or then, and only visible objects are named as affected.
   */
  incidentLog(
    options?: IncidentLogOptions & Pick<ReadOptions, 'filter'>,
  ): Promise<IncidentRecord[]>;
  /** Pods that read a Secret or ConfigMap, or use a claim, service account…: what a restart of its dependents means. */
  dependentPods(
    key: string,
    options?: ReadOptions & { limit?: number },
  ): Promise<{ pods: StoredNode[]; more: number }>;
  /**
   * What breaks if an object goes: whom it takes along and who misses it, now or later; at most `limit` objects
   * (default 500). `undefined` when there is none that the caller may see.
   */
  impact(
    key: string,
    options?: ReadOptions & { limit?: number },
  ): Promise<Impact | undefined>;
  /**
   * What an object is in or controlled by, up to its cluster; or what it contains or controls, down to the containers.
   * `undefined` when there is none that the caller may see.
   */
  lineage(
    key: string,
    options: ReadOptions & LineageOptions,
  ): Promise<Lineage | undefined>;
  /**
   * How many objects of which level each namespace holds, and each cluster outside of them; at most `limit` places
   * (default 1,000), those with the most that is wrong first.
   */
  overview(
    options?: ReadOptions & { clusters?: readonly string[]; limit?: number },
  ): Promise<Overview>;
  /** All nodes of some kinds in id order, a page at a time, for the search index. */
  page(
    options: ReadOptions & {
      after?: number;
      limit: number;
      kinds?: KindId[];
      levels?: StatusLevel[];
    },
  ): Promise<{ nodes: StoredNode[]; next?: number }>;
  /**
   * A cluster's pods and network policies, compiled, to ask what may reach what (`reachReport`, `podMatrix`, …).
   * `undefined` for a cluster that nobody reads. Where the caller may not see all policies, answers are `unknown`.
   */
  reachability(
    cluster: string,
    options?: Pick<ReadOptions, 'filter'>,
  ): Promise<ClusterReachability | undefined>;
  /** How a node was, version by version, and what changed each time. */
  history(key: string, options?: NodeHistoryOptions): Promise<NodeHistory>;
}
