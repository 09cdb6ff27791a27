import {
  kindText,
  Neighbour,
  RelationClass,
  StoredNode,
} from '@kubernetes-topology/engine';
import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';

export interface DocumentParts {
  node: StoredNode;
  dependents: { pods: StoredNode[]; more: number };
  dependencies: StoredNode[];
  entityRef?: string;
  shownIn?: string;
}

/** What the search index holds of one object: it is found by its own name, its dependents' and its dependencies'. */
export function searchDocument(parts: DocumentParts): TopologyDocument {
  const { node, dependents, entityRef, shownIn } = parts;
  return {
    key: node.key,
    title: `${node.name} (${node.kind.kind})`,
    text: documentText(parts),
    cluster: node.cluster,
    namespace: node.namespace,
    kind: kindText(node.kind),
    name: node.name,
    level: node.verdict.level,
    dependents: dependents.pods.map(pod => ({
      key: pod.key,
      name: pod.name,
      level: pod.verdict.level,
    })),
    moreDependents: dependents.more,
    ...(entityRef && { entityRef }),
    ...(shownIn && { shownIn }),
  };
}

function documentText({
  node,
  dependents,
  dependencies,
}: DocumentParts): string {
  const place =
    node.namespace === ''
      ? `cluster ${node.cluster}`
      : `namespace ${node.namespace}, cluster ${node.cluster}`;
  const sentences = [
    `${node.kind.kind} ${node.name} in ${place}`,
    `${node.verdict.level}, ${node.verdict.reason}`,
  ];
  if (dependencies.length > 0) {
    sentences.push(`Depends on ${names(dependencies)}`);
  }
  if (dependents.pods.length > 0) {
    const more = dependents.more > 0 ? ` and ${dependents.more} more` : '';
    sentences.push(`Depended on by ${names(dependents.pods)}${more}`);
  }
  const labels = Object.entries(node.labels).map(
    ([key, value]) => `${key}=${value}`,
  );
  if (labels.length > 0) {
    sentences.push(`Labels ${labels.join(', ')}`);
  }
  return sentences.map(sentence => `${sentence}.`).join(' ');
}

function names(nodes: readonly StoredNode[]): string {
  return nodes.map(node => `${node.kind.kind} ${node.name}`).join(', ');
}

const NAMED_BY_THE_POD: ReadonlySet<RelationClass> = new Set<RelationClass>([
  'config',
  'storage',
  'scheduling',
  'identity',
]);

/**
 * Whether a neighbour is what a pod needs and names itself: who may read the pod's document may read that name in the
 * pod anyway, also where the policy hides the neighbour.
 */
export function isDependency({ relation, direction }: Neighbour): boolean {
  return (
    NAMED_BY_THE_POD.has(relation.class) &&
    relation.suffers === (direction === 'out' ? 'source' : 'target')
  );
}
