import {
  kindText,
  Neighbour,
  RelationClass,
  StoredNode,
} from '@kubernetes-topology/engine';
import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { isPod } from '../restart/podController';

/** Names that a document holds each way; what lies beyond is found from the other side. */
const NAMED = 30;

export interface DocumentParts {
  node: StoredNode;
  dependents: { pods: StoredNode[]; more: number };
  /** Objects that depend on it and are no pods. */
  users: StoredNode[];
  dependencies: StoredNode[];
  /** Of an open incident. */
  fault?: string;
  entityRef?: string;
  shownIn?: string;
}

/** What the search index holds of one object: it is found by its own name, its dependents' and its dependencies'. */
export function searchDocument(parts: DocumentParts): TopologyDocument {
  const { node, dependents, users, dependencies, entityRef, shownIn } = parts;
  return {
    key: node.key,
    title: `${node.name} (${node.kind.kind})`,
    text: documentText(parts),
    cluster: node.cluster,
    namespace: node.namespace,
    kind: kindText(node.kind),
    name: node.name,
    level: node.verdict.level,
    status: node.verdict.level,
    stale: node.verdict.stale?.length ? 'true' : 'false',
    incident: parts.fault ?? '',
    dependsOn: paths(dependencies),
    dependedOnBy: paths([...users, ...dependents.pods]),
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
  users,
  dependencies,
  fault,
}: DocumentParts): string {
  const place =
    node.namespace === ''
      ? `cluster ${node.cluster}`
      : `namespace ${node.namespace}, cluster ${node.cluster}`;
  const sentences = [
    `${node.kind.kind} ${node.name} in ${place}`,
    `${node.verdict.level}, ${node.verdict.reason}`,
  ];
  if (fault) {
    sentences.push(`Incident ${fault}`);
  }
  if (node.verdict.stale?.length) {
    sentences.push('Runs with stale configuration');
  }
  if (dependencies.length > 0) {
    sentences.push(`Depends on ${names(dependencies)}`);
  }
  if (users.length + dependents.pods.length > 0) {
    const more = dependents.more > 0 ? ` and ${dependents.more} more` : '';
    sentences.push(
      `Depended on by ${names([...users, ...dependents.pods])}${more}`,
    );
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
  return nodes
    .slice(0, NAMED)
    .map(node => `${node.kind.kind} ${node.name}`)
    .join(', ');
}

function paths(nodes: readonly StoredNode[]): string[] {
  return nodes
    .slice(0, NAMED)
    .map(node => `${kindText(node.kind)}/${node.name}`);
}

/** How a pod uses what it needs, and names itself. */
const NAMED_BY_THE_POD: ReadonlySet<RelationClass> = new Set<RelationClass>([
  'config',
  'storage',
  'scheduling',
  'identity',
]);

const NEEDED: ReadonlySet<RelationClass> = new Set<RelationClass>([
  'config',
  'storage',
  'identity',
  'routing',
]);

/**
 * What an object depends on and names itself: who may read the object's document may read that name in the object
 * anyway, also where the policy hides the neighbour. What others' selectors choose lies in its own namespace.
 */
export function dependenciesOf(
  node: StoredNode,
  neighbours: readonly Neighbour[],
): StoredNode[] {
  const classes = isPod(node) ? NAMED_BY_THE_POD : NEEDED;
  return distinct(
    neighbours.filter(
      each =>
        classes.has(each.relation.class) &&
        needs(each) &&
        isIndexed(each.node) &&
        (isPod(node) ||
          each.direction === 'out' ||
          each.node.namespace === node.namespace),
    ),
  );
}

/**
 * What needs an object, but for pods: only what lies in its own namespace, because a document is shown as a whole to
 * whoever may read its object.
 */
export function usersOf(
  node: StoredNode,
  neighbours: readonly Neighbour[],
): StoredNode[] {
  return node.namespace === ''
    ? []
    : distinct(
        neighbours.filter(
          each =>
            NEEDED.has(each.relation.class) &&
            isNeeded(each) &&
            each.node.namespace === node.namespace &&
            !isPod(each.node) &&
            isIndexed(each.node),
        ),
      );
}

/** Whether anything, maybe by way of others, can have pods that depend on it: saves the search for them. */
export function mayHaveDependentPods(
  neighbours: readonly Neighbour[],
): boolean {
  return neighbours.some(
    each => NAMED_BY_THE_POD.has(each.relation.class) && isNeeded(each),
  );
}

/** Parts and bookkeeping of other objects: they are found by those. */
const NOT_INDEXED = new Set([
  'Container',
  'Endpoints',
  'EndpointSlice.discovery.k8s.io',
]);

export function isIndexed({ kind, verdict }: StoredNode): boolean {
  return !NOT_INDEXED.has(kindText(kind)) && verdict.level !== 'history';
}

function needs({ relation, direction }: Neighbour): boolean {
  return relation.suffers === (direction === 'out' ? 'source' : 'target');
}

function isNeeded({ relation, direction }: Neighbour): boolean {
  return relation.suffers === (direction === 'out' ? 'target' : 'source');
}

function distinct(neighbours: readonly Neighbour[]): StoredNode[] {
  return [...new Map(neighbours.map(({ node }) => [node.key, node])).values()];
}
