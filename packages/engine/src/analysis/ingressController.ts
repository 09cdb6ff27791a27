import { nodeKey } from '../kinds/identity';
import { DAEMON_SET, DEPLOYMENT, INGRESS_CLASS, POD } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';

const NAME = 'app.kubernetes.io/name';

/**
 * The pods that serve an Ingress, where its class tells (R076): those of the workload that is called as the class'
 * controller. A guess from a label, which is why nothing follows from an empty answer.
 */
export function ingressControllers(
  ingress: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] {
  const name = ingress.properties.IngressClassName;
  if (typeof name !== 'string') {
    return [];
  }
  const { cluster } = ingress;
  const key = nodeKey({ cluster, kind: INGRESS_CLASS, namespace: '', name });
  const workloads = [
    { kind: DEPLOYMENT, relation: 'ingressclass-deployment' },
    { kind: DAEMON_SET, relation: 'ingressclass-daemonset' },
  ].flatMap(
    ({ kind, relation }) =>
      graph.inventory({ cluster, kind, linkedFrom: { relation, key } })
        ?.nodes ?? [],
  );
  return workloads.flatMap(({ namespace, labels }) =>
    (graph.inventory({ cluster, kind: POD, namespace })?.nodes ?? []).filter(
      pod => pod.labels[NAME] === labels[NAME],
    ),
  );
}
