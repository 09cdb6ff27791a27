import { listOf } from '../kinds/wellFormed';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { SchedulerReason } from './schedulerMessage';
import { nodesOf } from './siblings';

/** Newer schedulers do not say which. */
const UNNAMED = /untolerated taint(\(s\)|s)?$/;

/** The taints of a node, `dedicated=gpu:NoSchedule` each. */
export function taintsOf({ properties }: CausalGraphNode): string[] {
  return listOf(properties.Taints).map(String);
}

/**
 * The scheduler's reasons with the taints that they mean: where its message does not name them, those of the nodes that
 * the pod does not tolerate. A cordoned node is counted as such before its taints are looked at.
 */
export function withTaintsNamed(
  reasons: readonly SchedulerReason[],
  pod: CausalGraphNode,
  graph: CausalGraph,
): SchedulerReason[] {
  return reasons.flatMap(reason => {
    if (!UNNAMED.test(reason.text)) {
      return [reason];
    }
    const counts = new Map<string, number>();
    for (const node of nodesOf(pod.cluster, graph)?.nodes ?? []) {
      const taint =
        node.properties.Unschedulable === true
          ? undefined
          : taintsOf(node).find(
              text => isRepelling(text) && !tolerates(pod, text),
            );
      if (taint) {
        const { key, value } = partsOf(taint);
        const text = `node(s) had untolerated taint {${key}: ${value}}`;
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    // Other nodes than the message is about: then it stays as it is.
    return total > 0 && (reason.nodes === undefined || total === reason.nodes)
      ? [...counts].map(([text, nodes]) => ({ nodes, text }))
      : [reason];
  });
}

function isRepelling(taint: string): boolean {
  return /:No(Schedule|Execute)$/.test(taint);
}

/** `dedicated=gpu:NoSchedule`. */
function partsOf(taint: string): {
  key: string;
  value: string;
  effect: string;
} {
  const colon = taint.lastIndexOf(':');
  const [key, value = ''] = taint.slice(0, colon).split('=');
  return { key, value, effect: taint.slice(colon + 1) };
}

function tolerates({ properties }: CausalGraphNode, taint: string): boolean {
  const { key, value, effect } = partsOf(taint);
  return listOf(properties.Tolerations)
    .map(Object)
    .some(
      one =>
        (!one.effect || one.effect === effect) &&
        (one.operator === 'Exists'
          ? !one.key || one.key === key
          : one.key === key && (one.value ?? '') === value),
    );
}
