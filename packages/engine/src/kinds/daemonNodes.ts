import { ContextNode, KubernetesObject, Neighbours } from './kindDefinition';
import { NODE } from './kindIds';
import { nodesOfSpec } from './nodeSelectors';
import { Json, SelectorReference } from './observation';
import { neighbourEvidence } from './replicaHealth';
import { Verdict } from './status';
import { until } from './verdict';

/** A node may need so long until its daemons run. */
const YOUNG = 2 * 60_000;
/** What a DaemonSet's pods tolerate whatever their template says. */
const ALWAYS_TOLERATED = new Set([
  'node.kubernetes.io/disk-pressure',
  'node.kubernetes.io/memory-pressure',
  'node.kubernetes.io/network-unavailable',
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/pid-pressure',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/unschedulable',
]);

/** The nodes that should have a pod each, by their labels (R010); taints are weighed in `judgeByNodes`. */
export function daemonNodeSelectors(
  set: KubernetesObject,
): SelectorReference[] {
  return nodesOfSpec(set.spec?.template?.spec).map(selector => ({
    relation: 'daemonset-node',
    end: 'source',
    kind: NODE,
    namespaces: 'all',
    selector,
  }));
}

/** `["key", "operator", "value", "effect"]` each. */
export function tolerationFacts(set: KubernetesObject): {
  tolerations?: Json[];
} {
  const tolerations: any[] = set.spec?.template?.spec?.tolerations ?? [];
  return tolerations.length === 0
    ? {}
    : {
        tolerations: tolerations.map(one => [
          one.key ?? '',
          one.operator ?? 'Equal',
          one.value ?? '',
          one.effect ?? '',
        ]),
      };
}

/**
 * Which nodes lack a ready pod of the set (H057, H058). Nodes that have just joined, that are cordoned or not ready are
 * not the set's fault; the others are named.
 *
 * @param found the verdict so far
 */
export function judgeByNodes(
  set: ContextNode,
  found: Verdict,
  neighbours: Neighbours,
  now: number,
): Verdict | undefined {
  const served = new Set(
    neighbours('daemonset-pod', 'out')
      .filter(({ facts }) => facts.ready)
      .map(({ facts }) => facts.daemonNode),
  );
  const lacking = neighbours('daemonset-node', 'out').filter(
    node =>
      node.level !== 'missing' &&
      !served.has(nameOf(node)) &&
      toleratesAll(set.facts.tolerations ?? [], node.facts.taints ?? []),
  );
  if (lacking.length === 0) {
    return undefined;
  }
  const blamed = lacking.filter(
    node => !isYoung(node, now) && !isOutOfService(node),
  );
  const missing = set.facts.desired - set.facts.ready;
  if (blamed.length === 0 && lacking.length >= missing) {
    const young = lacking.filter(node => isYoung(node, now));
    const { sequel: _, ...current } = found;
    return young.length > 0
      ? until(
          Math.max(...young.map(({ createdAt = 0 }) => createdAt)) + YOUNG,
          { ...current, level: 'progressing' },
          found,
        )
      : { ...current, level: 'ok', reason: 'NodesLost' };
  }
  const shown = blamed.length > 0 ? blamed : lacking;
  return {
    ...found,
    message: `${found.message ?? ''} (not on ${namesOf(shown)})`.trim(),
    evidence: [
      ...found.evidence,
      ...shown.slice(0, 5).map(node => neighbourEvidence(node)),
    ],
  };
}

function namesOf(nodes: readonly ContextNode[]): string {
  const more = nodes.length > 5 ? ` and ${nodes.length - 5} more` : '';
  return nodes.slice(0, 5).map(nameOf).join(', ') + more;
}

function nameOf({ key }: ContextNode): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function isYoung({ createdAt }: ContextNode, now: number): boolean {
  return createdAt !== undefined && createdAt + YOUNG > now;
}

function isOutOfService({ own, facts }: ContextNode): boolean {
  return own.level === 'maintenance' || facts.ready !== 'True';
}

/** Whether the tolerations allow every taint, each `key=value:Effect`, that keeps pods away (R110). */
export function toleratesAll(
  tolerations: readonly (readonly string[])[],
  taints: readonly string[],
): boolean {
  return taints.every(taint => {
    const [, key, value = '', effect] =
      /^([^=:]*)(?:=([^:]*))?:(.*)$/.exec(taint) ?? [];
    return (
      effect === 'PreferNoSchedule' ||
      ALWAYS_TOLERATED.has(key) ||
      tolerations.some(
        ([wantedKey, operator, wantedValue, wantedEffect]) =>
          (wantedEffect === '' || wantedEffect === effect) &&
          (wantedKey === key || (wantedKey === '' && operator === 'Exists')) &&
          (operator === 'Exists' || wantedValue === value),
      )
    );
  });
}
