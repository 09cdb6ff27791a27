/** What the REST API of `kubernetes-topology` speaks. Times are milliseconds since the epoch. */

export type StatusLevel =
  | 'ok'
  | 'progressing'
  | 'degraded'
  | 'down'
  | 'idle'
  | 'suspended'
  | 'maintenance'
  | 'terminating'
  | 'history'
  | 'unknown'
  | 'missing';

export interface Evidence {
  source: 'field' | 'event' | 'absence' | 'structure';
  field: string;
  value: string;
  since?: number;
}

/** An object's own status, with what proves it. */
export interface Verdict {
  level: StatusLevel;
  reason: string;
  message?: string;
  rule?: string;
  since?: number;
  evidence: Evidence[];
}

export interface TopologyNode {
  /** Stable and readable: `<cluster>/<Kind[.group]>/<namespace>/<name>`. */
  key: string;
  cluster: string;
  group: string;
  kind: string;
  namespace: string;
  name: string;
  verdict: Verdict;
  createdAt?: number;
}

export type RelationClass =
  | 'ownership'
  | 'control'
  | 'config'
  | 'storage'
  | 'routing'
  | 'policy'
  | 'scheduling'
  | 'identity';

export interface TopologyEdge {
  source: string;
  target: string;
  relation: string;
  relationType: string;
  class: RelationClass;
  /** False: optional, the platform goes on without it. */
  required: boolean;
  /** Keys that the reference asks for and that its Secret or ConfigMap proves not to have. */
  missingKeys?: string[];
}

export interface CausalHop {
  node: TopologyNode;
  /** The edge to the next hop; absent at the victim. */
  edge?: { source: string; relation: string; target: string };
  says: string;
  evidence: Evidence[];
}

export interface RootCause {
  root: TopologyNode;
  fault: string;
  confidence: 'proven' | 'likely';
  since?: number;
  summary: string;
  nextStep: string;
  /** Root first, victim last. */
  path: CausalHop[];
}

export type Explanation =
  | { answer: 'cause'; victim: TopologyNode; causes: RootCause[] }
  | { answer: 'healthy'; victim: TopologyNode }
  | { answer: 'unexplained'; victim: TopologyNode; because: string };

/** How far the first sync of a cluster is. */
export interface SyncProgress {
  /** That are to be read; those that the API server does not serve do not count. */
  kinds: number;
  /** That are through: listed, or known not to be readable. */
  kindsDone: number;
  /** By objects, 0 to 100. */
  percent: number;
}

/** How well a cluster is read. */
export interface ClusterStatus {
  name: string;
  state: 'syncing' | 'ready' | 'failing';
  message: string;
  /** While it is `syncing`. */
  progress?: SyncProgress;
  /** When that was last so. */
  at: number;
  kinds: {
    kind: string;
    state: 'listing' | 'listed' | 'forbidden' | 'absent' | 'failing';
    objects: number;
    /** The caller may not see all of the kind: `objects` counts none of them and is 0. */
    countHidden?: true;
    message: string;
  }[];
}

/** How well one kind of a cluster is read. */
export interface KindHealth {
  kind: string;
  group: string;
  /** Skydive's name of the kind, the `Type` in queries. */
  type: string;
  state: 'listed' | 'listing' | 'forbidden' | 'absent' | 'failing';
  objects: number;
  /** Objects that a running list will have read in the end, where the server says so. */
  expected?: number;
  /** The caller may not see all of the kind: `objects` counts none of them and is 0. */
  countHidden?: true;
  /** The last error, or what a list leaves out and why. */
  message?: string;
  /** From a change in the cluster to its committed row, the latest measured, in milliseconds. */
  lagMs?: number;
  /** When that state was last seen. */
  at: number;
}

/** How well a cluster is read, kind by kind: the answer of `GET /clusters/:name/health`. */
export interface ClusterHealth {
  name: string;
  state: ClusterStatus['state'];
  message: string;
  /** While it is `syncing`. */
  progress?: SyncProgress;
  /** The last revision that was written for it. */
  revision?: number;
  updatedAt: number;
  /** The replica that reads it, where several share the clusters out. */
  holder?: string;
  kinds: KindHealth[];
}

/** A cause with the objects of the entity that it takes down. */
export interface EntityCause extends RootCause {
  affected: TopologyNode[];
}

export interface EntityTopology {
  entityRef: string;
  /** Grows with every change of a cluster that the answer reads. */
  revision: number;
  clusters: ClusterStatus[];
  /** The entity's own objects are those whose key stands in `own`. */
  nodes: TopologyNode[];
  edges: TopologyEdge[];
  own: string[];
  /** Most severe first; symptoms that share a root are one. */
  causes: EntityCause[];
  /** Own objects that are down without a cause that the Kubernetes API shows. */
  unexplained: TopologyNode[];
  /** What the bound on drawn nodes left out, in words; empty when nothing. */
  hidden: { count: number; what: string }[];
}

