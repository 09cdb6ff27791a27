import { POD } from '../kinds/kindIds';
import { selectorFromObject } from '../kinds/labelSelector';
import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, called } from './finding';
import { nearLabels, selectorText } from './nearLabels';

interface Peer {
  field: string;
  selector: Map<string, string>;
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
  for (const { field, selector } of peersOf(policy)) {
    const isEmpty = !pods.nodes.some(({ labels }) =>
      [...selector].every(([key, value]) => labels[key] === value),
    );
    const near = isEmpty ? nearLabels(selector, pods.nodes) : undefined;
    if (near?.slip) {
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
