import { listOf } from '../kinds/wellFormed';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { nearName } from './nearName';
import { nodesOf } from './siblings';

/** A label that a pod asks for and no node has. */
export interface UnmetLabel {
  text: string;
  remedy?: string;
}

/** Labels that the pod asks for and no node has, with what comes near. */
export function unmetLabels(
  pod: CausalGraphNode,
  graph: CausalGraph,
): UnmetLabel[] {
  const found = nodesOf(pod.cluster, graph);
  // Of nodes that are not seen nothing is said.
  if (!found?.complete || found.nodes.length === 0) {
    return [];
  }
  return wantedLabels(pod).flatMap(({ key, values }) => {
    const having = found.nodes.filter(
      ({ labels }) => labels[key] !== undefined,
    );
    if (
      having.some(
        ({ labels }) => values.length === 0 || values.includes(labels[key]),
      )
    ) {
      return [];
    }
    const wanted = values.length === 0 ? key : `${key}=${values.join(' or ')}`;
    const near = values.flatMap(value => {
      const other = nearName(
        value,
        new Set(having.map(one => one.labels[key])),
      );
      const node = having.find(({ labels }) => labels[key] === other);
      return node ? [{ node, value: other! }] : [];
    })[0];
    const nearKey = nearName(
      key,
      new Set(found.nodes.flatMap(one => Object.keys(one.labels))),
    );
    const instead = insteadOf({ key, near, nearKey, having });
    return [
      {
        text: `no node has ${wanted}${instead}`,
        remedy: `Or label a node: kubectl label node <node> ${key}=${
          values[0] ?? ''
        }`,
      },
    ];
  });
}

/** What nodes have that comes near a label which none of them has. */
function insteadOf({
  key,
  near,
  nearKey,
  having,
}: {
  key: string;
  near: { node: CausalGraphNode; value: string } | undefined;
  nearKey: string | undefined;
  having: readonly CausalGraphNode[];
}): string {
  if (near) {
    return ` (${near.node.name} has ${key}=${near.value}: a typo?)`;
  }
  if (having.length > 0) {
    const values = new Set(having.map(one => `${key}=${one.labels[key]}`));
    return ` (there are ${[...values].slice(0, 5).join(', ')})`;
  }
  return nearKey ? ` (nodes have ${nearKey}: a typo?)` : '';
}

/** What each node must have: the selector's labels, and those of the affinity where it has one term only. */
function wantedLabels(
  pod: CausalGraphNode,
): { key: string; values: string[] }[] {
  const { NodeSelector, NodeAffinity } = pod.properties;
  const terms = listOf(
    Object(Object(NodeAffinity).requiredDuringSchedulingIgnoredDuringExecution)
      .nodeSelectorTerms,
  );
  const expressions =
    terms.length === 1
      ? listOf(Object(terms[0]).matchExpressions).map(Object)
      : [];
  return [
    ...Object.entries(Object(NodeSelector)).map(([key, value]) => ({
      key,
      values: [String(value)],
    })),
    ...expressions
      .filter(({ operator }) => operator === 'In' || operator === 'Exists')
      .map(({ key, values }) => ({
        key: String(key),
        values: listOf(values).map(String),
      })),
  ];
}
