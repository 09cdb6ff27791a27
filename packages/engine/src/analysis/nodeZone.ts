import { KindId, nodeKey } from '../kinds/identity';
import { NODE } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import { CausalGraphNode } from './causalGraph';
import { Explainer, called } from './finding';
import { isLost } from './node';
import { nodesOf } from './siblings';

/** No object of the API: what the nodes' label `topology.kubernetes.io/zone` names. */
const ZONE: KindId = { group: 'topology.kubernetes.io', kind: 'Zone' };
/** Nodes of one zone that are lost within so long are lost together. */
const TOGETHER = 5 * 60_000;

/**
 * A node that is lost together with all others of its zone, while another zone is well (S111): one outage, not as many
 * as there are nodes.
 */
export const lostWithZone: Explainer = (node, graph) => {
  const zone = node.properties.Zone;
  if (!isLost(node) || typeof zone !== 'string') {
    return undefined;
  }
  const all = nodesOf(node.cluster, graph)?.nodes ?? [];
  const inZone = graph.inventory({
    cluster: node.cluster,
    kind: NODE,
    where: { property: 'Zone', value: zone },
  });
  const own = inZone?.nodes ?? [];
  const elsewhere = all.filter(
    one => one.properties.Zone !== undefined && one.properties.Zone !== zone,
  );
  const times = own.flatMap(({ verdict }) => verdict.since ?? []);
  if (
    !inZone?.complete ||
    own.length < 2 ||
    !own.every(isLost) ||
    !elsewhere.some(one => !isLost(one)) ||
    Math.max(...times) - Math.min(...times) > TOGETHER
  ) {
    return undefined;
  }
  const since = times.length > 0 ? Math.min(...times) : undefined;
  const evidence = own.slice(0, 10).map(
    (one): Evidence => ({
      source: 'structure',
      field: `Node ${one.name} in zone ${zone}`,
      value: `${one.verdict.reason}${
        one.verdict.message ? `: ${one.verdict.message}` : ''
      }`,
      since: one.verdict.since,
    }),
  );
  return [
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(node)} is lost with its zone.`,
      evidence: node.verdict.evidence,
      root: {
        node: zoneNode(node, zone, evidence, since),
        fault: 'ZoneOutage',
        predicate: `is out: all ${own.length} nodes of it lost contact ${
          times.length > 1
            ? `within ${Math.round(
                (Math.max(...times) - Math.min(...times)) / 1000,
              )} s`
            : 'together'
        }, while nodes of other zones are well`,
        nextStep: `Look at the provider's status of zone ${zone}; see its nodes: kubectl get nodes -l topology.kubernetes.io/zone=${zone}`,
        evidence,
        since,
      },
    },
  ];
};

function zoneNode(
  { cluster }: CausalGraphNode,
  name: string,
  evidence: Evidence[],
  since: number | undefined,
): CausalGraphNode {
  return {
    key: nodeKey({ cluster, kind: ZONE, namespace: '', name }),
    cluster,
    kind: ZONE,
    namespace: '',
    name,
    labels: {},
    properties: {},
    verdict: { level: 'down', reason: 'ZoneOutage', evidence, since },
  };
}
