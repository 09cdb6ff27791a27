import { KindId, NodeKey } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { Unavailability } from '../kinds/update';
import { Verdict } from '../kinds/status';

declare const nodeIdBrand: unique symbol;
/** The integer that stands for a node inside SQL. Never leaves the engine. */
export type NodeId = number & { readonly [nodeIdBrand]: true };

/** A node as it is written: the row of `nodes`. */
export interface NodeRow {
  id: NodeId;
  key: NodeKey;
  kind: KindId;
  namespace: string;
  name: string;
  uid?: string;
  labels: Readonly<Record<string, string>>;
  properties: { [name: string]: Json };
  verdict: Verdict;
  createdAt?: number;
  /** Content hash of all of the above: an unchanged row is not written again after a restart. */
  hash: string;
  /** The database has no row of this id: it may be appended without a look. */
  isNew?: boolean;
}

/** A node of which nothing but the verdict changed. */
export interface VerdictRow {
  id: NodeId;
  verdict: Verdict;
  /** The node's new content hash. */
  hash: string;
}

export interface EdgeRow {
  source: NodeId;
  /** `name` of a `Relation`. */
  relation: string;
  target: NodeId;
  required: boolean;
  details?: { [key: string]: Json };
  /** The database has no row of this edge. */
  isNew?: boolean;
}

/** An Event as it is kept beside the object that it is about; the newest per object, reason and source. */
export interface EventRow {
  about: NodeKey;
  reason: string;
  source: string;
  eventType: 'Normal' | 'Warning';
  message: string;
  count: number;
  firstAt: number;
  lastAt: number;
}

export type KindState =
  | {
      /** Or about to be. */
      state: 'listing';
      kind: KindId;
      /** Read by this list so far. */
      objects?: number;
      /** That it will have read in the end, where the server says so. */
      expected?: number;
    }
  | {
      state: 'listed';
      kind: KindId;
      resourceVersion: string;
      objects: number;
      /** What the list leaves out, and why. */
      message?: string;
    }
  | { state: Unavailability; kind: KindId; message: string };

/** As JSON: the text that was hashed is the one that is written. */
export interface ContentTexts {
  labels: string;
  properties: string;
}

export interface RowTexts extends Partial<ContentTexts> {
  verdict?: string;
}

/** What one batch changes in one cluster: written in one transaction, as one revision. */
export interface GraphDelta {
  cluster: string;
  at: number;
  nodes: NodeRow[];
  /** Of nodes whose content was observed since the former delta. */
  texts?: ReadonlyMap<NodeId, RowTexts>;
  /** The graph keeps no objects: when time, an event or a neighbour changes a verdict, it reports the verdict alone. */
  verdicts?: VerdictRow[];
  /** Their edges go with them. */
  removedNodes: NodeId[];
  edges: EdgeRow[];
  removedEdges: Pick<EdgeRow, 'source' | 'relation' | 'target'>[];
  events: EventRow[];
  removedEvents: Pick<EventRow, 'about' | 'reason' | 'source'>[];
  kindStates: KindState[];
  /** Set once, when the first lists are through: all kinds that are followed. What is stored of others' states goes. */
  followedKinds?: KindId[];
  /** Set when it changed: `syncing` until every kind was listed once or cannot be, `failing` when none can be read. */
  clusterState?: { state: 'syncing' | 'ready' | 'failing'; message: string };
}
