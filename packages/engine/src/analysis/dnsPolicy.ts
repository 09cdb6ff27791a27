import { calledServices } from './calledService';
import { callingSymptom } from './callingPod';
import { Explainer, called } from './finding';
import { templateCarrier } from './templateCarrier';

/**
 * A pod that calls Services by name and does not ask the cluster for them (S095): `dnsPolicy: Default` looks names up
 * as its node does. With `None` it may well ask a server that knows them, unless its words say otherwise.
 */
export const wrongDnsPolicy: Explainer = (pod, graph) => {
  const { DNSPolicy, HostNetwork } = pod.properties;
  const calling = callingSymptom(pod, graph);
  if (!calling || typeof DNSPolicy !== 'string' || HostNetwork === true) {
    return undefined;
  }
  const [service] = calledServices(pod, graph, calling);
  if (!service || (DNSPolicy !== 'Default' && !calling.speaksOfName)) {
    return undefined;
  }
  const carrier = templateCarrier(pod, graph);
  const field = {
    source: 'field' as const,
    field: 'spec.template.spec.dnsPolicy',
    value: `${DNSPolicy}, where names of the cluster need ClusterFirst`,
  };
  return [
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(pod)} calls ${called(
        service.node,
      )} by a name that it does not look up in the cluster (${
        calling.symptom.reason
      }).`,
      evidence: calling.evidence,
      quote: calling.words
        ? { who: 'the kubelet', text: calling.words }
        : undefined,
      rootEdge: carrier.edge,
      above: carrier.above,
      root: {
        node: carrier.node,
        fault: 'NamesNotLookedUp',
        predicate: `has dnsPolicy ${DNSPolicy}: its pods do not look up names of the cluster such as ${service.node.name}`,
        nextStep: `Set dnsPolicy to ClusterFirst in the pod template: kubectl patch ${carrier.node.kind.kind.toLowerCase()} ${
          carrier.node.name
        } -n ${
          carrier.node.namespace
        } -p '{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirst"}}}}'`,
        evidence: [field],
        since: pod.createdAt,
      },
    },
  ];
};
