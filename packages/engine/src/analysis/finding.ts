import { NodeKey } from '../kinds/identity';
import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphEdge, CausalGraphNode } from './causalGraph';
import { RootCause } from './rootCause';

/** Kubernetes' own words, with who said them: `the scheduler`, `the kubelet`. */
export interface Quote {
  who: string;
  text: string;
}

interface FindingBase {
  /** What happens at the explained node, one sentence. */
  says: string;
  evidence: Evidence[];
  quote?: Quote;
  confidence: RootCause['confidence'];
}

/** Where a cause starts. */
export interface Root {
  node: CausalGraphNode;
  /** CamelCase, e.g. `MissingSecret`. */
  fault: string;
  /** What is wrong, to follow the object's name: `does not exist in namespace shop`. */
  predicate: string;
  /** What to do next. */
  nextStep: string;
  evidence: Evidence[];
  quote?: Quote;
  since?: number;
  /** A state that may be meant so: at fault only if somebody suffers from it. */
  onlyIfNeeded?: true;
}

/** One object between the root and the explained node, root's side first. */
export interface Link {
  node: CausalGraphNode;
  edge?: CausalGraphEdge;
  says: string;
  evidence: Evidence[];
}

/**
 * The explained node, or the object that carries its template, is where it starts. `above` leads from the root to
 * the explained node, both excluded; `edge` is the one that arrives at the explained node.
 */
export interface RootFinding extends FindingBase {
  type: 'root';
  root: Root;
  rootEdge?: CausalGraphEdge;
  above?: Link[];
}

/** The explained node suffers from another one, which is explained in turn. */
export interface DependencyFinding extends FindingBase {
  type: 'dependency';
  on: NodeKey;
  edge?: CausalGraphEdge;
  /** The edge was guessed, and the family has found more that speaks for it: time, siblings, what the object does. */
  weighed?: true;
}

/** A symptom that nothing at hand explains, in words. */
export interface SilentFinding {
  type: 'silent';
  because: string;
}

/** What looks like a fault is none: a class that exists in name only, for binding by hand. */
export interface HarmlessFinding {
  type: 'harmless';
}

export type Finding =
  | RootFinding
  | DependencyFinding
  | SilentFinding
  | HarmlessFinding;

/**
 * One family of explanations: says what explains the node, `undefined` when the symptom is none of the family's.
 * Pure; looks at the graph and at nothing else.
 */
export type Explainer = (
  node: CausalGraphNode,
  graph: CausalGraph,
) => Finding[] | undefined;

/** `Pod task-pv-pod`; a claim and a volume by the words people use. */
export function called(node: CausalGraphNode): string {
  return `${node.kind.kind} ${node.name}`;
}

/** ` in namespace shop`, or nothing for cluster-scoped objects. */
export function inNamespace(node: { namespace: string }): string {
  return node.namespace === '' ? '' : ` in namespace ${node.namespace}`;
}

/** `-n shop `, or nothing: for commands. */
export function namespaceFlag(node: { namespace: string }): string {
  return node.namespace === '' ? '' : ` -n ${node.namespace}`;
}
