import {
  EntityTopology,
  RelationClass,
  TopologyEdge,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Cascade } from './cascade';
import { Fold, foldsOf } from './fold';
import { problemsOf } from './problems';

/** How loudly a node is drawn. `faded`: a cascade is told, and this node has no part in it. */
export type Emphasis = 'root' | 'cascade' | 'plain' | 'faded';

export type DrawnNode =
  | {
      type: 'object';
      id: string;
      cluster: string;
      namespace: string;
      node: TopologyNode;
      /** A pod's containers, a service's endpoints: chips in its box, not boxes. */
      parts: TopologyNode[];
      /** Missing, and nothing needs it. */
      ghost: boolean;
      emphasis: Emphasis;
    }
  | {
      type: 'fold';
      id: string;
      cluster: string;
      namespace: string;
      fold: Fold;
      emphasis: Emphasis;
    };

export interface DrawnEdge {
  id: string;
  source: string;
  target: string;
  class: RelationClass;
  relations: string[];
  required: boolean;
  /** The reference points at something that does not exist. */
  missing: boolean;
  /** Left out of the layout and drawn only beside a selected end: everything hangs on a node or a service account. */
  crossCutting: boolean;
  /** The end that suffers, where the edge carries a cascade. */
  suffers?: 'source' | 'target';
}

/** What the canvas shows: nodes and edges by drawn ids. Clusters and namespaces are frames, not nodes. */
export interface Drawing {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
  /** Status of the frames, by `<cluster>` and `<cluster>/<namespace>`. */
  frames: ReadonlyMap<string, TopologyNode>;
  /** Drawn id of an object: a part's holder, a folded pod's fold. */
  drawnAs(key: string): string | undefined;
}

export interface DrawingOptions {
  cascade: Cascade;
  selected?: string;
  /** Folds that the user opened. */
  opened: ReadonlySet<string>;
}

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

function isFrame(node: TopologyNode): boolean {
  return (
    node.kind === 'Cluster' || (node.kind === 'Namespace' && node.group === '')
  );
}

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

/** Kinds that are drawn inside of the object that they belong to. */
const PARTS: Readonly<Record<string, string>> = {
  Container: 'Pod',
  Endpoints: 'Service',
  EndpointSlice: 'Service',
};