export interface NeighbourGroup {
  relation: string;
  class: RelationClass;
  direction: 'out' | 'in';
  nodes: TopologyNode[];
  /** How many more there are. */
  more: number;
}

export interface ObjectEvent {
  reason: string;
  eventType: 'Normal' | 'Warning';
  message: string;
  count: number;
  firstAt: number;
  lastAt: number;
  source: string;
}

export interface NodeDetails {
  node: TopologyNode;
  labels: Record<string, string>;
  properties: { [name: string]: unknown };
  events: ObjectEvent[];
  neighbours: NeighbourGroup[];
}

/** A node's neighbours by relation and direction. */
export interface NodeNeighbours {
  node: TopologyNode;
  neighbours: NeighbourGroup[];
}

/** A page of objects; pass `nextCursor` as `cursor` for the following one; absent on the last. */
export interface NodePage {
  items: TopologyNode[];
  nextCursor?: string;
}

/** One thing in which a version of an object differs from another. Absent: it was, or is, not there. */
export interface NodeChange {
  part: 'level' | 'reason' | 'message' | 'uid' | 'label' | 'property';
  /** Of a label or a property. */
  name?: string;
  before?: unknown;
  after?: unknown;
}

/** An object as it was for a while. */
export interface NodeVersion {
  from: number;
  /** Absent while it is so still. */
  to?: number;
  node: TopologyNode;
  labels: Record<string, string>;
  properties: { [name: string]: unknown };
  /** Absent when the object appeared. */
  changes?: NodeChange[];
}

export interface NodeHistory {
  /** The newest first. */
  versions: NodeVersion[];
  /** What was before this time is not kept. */
  since: number;
  /** Of the older ones. */
  nextCursor?: string;
}

export interface DiffEdge {
  source: string;
  target: string;
  relationType: string;
}

/** What changed in a query's answer between two times. */
export interface TopologyDiff {
  from: number;
  to: number;
  added: TopologyNode[];
  removed: TopologyNode[];
  /** As they are at `to`, with what differs. */
  changed: { node: TopologyNode; changes: NodeChange[] }[];
  addedEdges: DiffEdge[];
  removedEdges: DiffEdge[];
  /** Set when a bound cut one of the answers: what is beyond it was not compared. */
  cut?: string;
}

/** A kind of objects over all clusters that have it. */
export interface KindSummary {
  kind: string;
  group: string;
  /** Skydive's name of the kind, the `Type` in queries. */
  type: string;
  clusters: string[];
  objects: number;
  /** The caller may not see all of the kind somewhere; `objects` counts none there. */
  countHidden?: true;
}

/** Whether a favourite says what is shown, or what of it glows. */
export type FavouriteUse = 'filter' | 'highlight';

export interface FavouriteRequest {
  name: string;
  query: string;
  /** Default `filter`. */
  use?: FavouriteUse;
  /** Everybody may use it, only its owner may change it. Default false. */
  shared?: boolean;
}

/** A saved query. */
export interface Favourite {
  id: string;
  name: string;
  query: string;
  use: FavouriteUse;
  shared: boolean;
  /** Comes with the plugin and cannot be changed. */
  builtIn: boolean;
  /** The caller may change it. */
  mine: boolean;
  /** An entity reference. */
  owner?: string;
  updatedAt?: number;
}

/** The media types in which a query's answer can be had as text. */
export const QUERY_FORMS = {
  dot: 'text/vnd.graphviz',
  mermaid: 'text/vnd.mermaid',
  graphMl: 'application/graphml+xml',
  csv: 'text/csv',
} as const;
export type QueryForm = keyof typeof QUERY_FORMS;

/** How much it matters: something serves nobody, serves less, or will bite later. */
export type IncidentSeverity = 'critical' | 'warning' | 'info';

/** Another object that could explain the same symptoms, and why it is not the root. */
export interface RivalCause {
  root: TopologyNode;
  fault: string;
  speaksFor: string[];
  speaksAgainst: string[];
}

/** Symptoms that share a cause: one root, counted once. */
export interface Incident {
  /** The same as long as root and fault are the same. */
  id: string;
  root: TopologyNode;
  fault: string;
  severity: IncidentSeverity;
  confidence: RootCause['confidence'];
  since?: number;
  summary: string;
  nextStep: string;
  /** The longest cascade, root first. */
  path: CausalHop[];
  evidence: Evidence[];
  /** The gravest first. */
  affected: TopologyNode[];
  /** Affected objects beyond the bound. */
  more: number;
  rivals: RivalCause[];
}

export interface Incidents {
  /** Most severe first. */
  incidents: Incident[];
  /** Down, and nothing that Kubernetes shows explains it. */
  unexplained: { node: TopologyNode; because: string }[];
  /** What a bound left out, in words. */
  cut?: string;
}

/** An incident from when it opened. */
export interface IncidentRecord {
  cluster: string;
  openedAt: number;
  /** When its severity, its confidence or whom it affects changed last. */
  changedAt: number;
  /** Absent while it is open. */
  resolvedAt?: number;
  /** As it was told last. */
  incident: Incident;
}

