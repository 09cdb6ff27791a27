import { nodeKey } from '../kinds/identity';
import { CSI_DRIVER, CSI_NODE, DAEMON_SET, NODE, POD } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isWell } from './causalGraph';
import { Finding, Quote, Root, called } from './finding';
import { isThere, objectNamed } from './namedObject';
import { controllersOf } from './provisioning';
import { Symptom } from './symptom';

/** S072: the driver's pod on that node is broken, or there is none; else all that is known is that it is not there. */
export function driverAbsent(
  pod: CausalGraphNode,
  driver: string,
  told: { says: string; evidence: Symptom['evidence']; quote: Quote },
  graph: CausalGraph,
): Finding | undefined {
  const { cluster } = pod;
  const place = String(pod.properties.Node ?? '');
  const says = `${told.says} Driver ${driver} is not registered on ${place}.`;
  const sets = driverSets(cluster, driver, graph);
  const own = sets
    .flatMap(set =>
      (
        graph.inventory({ cluster, kind: POD, namespace: set.namespace })
          ?.nodes ?? []
      ).filter(({ name }) => name.startsWith(`${set.name}-`)),
    )
    .filter(({ properties }) => properties.Node === place);
  const broken = own.find(one => !isWell(one));
  if (broken) {
    return {
      type: 'dependency',
      on: (graph.reach(broken.key) ?? broken).key,
      confidence: 'proven',
      ...told,
      says: `${says} ${called(
        broken,
      )}, which has to register it, does not run.`,
    };
  }
  const [set] = sets;
  const node = objectNamed(
    graph,
    { cluster, kind: CSI_NODE, namespace: '', name: place },
    'unknown',
    { field: 'event FailedMount', value: told.quote.text },
  );
  const registered = node.properties.Drivers;
  if (
    isThere(node) &&
    Array.isArray(registered) &&
    registered.includes(driver)
  ) {
    return {
      type: 'silent',
      because: `${told.says} "${told.quote.text}", but the driver is registered on ${place} by now; the kubelet tries again.`,
    };
  }
  const taints = taintsOf(cluster, place, graph);
  const root: Root =
    set && own.length === 0
      ? {
          node: set,
          fault: 'DriverNotOnNode',
          predicate: `has no pod on ${place}, so driver ${driver} is not there${
            taints ? `; ${place} has the taints ${taints}` : ''
          }`,
          nextStep: `${
            taints
              ? 'Let its pods tolerate the taints of the node'
              : 'See why it has none there (tolerations, node selector)'
          }: kubectl describe daemonset ${set.name} -n ${set.namespace}`,
          evidence: [
            {
              source: 'structure',
              field: `pods of DaemonSet ${set.name} on ${place}`,
              value: 'none',
            },
          ],
        }
      : {
          node,
          fault: 'DriverNotRegistered',
          predicate: `does not have driver ${driver}`,
          nextStep: `See the driver's pod on that node: kubectl get pods -A --field-selector spec.nodeName=${place}; kubectl get csinode ${place} -o yaml`,
          evidence: [
            {
              source: 'field',
              field: 'spec.drivers[].name',
              value: Array.isArray(registered)
                ? registered.join(', ') || 'none'
                : told.quote.text,
            },
          ],
        };
  return { type: 'root', confidence: 'likely', ...told, says, root };
}

/** The DaemonSets that run the driver: told from the folder of its socket, else from its name. */
function driverSets(
  cluster: string,
  driver: string,
  graph: CausalGraph,
): CausalGraphNode[] {
  const key = nodeKey({
    cluster,
    kind: CSI_DRIVER,
    namespace: '',
    name: driver,
  });
  const linked = graph.inventory({
    cluster,
    kind: DAEMON_SET,
    linkedFrom: { relation: 'csidriver-daemonset', key },
  });
  return linked && linked.nodes.length > 0
    ? linked.nodes
    : controllersOf(cluster, driver, [DAEMON_SET], graph);
}

/** ` (it has the taints dedicated=gpu:NoSchedule)`: why a DaemonSet may have no pod there. */
function taintsOf(
  cluster: string,
  name: string,
  graph: CausalGraph,
): string | undefined {
  const node = graph.reach(
    nodeKey({ cluster, kind: NODE, namespace: '', name }),
  );
  const taints = node?.properties.Taints;
  return Array.isArray(taints) && taints.length > 0
    ? taints.map(String).join(', ')
    : undefined;
}
