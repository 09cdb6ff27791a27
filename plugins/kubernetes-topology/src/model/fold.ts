import {
  TopologyEdge,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { isCalm } from './statusLevel';

/** Healthy children of one kind that are drawn one by one at their owner. */
export const CHILDREN_DRAWN_PER_OWNER = 3;

/** Nodes that one box stands for. Never a problem, never part of a cascade. */
export interface Fold {
  id: string;
  /** The owner whose children these are. */
  owner: string;
  what: 'healthy' | 'past';
  kind: string;
  cluster: string;
  namespace: string;
  keys: string[];
}

/**
 * Folds an owner's calm pods beyond the three oldest, likewise its other children of one kind that own nothing
 * themselves, and its past children (replaced replica sets, finished jobs). The oldest stay because they are the least likely to go: folds keep their size.
 *
 * @param keep - nodes that stand alone in any case: those of a cascade, and the selected one
 * @param opened - folds that the user opened
 */
export function foldsOf(
  nodes: readonly TopologyNode[],
  edges: readonly TopologyEdge[],
  keep: ReadonlySet<string>,
  opened: ReadonlySet<string>,
): Fold[] {
  const byKey = new Map(nodes.map(node => [node.key, node]));
  const childrenOf = new Map<string, TopologyNode[]>();
  const claimed = new Set<string>();
  for (const edge of edges) {
    const child = byKey.get(edge.target);
    if (edge.class === 'control' && child && !claimed.has(child.key)) {
      claimed.add(child.key);
      const children = childrenOf.get(edge.source) ?? [];
      children.push(child);
      childrenOf.set(edge.source, children);
    }
  }
  const folds: Fold[] = [];
  for (const [owner, children] of childrenOf) {
    children.sort(
      (a, b) =>
        (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.key < b.key ? -1 : 1),
    );
    const calmByKind = new Map<string, TopologyNode[]>();
    for (const child of children) {
      if (isCalm(child.verdict.level) && !childrenOf.has(child.key)) {
        const kind = child.group ? `${child.kind}.${child.group}` : child.kind;
        calmByKind.set(kind, [...(calmByKind.get(kind) ?? []), child]);
      }
    }
    const candidates: [string, Fold['what'], TopologyNode[]][] = [
      ...[...calmByKind].map(
        ([kind, calm]): [string, Fold['what'], TopologyNode[]] => [
          kind === 'Pod'
            ? `fold/healthy/${owner}`
            : `fold/healthy/${owner}/${kind}`,
          'healthy',
          calm.slice(CHILDREN_DRAWN_PER_OWNER),
        ],
      ),
      [
        `fold/past/${owner}`,
        'past',
        children.filter(child => child.verdict.level === 'history'),
      ],
    ];
    for (const [id, what, folded] of candidates) {
      const members = folded.filter(child => !keep.has(child.key));
      if (members.length > 0 && !opened.has(id)) {
        folds.push({
          id,
          owner,
          what,
          kind: members[0].kind,
          cluster: members[0].cluster,
          namespace: members[0].namespace,
          keys: members.map(member => member.key),
        });
      }
    }
  }
  return folds;
}
