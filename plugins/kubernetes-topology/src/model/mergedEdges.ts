import {
  RelationClass,
  TopologyEdge,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import type { DrawnEdge } from './drawing';
import { isCalm } from './statusLevel';

/** Kinds that nearly everything hangs on: laid out, they would pull all into one knot (`ui.md` section 5). */
const HUB_KINDS: ReadonlySet<string> = new Set([
  'APIService',
  'ClusterRole',
  'CSIDriver',
  'CSINode',
  'CustomResourceDefinition',
  'DeviceClass',
  'GatewayClass',
  'IngressClass',
  'Node',
  'PriorityClass',
  'RuntimeClass',
  'ServiceAccount',
  'StorageClass',
  'VolumeAttributesClass',
  'VolumeSnapshotClass',
]);

/** So many references make a hub of any object: a ConfigMap of certificates that everything mounts. */
const HUB_REFERENCES = 20;

/** What scales a workload belongs to it, though its relation is one of scheduling. */
const SCALERS: ReadonlySet<string> = new Set([
  'HorizontalPodAutoscaler',
  'VerticalPodAutoscaler',
]);

const CROSS_CUTTING_CLASSES: ReadonlySet<RelationClass> =
  new Set<RelationClass>(['scheduling', 'identity', 'policy', 'ownership']);

function isCrossCutting(
  edge: TopologyEdge,
  source: TopologyNode | undefined,
  target: TopologyNode | undefined,
): boolean {
  return (
    (CROSS_CUTTING_CLASSES.has(edge.class) &&
      !SCALERS.has(source?.kind ?? '')) ||
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
  'ReplicaSet',
  'Job',
  'CronJob',
]);

/**
 * What a workload says and one of its pods says as well: drawn at the pod, once. These are the references of its pod
 * template, and the services that reach it. Each as `<source> <target>`, one of them the workload.
 */
function saidByPods(edges: readonly TopologyEdge[]): Set<string> {
  const owners = new Map<string, string[]>();
  for (const { class: edgeClass, source, target } of edges) {
    if (edgeClass === 'control') {
      owners.set(target, [...(owners.get(target) ?? []), source]);
    }
  }
  const ownersAbove = (key: string) => {
    const above: string[] = [];
    let level = owners.get(key) ?? [];
    for (let depth = 0; depth < 3 && level.length > 0; depth++) {
      above.push(...level);
      level = level.flatMap(owner => owners.get(owner) ?? []);
    }
    return above;
  };
  const said = new Set<string>();
  for (const { class: edgeClass, source, target } of edges) {
    if (edgeClass === 'config' || edgeClass === 'storage') {
      ownersAbove(source).forEach(owner => said.add(`${owner} ${target}`));
    } else if (edgeClass === 'routing') {
      ownersAbove(target).forEach(owner => said.add(`${source} ${owner}`));
    }
  }
  return said;
}

/** Objects that so many drawn lines refer to that the lines would hide everything else. */
function markHubs(
  merged: ReadonlyMap<string, DrawnEdge>,
  byKey: ReadonlyMap<string, TopologyNode>,
): void {
  const references = new Map<string, DrawnEdge[]>();
  for (const edge of merged.values()) {
    if (edge.class === 'config' || edge.class === 'storage') {
      const all = references.get(edge.target) ?? [];
      all.push(edge);
      references.set(edge.target, all);
    }
  }
  for (const [target, all] of references) {
    // What is wrong with a hub is worth every line.
    const isWell = isCalm(byKey.get(target)?.verdict.level ?? 'unknown');
    if (isWell && all.length > HUB_REFERENCES) {
      for (const edge of all) {
        edge.crossCutting ||= !edge.missing && !edge.missingKeys;
      }
    }
  }
}

/** One edge for each pair of drawn nodes: a secret that is mounted and read into the environment is one line. */
export function mergedEdges(
  edges: readonly TopologyEdge[],
  byKey: ReadonlyMap<string, TopologyNode>,
  drawnAs: (key: string) => string | undefined,
): Map<string, DrawnEdge> {
  const merged = new Map<string, DrawnEdge>();
  const drawnAtPods = saidByPods(edges);
  for (const edge of edges) {
    const source = drawnAs(edge.source);
    const target = drawnAs(edge.target);
    if (source === undefined || target === undefined || source === target) {
      continue;
    }
    const ends = [byKey.get(edge.source), byKey.get(edge.target)];
    const missing =
      edge.required &&
      (ends.some(end => end?.verdict.level === 'missing') ||
        edge.missingKeys !== undefined);
    if (
      ends.some(end => WORKLOAD_KINDS.has(end?.kind ?? '')) &&
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
      if (edge.missingKeys) {
        known.missingKeys = [
          ...new Set([...(known.missingKeys ?? []), ...edge.missingKeys]),
        ];
      }
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
        ...(edge.missingKeys && { missingKeys: edge.missingKeys }),
        crossCutting,
      });
    }
  }
  markHubs(merged, byKey);
  return merged;
}
