import {
  EntityTopology,
  RelationClass,
  TopologyEdge,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Cascade } from './cascade';
import { Fold, foldsOf } from './fold';
import { markCascade } from './markCascade';
import { mergedEdges } from './mergedEdges';
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
  /** The reference points at something that does not exist, or that lacks a key. */
  missing: boolean;
  /** Keys that are asked for and are not there. */
  missingKeys?: string[];
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

function isFrame(node: TopologyNode): boolean {
  return (
    node.group === '' && (node.kind === 'Cluster' || node.kind === 'Namespace')
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
    if (holder?.group === '' && part && PARTS[part.kind] === holder.kind) {
      holders.set(part.key, holder.key);
    }
  }
  return holders;
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
