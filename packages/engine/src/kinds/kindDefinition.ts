import { KindId, NodeKey } from './identity';
import { Observed } from './observation';
import { StatusLevel, Verdict } from './status';

/** A JSON object as the API server sends it, parsed. Items of a list carry neither `kind` nor `apiVersion`. */
export type KubernetesObject = { readonly [field: string]: any };

/** What `observe` may know besides the object. Time is passed in. */
export interface ObserveContext {
  cluster: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A node as rules about neighbours see it. */
export interface ContextNode {
  key: NodeKey;
  kind: KindId;
  level: StatusLevel;
  /** The status before rules about neighbours spoke. */
  own: Verdict;
  facts: { readonly [name: string]: any };
  createdAt?: number;
}

/** The neighbours of a node over one relation, on its outgoing or incoming side. */
export type Neighbours = (
  relation: string,
  side: 'out' | 'in',
) => readonly ContextNode[];

/**
 * Turns a verdict into another when an event about the object says why. It applies only while the object's own
 * status still disagrees with being well: healthy objects keep boot-time warnings for an hour (`health.md` section 2).
 */
export interface EventRule {
  /** H-number. */
  rule: string;
  eventReasons: readonly string[];
  /** Own verdict levels (and optionally reasons) on which the event has a say. */
  when: { levels: readonly StatusLevel[]; reasons?: readonly string[] };
  level: StatusLevel;
  reason: string;
  /** At least so many occurrences (count), or lasting so long in milliseconds; default: at once. */
  after?: { count?: number; lasting?: number };
  /** Only for so long after the event's last occurrence, in milliseconds. */
  within?: number;
  /** Only events whose message contains this text. */
  messageIncludes?: string;
}

/**
 * Everything that the engine knows of a kind: one file per kind, registered in `kinds/index.ts`.
 */
export interface KindDefinition {
  readonly id: KindId;
  /** Skydive's `Type`: the kind in lower case. */
  readonly type: string;
  /** The version to list and watch, e.g. `v1`. */
  readonly version: string;
  /** Further versions that `observe` reads as well, best first: for servers that do not offer `version`. */
  readonly readableVersions?: readonly string[];
  readonly plural: string;
  readonly namespaced: boolean;
  /** Read as PartialObjectMetadata: values of Secrets and ConfigMaps never enter the process. */
  readonly metadataOnly?: boolean;
  /** `metadata.managedFields` is kept for `observe`: when and by whom the spec was written. Costs parsing; not for pods. */
  readonly keepsManagedFields?: boolean;
  observe(object: KubernetesObject, context: ObserveContext): Observed;
  readonly eventRules?: readonly EventRule[];
  /** Relations whose neighbours `judgeInContext` looks at: a change there has this node judged again. */
  readonly contextRelations?: readonly string[];
  /** The verdict with the neighbours in view; `undefined` keeps the own one. Pure; must not look further than one hop. */
  judgeInContext?(
    node: ContextNode,
    neighbours: Neighbours,
    now: number,
  ): Verdict | undefined;
}
