import { KindId, NodeKey } from '../kinds/identity';
import { Json } from '../kinds/observation';
import { StatusLevel } from '../kinds/status';
import { EventRow, NodeId } from './delta';

/** A node as far as the graph has to know it to go on after a restart. */
export interface RestoredNode {
  id: NodeId;
  key: NodeKey;
  kind: KindId;
  namespace: string;
  name: string;
  /** Absent for parts, for the cluster's own node and for what is only referenced. */
  uid?: string;
  level: StatusLevel;
  hash: string;
}

export interface RestoredEdge {
  source: NodeId;
  relation: string;
  target: NodeId;
  required: boolean;
  details?: { [key: string]: Json };
}

/** What the database holds of one cluster: the graph compares the fresh lists with it and reports only differences. */
export interface StoredCluster {
  nodes: RestoredNode[];
  edges: RestoredEdge[];
  events: EventRow[];
}
