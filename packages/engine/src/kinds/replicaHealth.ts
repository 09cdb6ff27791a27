import { ContextNode } from './kindDefinition';
import { Evidence, Verdict } from './status';
import { fieldEvidence, until, verdict } from './verdict';

const MINUTE = 60_000;

/** Without a deadline of its own a controller gets as long as a Deployment by default: ten minutes. */
export const ROLLOUT_BUDGET = 10 * MINUTE;

export interface Replicas {
  desired: number;
  /** Pods that exist, ready or not. */
  created: number;
  ready: number;
  /** Field paths of the numbers, for the evidence. */
  fields: { desired: string; ready: string };
}

export function replicaEvidence({
  desired,
  ready,
  fields,
}: Omit<Replicas, 'created'>): Evidence[] {
  return [
    fieldEvidence(fields.ready, ready),
    fieldEvidence(fields.desired, desired),
  ];
}

/**
 * Fewer ready replicas than desired, by numbers alone. While pods are still to be created the controller is at work
 * (one that may not create them says so in a condition or an event). After that: ten minutes from the controller's
 * creation, then degraded, or down without any. Where the pods are in view they are judged instead (`judgeByPods`).
 */
export function replicaVerdict(
  replicas: Replicas,
  createdAt: number | undefined,
  rule: string,
  reason: string,
): Verdict {
  const details = {
    rule,
    message: `${replicas.ready} of ${replicas.desired} ready`,
    evidence: replicaEvidence(replicas),
  };
  const progressing = verdict('progressing', reason, details);
  return replicas.created < replicas.desired
    ? progressing
    : until(
        (createdAt ?? 0) + ROLLOUT_BUDGET,
        progressing,
        verdict(replicas.ready === 0 ? 'down' : 'degraded', reason, details),
      );
}

/** Forbidden to create pods and none left: then nothing works (H054). */
export function judgeByCreation(node: ContextNode): Verdict | undefined {
  const nothingLeft = node.facts.ready === 0 && node.facts.desired > 0;
  return node.own.reason === 'CannotCreatePods' && nothingLeft
    ? { ...node.own, level: 'down' }
    : undefined;
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
      evidence: [...own.evidence, ...broken.slice(0, 5).map(neighbourEvidence)],
    });
  }
  const lost = pods.filter(pod => pod.level === 'unknown');
  if (lost.length > 0 && ready + lost.length >= desired) {
    return verdict('ok', 'NodesLost', {
      rule,
      message: `${ready} of ${desired} ready, the others' nodes are unreachable`,
      evidence: [...own.evidence, ...lost.slice(0, 5).map(neighbourEvidence)],
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

/** A neighbour as evidence, by key: its name alone would not say which. */
export function neighbourEvidence(pod: ContextNode): Evidence {
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
