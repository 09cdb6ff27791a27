import { CRON_JOB, NODE } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { parseSchedulerMessage } from './schedulerMessage';
import { symptomsOf, textsOf } from './symptom';

const FULL = /^(Too many pods|Insufficient \S+)/;
/** Runs of one CronJob at a time that nobody wants. */
const MANY_RUNS = 10;
/** Taints of those who take nodes away. */
const LEAVING =
  /^(ToBeDeletedByClusterAutoscaler|DeletionCandidateOfClusterAutoscaler|karpenter\.sh\/disrupted|karpenter\.sh\/disruption)/;

/** A pod that finds no room, while the runs of a CronJob pile up (S156). */
export const crowdedOut: Explainer = (pod, graph) => {
  const message = schedulerMessage(pod, graph);
  if (
    !message ||
    !parseSchedulerMessage(message).reasons.every(({ text }) => FULL.test(text))
  ) {
    return undefined;
  }
  const crons = graph.inventory({ cluster: pod.cluster, kind: CRON_JOB });
  const [crowd] = (crons?.nodes ?? [])
    .filter(node => activeOf(node) >= MANY_RUNS)
    .sort((a, b) => activeOf(b) - activeOf(a));
  if (!crowd) {
    return undefined;
  }
  const active = activeOf(crowd);
  const { Schedule, ConcurrencyPolicy } = crowd.properties;
  return [
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(pod)} finds no room.`,
      evidence: pod.verdict.evidence,
      quote: { who: 'the scheduler', text: message },
      root: {
        node: crowd,
        fault: 'RunsPileUp',
        predicate: `has ${active} runs at a time: it starts one by "${Schedule}", whether the former ones have ended or not`,
        nextStep: `Stop it, then forbid runs beside each other: kubectl patch cronjob ${
          crowd.name
        }${namespaceFlag(
          crowd,
        )} -p '{"spec":{"suspend":true,"concurrencyPolicy":"Forbid"}}'`,
        evidence: [
          { source: 'field', field: 'status.active', value: String(active) },
          {
            source: 'field',
            field: 'spec.concurrencyPolicy',
            value: String(ConcurrencyPolicy ?? 'Allow'),
          },
        ],
        since: crowd.createdAt,
      },
    },
  ];
};

/** A pod that finds no room since an autoscaler takes a node away (S160): planned, and too much. */
export const nodeLeaves: Explainer = (pod, graph) => {
  const message = schedulerMessage(pod, graph);
  if (!message || !/ToBeDeleted|DeletionCandidate|karpenter/.test(message)) {
    return undefined;
  }
  const nodes = graph.inventory({ cluster: pod.cluster, kind: NODE });
  const leaving = (nodes?.nodes ?? []).filter(node => leavingTaint(node));
  return leaving.length === 0
    ? undefined
    : leaving.slice(0, 1).map((node): Finding => {
        const taint = leavingTaint(node)!;
        const field = 'spec.taints';
        return {
          type: 'root',
          confidence: 'proven',
          says: `${called(pod)} finds no room on the nodes that stay.`,
          evidence: pod.verdict.evidence,
          quote: { who: 'the scheduler', text: message },
          root: {
            node,
            fault: 'NodeBeingRemoved',
            predicate: `is taken away by the autoscaler (${taint}), and the other nodes have no room for its pods`,
            nextStep: `Let the autoscaler keep it, or give the pods more room; a second replica and a PodDisruptionBudget bridge the gap: kubectl describe node ${node.name}`,
            evidence: [{ source: 'field', field, value: taint }],
            since: node.verdict.since,
          },
        };
      });
};

function schedulerMessage(
  pod: CausalGraphNode,
  graph: CausalGraph,
): string | undefined {
  return symptomsOf(pod, graph)
    .flatMap(textsOf)
    .find(text => text.includes('nodes are available'));
}

function activeOf({ properties }: CausalGraphNode): number {
  return Number(properties.Active ?? 0);
}

function leavingTaint({ properties }: CausalGraphNode): string | undefined {
  return [properties.Taints ?? []]
    .flat()
    .map(String)
    .find(text => LEAVING.test(text));
}
