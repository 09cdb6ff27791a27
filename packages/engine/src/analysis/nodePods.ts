import { DAEMON_SET, POD } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';

/** The pods that are bound to a node, well or not; `undefined` while they are not loaded. */
export function podsOn(
  node: Pick<CausalGraphNode, 'cluster' | 'name'>,
  graph: CausalGraph,
): CausalGraphNode[] | undefined {
  return graph.inventory({
    cluster: node.cluster,
    kind: POD,
    where: { property: 'Node', value: node.name },
  })?.nodes;
}

/** What makes the network of pods, by the names that its projects give it. */
const NETWORK_PLUGIN =
  /^(calico|canal|cilium|kube-flannel|flannel|weave|aws-node|azure-cni|azure-cns|kindnet|antrea|kube-router|ovn|ovs|sdn|multus|kube-ovn|terway|vpc-cni|netd|anetd)/;

/** The network plugin's pods on a node. */
export function networkPods(
  node: Pick<CausalGraphNode, 'cluster' | 'name'>,
  graph: CausalGraph,
): CausalGraphNode[] {
  return (podsOn(node, graph) ?? []).filter(({ name }) =>
    NETWORK_PLUGIN.test(name),
  );
}

/** The network plugin's sets, `undefined` while they are not loaded or where some may not be seen. */
export function networkDaemons(
  cluster: string,
  graph: CausalGraph,
): CausalGraphNode[] | undefined {
  const found = graph.inventory({ cluster, kind: DAEMON_SET });
  return found?.complete
    ? found.nodes.filter(
        ({ name, verdict }) =>
          NETWORK_PLUGIN.test(name) && verdict.level !== 'missing',
      )
    : undefined;
}