/** The object that each part is drawn in, where that object is here too. */
function holdersOfParts(
  edges: readonly TopologyEdge[],
  byKey: ReadonlyMap<string, TopologyNode>,
): Map<string, string> {
  const holders = new Map<string, string>();
  for (const edge of edges) {
    const holder = byKey.get(edge.source);
    const part = byKey.get(edge.target);
    if (holder && part && PARTS[part.kind] === holder.kind) {
      holders.set(part.key, holder.key);
    }
  }
  return holders;
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

/**
 * From what the API answers to what is drawn: frames for containment, parts inside their holders, calm siblings
 * folded, parallel references merged into one edge, and the cascade marked from cause to effect.
 */
export function drawingOf(
  topology: Pick<EntityTopology, 'nodes' | 'edges'>,
  options: DrawingOptions,
): Drawing {
  const { cascade, selected, opened } = options;
  const byKey = new Map(topology.nodes.map(node => [node.key, node]));
  const holders = holdersOfParts(topology.edges, byKey);
  const holderOf = (key: string) => holders.get(key) ?? key;

  const keep = new Set([...cascade.keys].map(holderOf));
  if (selected !== undefined) {
    keep.add(holderOf(selected));
  }
  const folds = foldsOf(topology.nodes, topology.edges, keep, opened);
  const foldOf = new Map(
    folds.flatMap(fold => fold.keys.map(key => [key, fold.id] as const)),
  );

  const frames = new Map<string, TopologyNode>();
  const parts = new Map<string, TopologyNode[]>();
  const objects: TopologyNode[] = [];
  for (const node of topology.nodes) {
    const holder = holders.get(node.key);
    if (isFrame(node)) {
      frames.set(
        node.kind === 'Cluster' ? node.cluster : `${node.cluster}/${node.name}`,
        node,
      );
    } else if (holder !== undefined) {
      const list = parts.get(holder) ?? [];
      list.push(node);
      parts.set(holder, list);
    } else if (!foldOf.has(node.key)) {
      objects.push(node);
    }
  }

  const drawn = new Set([
    ...objects.map(node => node.key),
    ...folds.map(fold => fold.id),
  ]);
  const drawnAs = (key: string) => {
    const holder = holderOf(key);
    const id = foldOf.get(holder) ?? holder;
    return drawn.has(id) ? id : undefined;
  };

  const edges = markCascade(
    mergedEdges(topology.edges, byKey, drawnAs),
    cascade,
    drawnAs,
  );

  const roots = new Set([...cascade.roots].map(drawnAs));
  const hit = new Set([...cascade.keys].map(drawnAs));
  const problems = problemsOf(topology);
  const emphasisOf = (id: string): Emphasis => {
    if (roots.has(id)) return 'root';
    if (hit.has(id)) return 'cascade';
    return cascade.keys.size === 0 || problems.has(id) ? 'plain' : 'faded';
  };

  return {
    nodes: [
      ...objects.map(
        (node): DrawnNode => ({
          type: 'object',
          id: node.key,
          cluster: node.cluster,
          namespace: node.namespace,
          node,
          parts: parts.get(node.key) ?? [],
          ghost: node.verdict.level === 'missing' && !problems.has(node.key),
          emphasis: emphasisOf(node.key),
        }),
      ),
      ...folds.map(
        (fold): DrawnNode => ({
          type: 'fold',
          id: fold.id,
          cluster: fold.cluster,
          namespace: fold.namespace,
          fold,
          emphasis: emphasisOf(fold.id),
        }),
      ),
    ],
    edges,
    frames,
    drawnAs,
  };
}

/** One edge for each pair of drawn nodes: a secret that is mounted and read into the environment is one line. */
function mergedEdges(
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

/**
 * Marks the edges that the told steps go along, then the shortest ways from there to every other object hit: the
 * API tells one path for each cause, the picture shows all that it takes down.
 */
function markCascade(
  edges: Map<string, DrawnEdge>,
  cascade: Cascade,
  drawnAs: (key: string) => string | undefined,
): DrawnEdge[] {
  const between = (a: string, b: string) =>
    edges.get(`${a} → ${b}`) ?? edges.get(`${b} → ${a}`);
  const roots = new Set<string>();
  for (const root of cascade.roots) {
    const id = drawnAs(root);
    if (id !== undefined) roots.add(id);
  }
  const reached = new Set(roots);
  for (const step of cascade.steps) {
    const from = drawnAs(step.from);
    const to = drawnAs(step.to);
    if (from === undefined || to === undefined || from === to) continue;
    let edge = between(from, to);
    if (!edge) {
      // The API tells a step that the graph has no edge for: drawn all the same, or the path would have a gap.
      edge = {
        id: `${to} → ${from}`,
        source: to,
        target: from,
        class: 'control',
        relations: [],
        required: true,
        missing: false,
        crossCutting: false,
      };
      edges.set(edge.id, edge);
    }
    edge.suffers = edge.source === to ? 'source' : 'target';
    edge.crossCutting = false;
    reached.add(from).add(to);
  }
  const hit = new Set<string>();
  for (const key of cascade.keys) {
    const id = drawnAs(key);
    if (id !== undefined) hit.add(id);
  }
  let border = [...reached];
  while (border.length > 0) {
    const next: string[] = [];
    for (const edge of edges.values()) {
      if (edge.suffers) continue;
      for (const [from, to, suffers] of [
        [edge.source, edge.target, 'target'],
        [edge.target, edge.source, 'source'],
      ] as const) {
        // A hub spreads its own fault; that of others does not pass through it.
        if (edge.crossCutting && !roots.has(from)) continue;
        if (border.includes(from) && hit.has(to) && !reached.has(to)) {
          edge.suffers = suffers;
          edge.crossCutting = false;
          reached.add(to);
          next.push(to);
        }
      }
    }
    border = next;
  }
  return [...edges.values()];
}
