import { PERSISTENT_VOLUME, STATEFUL_SET } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, Dependency } from './causalGraph';
import { isCustomResource } from './customResource';
import { Finding, Link, Quote, called, namespaceFlag } from './finding';
import { isUnread } from './makers';
import { missingRoot } from './missingReference';
import { specOwner } from './specOwner';

/** Where an operator wrote the claim, what it was made from names the class: its custom resource (S060). */
export function missingClass(
  claim: CausalGraphNode,
  { node, edge }: Dependency,
  binder: Quote | undefined,
  graph: CausalGraph,
): Finding {
  const named = binder?.text.includes(`"${node.name}" not found`);
  const says = `Claim ${claim.name} asks for storage class ${node.name}, which neither a StorageClass nor any volume has.`;
  const { evidence } = claim.verdict;
  const owner = operatedOwner(claim, graph);
  if (owner) {
    const { root, above } = owner;
    return {
      type: 'root',
      confidence: 'likely',
      says,
      evidence,
      quote: binder,
      above,
      root: {
        node: root,
        fault: 'MissingStorageClass',
        predicate: `asks for storage class ${node.name}, which does not exist`,
        nextStep: `Name a class that exists in its spec, or create ${
          node.name
        }: kubectl get storageclasses; kubectl edit ${root.kind.kind.toLowerCase()}.${
          root.kind.group
        } ${root.name}${namespaceFlag(root)}`,
        evidence: [
          ...node.verdict.evidence,
          {
            source: 'field',
            field: `PersistentVolumeClaim ${claim.name}: spec.storageClassName`,
            value: node.name,
          },
        ],
        since: claim.createdAt,
      },
    };
  }
  // Not read here: the binder's word is proof that it is not there. A class may also exist on volumes alone.
  if (isUnread(node) && binder) {
    const volumes = graph.inventory({
      cluster: claim.cluster,
      kind: PERSISTENT_VOLUME,
    });
    return {
      type: 'root',
      confidence: volumes?.complete ? 'proven' : 'likely',
      says: volumes?.complete
        ? says
        : `Claim ${claim.name} asks for storage class ${node.name}, which the binder does not find; whether a volume has it is not known.`,
      evidence,
      quote: binder,
      rootEdge: edge,
      root: missingRoot(node, graph, [
        { source: 'event', field: 'ProvisioningFailed', value: binder.text },
      ]),
    };
  }
  return {
    type: 'dependency',
    on: node.key,
    edge,
    confidence: named ? 'proven' : 'likely',
    says,
    evidence,
    quote: binder,
  };
}

/** The custom resource from which an operator made the workload that the claim belongs to. */
export function operatedOwner(
  claim: CausalGraphNode,
  graph: CausalGraph,
): { root: CausalGraphNode; above: Link[] } | undefined {
  const sets = graph.inventory({
    cluster: claim.cluster,
    kind: STATEFUL_SET,
    namespace: claim.namespace,
    linkedTo: {
      relation: 'statefulset-persistentvolumeclaim',
      key: claim.key,
    },
  });
  const [found] = sets?.nodes ?? [];
  const set = found && graph.reach(found.key);
  if (!set) {
    return undefined;
  }
  const { node, above } = specOwner(set, graph);
  return isCustomResource(node)
    ? {
        root: node,
        above: [
          ...above,
          {
            node: set,
            says: `${called(set)} makes its claims from it.`,
            evidence: set.verdict.evidence,
          },
        ],
      }
    : undefined;
}
