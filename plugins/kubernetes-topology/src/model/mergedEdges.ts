import {
  RelationClass,
  TopologyEdge,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { DrawnEdge } from './drawing';

/** Kinds that nearly everything hangs on: laid out, they would pull all into one knot (`ui.md` section 5). */
const HUB_KINDS: ReadonlySet<string> = new Set([
  'Node',
  'ServiceAccount',
  'StorageClass',
  'PriorityClass',
  'IngressClass',
]);

const CROSS_CUTTING_CLASSES: ReadonlySet<RelationClass> =
  new Set<RelationClass>(['scheduling', 'identity', 'policy', 'ownership']);

function isCrossCutting(
  edge: TopologyEdge,
  source: TopologyNode | undefined,
  target: TopologyNode | undefined,
): boolean {
  return (
    CROSS_CUTTING_CLASSES.has(edge.class) ||
    [source, target].some(
      node =>
        node !== undefined &&
        // What is missing is worth its line, whatever kind it would be.
        node.verdict.level !== 'missing' &&
        (HUB_KINDS.has(node.kind) || node.name === 'kube-root-ca.crt'),
    )
  );
}

const WORKLOAD_KINDS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

/**
 * What a workload's pod template refers to and one of its pods refers to as well: drawn at the pod, once. Each as
 * `<workload> <target>`.
 */
function templateReferencesOfPods(edges: readonly TopologyEdge[]): Set<string> {
  const owners = new Map<string, string[]>();
  for (const { class: edgeClass, source, target } of edges) {
    if (edgeClass === 'control') {
      owners.set(target, [...(owners.get(target) ?? []), source]);
    }
  }
  const covered = new Set<string>();
  for (const { class: edgeClass, source, target } of edges) {
    if (edgeClass === 'config' || edgeClass === 'storage') {
      let above = owners.get(source) ?? [];
      for (let depth = 0; depth < 3 && above.length > 0; depth++) {
        above.forEach(owner => covered.add(`${owner} ${target}`));
        above = above.flatMap(owner => owners.get(owner) ?? []);
      }
    }
  }
  return covered;
}

/** One edge for each pair of drawn nodes: a secret that is mounted and read into the environment is one line. */
export function mergedEdges(
  edges: readonly TopologyEdge[],
  byKey: ReadonlyMap<string, TopologyNode>,
  drawnAs: (key: string) => string | undefined,
): Map<string, DrawnEdge> {
  const merged = new Map<string, DrawnEdge>();
  const drawnAtPods = templateReferencesOfPods(edges);
  for (const edge of edges) {
    const source = drawnAs(edge.source);
    const target = drawnAs(edge.target);
    if (source === undefined || target === undefined || source === target) {
      continue;
    }
    const ends = [byKey.get(edge.source), byKey.get(edge.target)];
    const missing =
      edge.required && ends.some(end => end?.verdict.level === 'missing');
    if (
      WORKLOAD_KINDS.has(ends[0]?.kind ?? '') &&
      drawnAtPods.has(`${edge.source} ${edge.target}`)
    ) {
      continue;
    }
    const crossCutting = isCrossCutting(edge, ends[0], ends[1]);
    const id = `${source} → ${target}`;
    const known = merged.get(id);
    if (known) {
      known.required ||= edge.required;
      known.missing ||= missing;
      if (known.crossCutting && !crossCutting) {
        known.crossCutting = false;
        known.class = edge.class;
      }
      if (!known.relations.includes(edge.relation)) {
        known.relations.push(edge.relation);
      }
    } else {
      merged.set(id, {
        id,
        source,
        target,
        class: edge.class,
        relations: [edge.relation],
        required: edge.required,
        missing,
        crossCutting,
      });
    }
  }
  return merged;
}