/** What a namespace holds, or a cluster outside of its namespaces. */
export interface PlaceCounts {
  cluster: string;
  /** `''`: what is in none. */
  namespace: string;
  /** Objects by level; levels without any are left out. */
  levels: Partial<Record<StatusLevel, number>>;
  /** Of them, pods. */
  pods: number;
}

/** Where there is something, and how it is there. */
export interface TopologyOverview {
  revision: number;
  clusters: ClusterStatus[];
  /** Those with the most that is wrong first. */
  places: PlaceCounts[];
  /** Places beyond the bound. */
  more: number;
}

/** The graph of a namespace, or of a cluster outside of its namespaces, as that of an entity. */
export type PlaceTopology = Omit<EntityTopology, 'entityRef'>;

/** At once; when a pod starts; when it scales; when a node is drained. */
export type ImpactMoment = 'now' | 'nextStart' | 'scaling' | 'drain';
/** `hard`: it does not work without. `soft`: it works worse, in part, or perhaps. */
export type ImpactStrength = 'hard' | 'soft';

export interface ImpactNode {
  key: string;
  /** Without the group. */
  kind: string;
  namespace: string;
  name: string;
  level: StatusLevel;
}

/** An object that would feel it. */
export interface Impacted {
  node: ImpactNode;
  /** `goes`: it is deleted along with what owns it; `suffers`: it misses what it needs. */
  how: 'goes' | 'suffers';
  /** Ascending by moment; never empty. */
  effects: { when: ImpactMoment; strength: ImpactStrength }[];
  /** The object that hands it on. */
  via: string;
  relation: string;
  /** Of several alike that it needs one of: how many it would lose. */
  loses?: { count: number; of: number };
  /** The way there rests on a guess from names or text. */
  inferred?: true;
  distance: number;
  says: string;
}

/** What breaks if an object goes. */
export interface Impact {
  node: ImpactNode;
  /** The gravest first. */
  impacted: Impacted[];
  /** Of all, also of those beyond the limit. */
  counts: Record<ImpactMoment, Record<ImpactStrength, number>>;
  more: number;
  /** What a bound left out, in words. */
  cut?: string;
}

/** What to restart: pods by key, or every pod that reads a Secret or ConfigMap. */
export type RestartTarget = { pods: string[] } | { dependentsOf: string };

/** `replacement` is the name of the pod that takes the restarted one's place. */
export type RestartStep =
  | { state: 'waiting' }
  | { state: 'evicting' }
  | { state: 'starting'; replacement?: string }
  | { state: 'done'; replacement?: string }
  | { state: 'refused'; message: string }
  | { state: 'failed'; message: string };

export interface RestartRun {
  id: string;
  state: 'planned' | 'running' | 'done' | 'failed';
  target: RestartTarget;
  startedBy: string;
  startedAt: number;
  pods: {
    key: string;
    name: string;
    namespace: string;
    /** Who brings it back; a pod without a controller would not come back and is never restarted. */
    controller?: string;
    step: RestartStep;
  }[];
}

/** The body of `POST /restarts`; `dryRun` answers the plan and changes nothing. */
export interface RestartRequest {
  target: RestartTarget;
  dryRun?: boolean;
}

/** A document of the search index: one object with what depends on it. */
export interface TopologyDocument {
  key: string;
  title: string;
  text: string;
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
  level: StatusLevel;
  /** The level again, under the name that people filter by. */
  status: StatusLevel;
  /** Whether it runs with configuration that changed since; text, as a search's filters are. */
  stale: 'true' | 'false';
  /** Fault of the gravest open incident that it causes or suffers from; empty without one. */
  incident: string;
  /** What it depends on, `<kind>/<name>`, at most 30. */
  dependsOn: string[];
  /** What depends on it in its namespace, the pods named below and others, `<kind>/<name>`, at most 30. */
  dependedOnBy: string[];
  /** Pods of its namespace that depend on it, at most 20. */
  dependents: { key: string; name: string; level: StatusLevel }[];
  /** How many more depend on it. */
  moreDependents: number;
  /** Catalog entity that owns it, where one is known. */
  entityRef?: string;
  /** Catalog entity whose Topology tab shows it: the owner, else one of what depends on it. */
  shownIn?: string;
}

/** A page of documents; pass `next` as `after` for the following one; absent on the last. */
export interface TopologyDocumentPage {
  items: TopologyDocument[];
  next?: number;
}

/** The message on the signals channel: something changed, ask again. */
export interface TopologySignal {
  revision: number;
}

export const TOPOLOGY_SIGNAL_CHANNEL = 'kubernetes-topology';

/** Header of a query's answer that a bound cut: which bound, in words. */
export const TOPOLOGY_CUT_HEADER = 'X-Kubernetes-Topology-Cut';

/** Header of a query's answer that found nothing, where a word of the query is probably misspelt: which, in words. */
export const TOPOLOGY_HINT_HEADER = 'X-Kubernetes-Topology-Hint';
