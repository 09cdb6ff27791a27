import { POD } from '../kinds/kindIds';
import { selectorFromObject } from '../kinds/labelSelector';
import { Evidence } from '../kinds/status';
import { PortNumber } from '../reachability/decision';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, called } from './finding';
import { NearLabels, nearLabels, selectorText } from './nearLabels';
import { isDenied } from './policyModel';

interface Peer {
  field: string;
  selector: Map<string, string>;
  direction: 'ingress' | 'egress';
  /** Of the rule; names and numbers. */
  ports: (PortNumber | string)[];
}

/** A rule without ports is about all of them: any one tells. */
const ANY_PORT: PortNumber = { protocol: 'TCP', port: 80 };

/**
 * Whether the policies deny what the rule would allow, were it written for the pods with nearly these labels. What
 * another rule allows already is no slip of the pen.
 */
function isLeftOut(
  policy: CausalGraphNode,
  near: NearLabels,
  {
    ports,
    direction,
    graph,
  }: Pick<Peer, 'ports' | 'direction'> & { graph: CausalGraph },
): boolean {
  const { cluster, namespace } = policy;
  const pods = graph.inventory({ cluster, kind: POD, namespace })?.nodes ?? [];
  const peer = pods.find(({ labels }) =>
    [...near.selector].every(([key, value]) => labels[key] === value),
  );
  const [own] = graph
    .dependents(policy.key)
    .filter(
      ({ edge, node }) =>
        edge.relation.name === `networkpolicy-pod-${direction}-begin` &&
        node.key !== peer?.key,
    );
  if (!peer || !own) {
    return false;
  }
  const [from, to] =
    direction === 'ingress' ? [peer, own.node] : [own.node, peer];
  return (ports.length > 0 ? ports : [ANY_PORT]).some(
    port => isDenied(from, to, port, graph) === true,
  );
}

/** A rule whose peers are no pods, while pods have nearly the labels that it asks for: it lets in nobody who is meant. */
export function peerWithoutPods(
  policy: CausalGraphNode,
  graph: CausalGraph,
): Finding | undefined {
  if (policy.verdict.reason !== 'NoPeer') {
    return undefined;
  }
  const { cluster, namespace } = policy;
  const pods = graph.inventory({ cluster, kind: POD, namespace });
  if (!pods?.complete) {
    return undefined;
  }
  for (const { field, selector, ports, direction } of peersOf(policy)) {
    const isEmpty = !pods.nodes.some(({ labels }) =>
      [...selector].every(([key, value]) => labels[key] === value),
    );
    const near = isEmpty ? nearLabels(selector, pods.nodes) : undefined;
    if (near?.slip && isLeftOut(policy, near, { ports, direction, graph })) {
      const asked = selectorText(selector);
      const evidence: Evidence[] = [
        { source: 'field', field, value: asked.replace(/=/g, ': ') },
        {
          source: 'structure',
          field: `pods with ${near.label}`,
          value: String(near.pods),
        },
      ];
      return {
        type: 'root',
        confidence: 'likely',
        says: `${called(policy)} lets in nobody: no pod has ${asked}.`,
        evidence,
        root: {
          node: policy,
          fault: 'PolicyPeerMatchesNothing',
          predicate: `allows pods with ${asked}, which none has, while ${
            near.pods
          } ${near.pods === 1 ? 'pod has' : 'pods have'} ${
            near.label
          }: their traffic is denied`,
          nextStep: `Write ${selectorText(
            near.selector,
          )} at ${field}: kubectl edit networkpolicy ${policy.name} -n ${
            policy.namespace
          }`,
          evidence,
          since: policy.createdAt,
        },
      };
    }
  }
  return undefined;
}

/** Peers of the policy's own namespace, of which every label must have one value. */
function peersOf({ properties }: CausalGraphNode): Peer[] {
  return (['Ingress', 'Egress'] as const).flatMap(direction => {
    const rules: unknown = properties[direction];
    const list = direction === 'Ingress' ? 'from' : 'to';
    return (Array.isArray(rules) ? rules : []).flatMap((rule: any, nth) =>
      (Array.isArray(rule?.[list]) ? rule[list] : []).flatMap(
        (peer: any, at: number) => {
          const selector = selectorFromObject(peer?.podSelector);
          const isPlain =
            selector &&
            selector.length > 0 &&
            !peer.namespaceSelector &&
            selector.every(
              ({ operator, values }) =>
                operator === 'In' && values.length === 1,
            );
          return isPlain
            ? [
                {
                  direction: direction.toLowerCase() as Peer['direction'],
                  ports: portsOfRule(rule),
                  field: `spec.${direction.toLowerCase()}[${nth}].${list}[${at}].podSelector`,
                  selector: new Map(
                    selector.map(({ key, values }) => [key, values[0]]),
                  ),
                },
              ]
            : [];
        },
      ),
    );
  });
}

function portsOfRule(rule: any): Peer['ports'] {
  const ports: unknown = rule?.ports;
  return (Array.isArray(ports) ? ports : []).map(
    ({ port, protocol = 'TCP' }: any): PortNumber | string =>
      typeof port === 'string' ? port : { protocol, port: port ?? 80 },
  );
}
