import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, Root, RootFinding, called } from './finding';
import { SchedulerReason } from './schedulerMessage';
import { Symptom } from './symptom';
import { templateCarrier } from './templateCarrier';
import { templateChange, withChange } from './templateChange';

/** A pod that the scheduler has no place for, and why each group of nodes does not take it. */
export interface UnplacedPod {
  pod: CausalGraphNode;
  symptom: Symptom;
  /** The scheduler's own words. */
  message: string;
  /** Without those that say nothing of this pod: nodes that only the control plane may use. */
  reasons: readonly SchedulerReason[];
}

/** One way to explain why a pod has no place; `undefined` when the reasons are others. */
export type PlacementExplainer = (
  unplaced: UnplacedPod,
  graph: CausalGraph,
) => Finding[] | undefined;

type Told = Pick<Root, 'fault' | 'predicate' | 'nextStep'> & {
  confidence?: RootFinding['confidence'];
  evidence?: Evidence[];
};

/**
 * The workload that carries the template as the root, with what a rollout changed of it. Siblings that have a place
 * speak for nobody: they are where the room ended.
 *
 * @param fields of the template that decide over the place
 */
export function templateRoot(
  unplaced: UnplacedPod,
  graph: CausalGraph,
  told: Told,
  fields: RegExp,
): RootFinding {
  const { pod } = unplaced;
  const carrier = templateCarrier(pod, graph, 'may be well');
  return withChange(
    {
      ...base(unplaced, {
        ...told,
        // Of a pod that nobody controls nothing tells whether its request or the room is wrong.
        confidence: carrier.node.key === pod.key ? 'likely' : told.confidence,
      }),
      rootEdge: carrier.edge,
      above: carrier.above,
      root: rootOf(unplaced, carrier.node, told),
    },
    { change: templateChange(pod, graph), fields },
  );
}

/** Another object as the root: a node that lets nothing in, a volume that is elsewhere. */
export function objectRoot(
  unplaced: UnplacedPod,
  node: CausalGraphNode,
  told: Told & Partial<Pick<RootFinding, 'above' | 'rootEdge'>>,
): RootFinding {
  const { above, rootEdge } = told;
  return {
    ...base(unplaced, told),
    ...(above && { above }),
    ...(rootEdge && { rootEdge }),
    root: {
      ...rootOf(unplaced, node, told),
      since: node.verdict.since ?? unplaced.symptom.since,
    },
  };
}

function base(
  { pod, symptom, message }: UnplacedPod,
  { confidence = 'proven' }: Told,
): Omit<RootFinding, 'root'> {
  return {
    type: 'root',
    confidence,
    says: `${called(pod)} fits on no node.`,
    evidence: symptom.evidence,
    quote: { who: 'the scheduler', text: message },
  };
}

function rootOf(
  { pod, symptom, reasons }: UnplacedPod,
  node: CausalGraphNode,
  { fault, predicate, nextStep, evidence = [] }: Told,
): Root {
  return {
    node,
    fault,
    predicate,
    nextStep,
    evidence: [
      ...reasons.map(
        ({ nodes, text }): Evidence => ({
          source: 'field',
          field: 'status.conditions[PodScheduled].message',
          value: nodes === undefined ? text : `${nodes} ${text}`,
        }),
      ),
      ...evidence,
    ],
    since: symptom.since ?? pod.verdict.since,
  };
}
