import { KindId, NodeKey } from './identity';
import { LabelSelector } from './labelSelector';
import { Verdict } from './status';

export type Json =
  | string
  | number
  | boolean
  | null
  | Json[]
  | { [key: string]: Json };

/** A named object that the observed one points at, or is pointed at by. */
export interface Reference {
  /** `name` of a `Relation`. */
  relation: string;
  /** Whether the observed object is the edge's source (parent) or its target (child). */
  end: 'source' | 'target';
  /** The object at the other end. */
  other: { kind: KindId; namespace: string; name: string };
  /** False: the platform goes on without it (`optional: true`). Such a reference never spreads failure. */
  required: boolean;
  /** What the edge shows: `{ "keys": ["password"], "containers": ["app"], "via": ["env"] }`. */
  details?: { [key: string]: Json };
}

/** A reference by label selector; always evaluated inside the observed object's cluster. */
export interface SelectorReference {
  relation: string;
  end: 'source' | 'target';
  /** The kind that is selected. */
  kind: KindId;
  /** `podLabels`: selects objects by the labels that they give to their pods, instead of by their own. */
  by?: 'podLabels';
  /** Where: the own namespace, every namespace, or the namespaces whose labels match. */
  namespaces: 'own' | 'all' | LabelSelector;
  selector: LabelSelector;
  details?: { [key: string]: Json };
}

/** An entry of `metadata.ownerReferences`; matched by uid (R001). */
export interface OwnerReference {
  uid: string;
  kind: KindId;
  name: string;
  controller: boolean;
}

/**
 * What the engine keeps of one Kubernetes object: a node and where it points. Produced by a kind's `observe`,
 * consumed by the graph. Shares labels and values with the object that it was read from: neither is ever changed.
 */
export interface Observation {
  type: 'object';
  key: NodeKey;
  cluster: string;
  kind: KindId;
  /** `''` for cluster-scoped objects. */
  namespace: string;
  /** As users say it; for a container the bare container name. */
  name: string;
  /** `undefined` for parts and synthetic nodes. */
  uid?: string;
  resourceVersion?: string;
  /** `metadata.creationTimestamp`, milliseconds since the epoch. */
  createdAt?: number;
  labels: Record<string, string>;
  /** The labels that it gives to its pods, where it makes pods: a Service selects workloads by them. */
  podLabels?: Record<string, string>;
  /** What `K8s.<name>` answers (`skydive.md` section 1.2), without Name, Namespace and Labels. */
  properties: { [name: string]: Json };
  /** The status by the object's own fields; `ok` for kinds that have none. */
  verdict: Verdict;
  /** Small facts for rules that look at neighbours (`KindDefinition.judgeInContext`); never sent anywhere. */
  facts?: { [name: string]: Json };
  owners: OwnerReference[];
  references: Reference[];
  selectors: SelectorReference[];
  /** Nodes that live and die with this object: a pod's containers. Their `parts` are empty. */
  parts: Observation[];
}

/** A Kubernetes Event: evidence for the object that it is about (R171), not a node. */
export interface EventObservation {
  type: 'event';
  /** The Event object's own key; deleting the Event withdraws it by this. */
  key: NodeKey;
  uid?: string;
  resourceVersion?: string;
  /** The object that it is about. Matched by key: kubelet events on a Node carry a name as uid (`apiserver.md`). */
  about: NodeKey;
  /** uid of that object where it is a real one, to tell a recreated object's events from the former one's. */
  aboutUid?: string;
  reason: string;
  eventType: 'Normal' | 'Warning';
  message: string;
  count: number;
  /** Milliseconds since the epoch. */
  firstAt: number;
  lastAt: number;
  /** The component that said it: `kubelet`, `default-scheduler`. */
  source: string;
}

export type Observed = Observation | EventObservation;
