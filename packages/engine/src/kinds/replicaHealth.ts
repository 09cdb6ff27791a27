import { ContextNode } from './kindDefinition';
import { Evidence, Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

const MINUTE = 60_000;

/** Without a deadline of its own a controller gets as long as a Deployment by default: ten minutes. */
export const ROLLOUT_BUDGET = 10 * MINUTE;

export interface Replicas {
  desired: number;
  ready: number;
  /** Field paths of the two, for the evidence. */
  fields: { desired: string; ready: string };
}

export function replicaEvidence({
  desired,
  ready,
  fields,
}: Replicas): Evidence[] {
  return [
    fieldEvidence(fields.ready, ready),
    fieldEvidence(fields.desired, desired),
  ];
}

/**
 * Fewer ready replicas than desired, by numbers alone: in the making for ten minutes after creation, then degraded,
 * or down without any. A controller whose pods are in view is judged by them instead (`judgeByPods`).
 */
export function replicaVerdict(
  replicas: Replicas,
  createdAt: number | undefined,
  rule: string,
  reason: string,
): Verdict {
  const evidence = replicaEvidence(replicas);
  const message = `${replicas.ready} of ${replicas.desired} ready`;
  return until(
    (createdAt ?? 0) + ROLLOUT_BUDGET,
    verdict('progressing', reason, { rule, message, evidence }),
    verdict(replicas.ready === 0 ? 'down' : 'degraded', reason, {
      rule,
      message,
      evidence,
    }),
  );
}

const BROKEN: ReadonlySet<string> = new Set(['down', 'degraded', 'unknown']);
const UNDER_WAY: ReadonlySet<string> = new Set(['progressing', 'terminating']);

/**
 * What a controller's pods say of its missing replicas (H050, H051, H057): broken pods make it degraded, or down when
 * none is ready; pods that are only starting or stopping make it progressing. `undefined` when they say nothing.
 *
 * @param lostCounts whether pods on an unreachable node count: a DaemonSet is not to blame for its nodes
 */
export function judgeByPods(
  own: Verdict,
  replicas: { desired: number; ready: number },
  pods: readonly ContextNode[],
  rule: string,
  reason: string,
  lostCounts = true,
): Verdict | undefined {
  const { desired, ready } = replicas;
  if (ready >= desired) {
    return undefined;
  }
  const broken = pods.filter(
    pod =>
      BROKEN.has(pod.level) && (lostCounts || pod.own.reason !== 'NodeLost'),
  );
  if (broken.length > 0) {
    return verdict(ready === 0 ? 'down' : 'degraded', reason, {
      rule,
      message: `${ready} of ${desired} ready`,
      since: earliest(broken),
      evidence: [...own.evidence, ...broken.slice(0, 5).map(podEvidence)],
    });
  }
  const lost = pods.filter(pod => pod.level === 'unknown');
  if (lost.length > 0 && ready + lost.length >= desired) {
    return verdict('ok', 'NodesLost', {
      rule,
      message: `${ready} of ${desired} ready, the others' nodes are unreachable`,
      evidence: [...own.evidence, ...lost.slice(0, 5).map(podEvidence)],
    });
  }
  if (lost.length === 0 && !pods.some(pod => UNDER_WAY.has(pod.level))) {
    return undefined;
  }
  const { sequel: _, ...current } = own;
  return own.level === 'down' || own.level === 'degraded'
    ? { ...current, level: 'progressing' }
    : current;
}

/** One pod as evidence, by key: its name alone would not say which. */
export function podEvidence(pod: ContextNode): Evidence {
  return {
    source: 'structure',
    field: pod.key,
    value: [pod.level, pod.own.reason, pod.own.message]
      .filter(Boolean)
      .join(': '),
    ...(pod.own.since === undefined ? {} : { since: pod.own.since }),
  };
}

export function earliest(nodes: readonly ContextNode[]): number | undefined {
  const times = nodes.flatMap(({ own }) =>
    own.since === undefined ? [] : [own.since],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
