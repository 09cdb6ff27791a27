import { kindText, Neighbour, StoredNode } from '@kubernetes-topology/engine';
import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';

export interface DocumentParts {
  node: StoredNode;
  dependents: { pods: StoredNode[]; more: number };
  dependencies: StoredNode[];
  entityRef?: string;
}

/** What the search index holds of one object: it is found by its own name, its dependents' and its dependencies'. */
export function searchDocument(parts: DocumentParts): TopologyDocument {
  const { node, dependents, entityRef } = parts;
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

/** Whether a node suffers when this neighbour breaks; that it lies in a namespace is no news. */
export function isDependency({ relation, direction }: Neighbour): boolean {
  if (relation.class === 'ownership') {
    return false;
  }
  return direction === 'out'
    ? relation.suffers === 'source'
    : relation.suffers === 'target';
}
