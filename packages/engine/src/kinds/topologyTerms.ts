import { KubernetesObject } from './kindDefinition';
import { NODE } from './kindIds';
import { LabelSelector } from './labelSelector';
import { Reference, SelectorReference } from './observation';

/** Labels with one node each: `kubernetes.io/hostname`, `topology.hostpath.csi/node`, `openebs.io/nodename`. */
const ONE_NODE = /(^|[/.])(hostname|node|nodename|node-name)$/;
/** A volume that names more nodes than this is on none of them in particular. */
const MOST_NODES = 10;

/**
 * The edges to the nodes that a volume is bound to (R051). A node's disk goes with its node; wider affinities (a zone,
 * an operating system) name no node to blame, and would be an edge to each of thousands.
 *
 * @param affinity `spec.nodeAffinity.required` of a volume: its terms are alternatives
 */
export function nodeEdges(
  relation: string,
  affinity: { nodeSelectorTerms?: KubernetesObject[] } | undefined,
): { references: Reference[]; selectors: SelectorReference[] } {
  const terms = affinity?.nodeSelectorTerms ?? [];
  const found = terms.map(nodesOf);
  if (found.some(term => term === undefined)) {
    return { references: [], selectors: [] };
  }
  return {
    references: found
      .flatMap(term => term?.names ?? [])
      .map(name => ({
        relation,
        end: 'source',
        other: { kind: NODE, namespace: '', name },
        required: true,
      })),
    selectors: found
      .flatMap(term => (term?.selector ? [term.selector] : []))
      .map(selector => selectorEdge(relation, selector)),
  };
}

/** As `nodeEdges`, for a label selector over nodes (`nodeTopology` of a CSIStorageCapacity). */
export function topologyEdges(
  relation: string,
  topology: KubernetesObject | undefined,
): SelectorReference[] {
  const expressions: any[] = [
    ...Object.entries(topology?.matchLabels ?? {}).map(([key, value]) => ({
      key,
      operator: 'In',
      values: [value],
    })),
    ...(topology?.matchExpressions ?? []),
  ];
  const selector = oneNodeSelector(expressions);
  return selector ? [selectorEdge(relation, selector)] : [];
}

function nodesOf(
  term: KubernetesObject,
): { names?: string[]; selector?: LabelSelector } | undefined {
  const fields: any[] = term.matchFields ?? [];
  const byName = fields.find(
    ({ key, operator }) => key === 'metadata.name' && operator === 'In',
  );
  if (byName) {
    return byName.values.length <= MOST_NODES
      ? { names: byName.values.map(String) }
      : undefined;
  }
  const selector = oneNodeSelector(term.matchExpressions ?? []);
  return selector && { selector };
}

/** The expression that names nodes; others of the term can only narrow that down. */
function oneNodeSelector(
  expressions: readonly any[],
): LabelSelector | undefined {
  const naming = expressions.find(
    ({ key, operator, values }) =>
      ONE_NODE.test(key) && operator === 'In' && values?.length <= MOST_NODES,
  );
  return (
    naming && [
      { key: naming.key, operator: 'In', values: naming.values.map(String) },
    ]
  );
}

function selectorEdge(
  relation: string,
  selector: LabelSelector,
): SelectorReference {
  return { relation, end: 'source', kind: NODE, namespaces: 'all', selector };
}
