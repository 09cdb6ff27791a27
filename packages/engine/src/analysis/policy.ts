import { Evidence } from '../kinds/status';
import { TELEMETRY, calledServices } from './calledService';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { Explainer, called } from './finding';
import { ingressControllers } from './ingressController';
import {
  deniedService,
  mayBeAllowedOtherwise,
  policiesOf,
  selects,
} from './policyModel';
import { peerWithoutPods } from './policyPeer';
import {
  PolicyRoot,
  deniedDns,
  newestOf,
  policyRoot,
  rulesText,
} from './policyRoot';

/** A policy may select thousands of pods, of which those of one workload are alike. */
const MOST_PODS = 5;
const MOST_CALLERS = 10;

/**
 * A policy that keeps somebody from what it calls, or whose peers are nobody while pods have nearly these labels. Nobody
 * need be down: no probe may look at it.
 */
export const networkPolicy: Explainer = (policy, graph) => {
  const peer = peerWithoutPods(policy, graph);
  if (peer) {
    return [peer];
  }
  const found = deniedCall(policy, graph) ?? letsNobodyIn(policy, graph);
  return found
    ? [
        {
          type: 'root',
          confidence: 'likely',
          says: `${called(policy)} ${found.root.predicate}.`,
          evidence: found.root.evidence,
          root: found.root,
        },
      ]
    : undefined;
};

function deniedCall(
  policy: CausalGraphNode,
  graph: CausalGraph,
): PolicyRoot | undefined {
  const isOwn = (found: PolicyRoot | undefined) =>
    found?.root.node.key === policy.key;
  for (const pod of governed(policy, 'ingress', graph)) {
    for (const { node: service } of servicesOf(pod, graph)) {
      if (TELEMETRY.test(service.name)) {
        continue;
      }
      for (const caller of callersOf(service, graph)) {
        const denial = deniedService(caller, service, graph, { target: pod });
        const found = denial && policyRoot(denial, service, graph);
        if (isOwn(found)) {
          return found;
        }
      }
    }
  }
  for (const pod of governed(policy, 'egress', graph)) {
    const reached = graph.reach(pod.key);
    const services = reached
      ? calledServices(reached, graph, { awaits: false }).filter(
          ({ node }) => isWell(node) && !TELEMETRY.test(node.name),
        )
      : [];
    for (const { node: service } of services) {
      const denial = deniedService(pod, service, graph);
      const found = denial && policyRoot(denial, service, graph);
      if (isOwn(found)) {
        return found;
      }
    }
    const dns = services.length > 0 ? deniedDns(pod, graph) : undefined;
    if (isOwn(dns)) {
      return dns;
    }
  }
  return undefined;
}

/**
 * A Service that is there to be called, and policies of its pods of which none has a rule: whoever calls it gets no
 * answer (S088). One without an address of its own may only be there to name its pods.
 */
function letsNobodyIn(
  policy: CausalGraphNode,
  graph: CausalGraph,
): PolicyRoot | undefined {
  const policies = policiesOf(policy, graph);
  if (!policies?.complete || mayBeAllowedOtherwise(policy.cluster, graph)) {
    return undefined;
  }
  for (const pod of governed(policy, 'ingress', graph)) {
    const isolating = policies.nodes.filter(
      one =>
        Array.isArray(one.properties.Ingress) &&
        one.verdict.level !== 'missing' &&
        selects(one, pod),
    );
    const service = servicesOf(pod, graph).find(
      ({ node }) => node.properties.ClusterIP !== 'None',
    )?.node;
    if (
      service &&
      pod.properties.HostNetwork !== true &&
      newestOf(isolating)?.key === policy.key &&
      isolating.every(
        ({ properties }) => (properties.Ingress as unknown[]).length === 0,
      )
    ) {
      const evidence: Evidence[] = [
        {
          source: 'field',
          field: 'spec.ingress',
          value: rulesText(policy, 'ingress'),
        },
        {
          source: 'structure',
          field: `policies that select ${pod.name}`,
          value: isolating.map(({ name }) => name).join(', '),
        },
      ];
      return {
        root: {
          node: policy,
          fault: 'PolicyDeniesDependency',
          predicate: `lets nobody in to the pods of ${called(
            service,
          )}, and no other policy does: all callers are denied`,
          nextStep: `Allow those who call it: kubectl edit networkpolicy ${policy.name} -n ${policy.namespace}, or create a policy that allows them beside it`,
          evidence,
          since: policy.createdAt,
        },
        above: [],
      };
    }
  }
  return undefined;
}

/** A pod of each workload that it selects. */
function governed(
  policy: CausalGraphNode,
  direction: 'ingress' | 'egress',
  graph: CausalGraph,
): CausalGraphNode[] {
  const pods = graph
    .dependents(policy.key)
    .filter(
      ({ edge }) =>
        edge.relation.name === `networkpolicy-pod-${direction}-begin`,
    )
    .map(({ node }) => node);
  return onePerWorkload(pods, graph).slice(0, MOST_PODS);
}

function servicesOf(pod: CausalGraphNode, graph: CausalGraph): Dependency[] {
  return graph
    .dependents(pod.key)
    .filter(({ node }) => isKind(node, 'Service'));
}

/** A pod of each workload that calls the Service by its name, and those that serve the Ingresses in front of it. */
function callersOf(
  service: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] {
  const sufferers = graph.dependents(service.key);
  const callers = sufferers
    .filter(({ edge }) => edge.relation.name === 'pod-service-called')
    .map(({ node }) => node);
  const controllers = sufferers
    .filter(({ node }) => isKind(node, 'Ingress'))
    .flatMap(({ node }) => ingressControllers(node, graph));
  return onePerWorkload([...controllers, ...callers], graph).slice(
    0,
    MOST_CALLERS,
  );
}

function onePerWorkload(
  pods: readonly CausalGraphNode[],
  graph: CausalGraph,
): CausalGraphNode[] {
  const running = pods.filter(({ properties }) => properties.IP !== undefined);
  const byWorkload = new Map(
    running.map(pod => [
      graph.controllers(pod.key)[0]?.node.key ?? pod.key,
      pod,
    ]),
  );
  return [...byWorkload.values()];
}
