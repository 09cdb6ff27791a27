import { Evidence } from '../kinds/status';
import { smallestChange } from '../reachability/smallestChange';
import { TELEMETRY, calledServices, hasReadySibling } from './calledService';
import { ingressControllers } from './ingressController';
import { CallingSymptom, callingSymptom } from './callingPod';
import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { clusterDns, usesClusterDns } from './clusterDns';
import { Explainer, Link, Root, RootFinding, called } from './finding';
import { peerWithoutPods } from './policyPeer';
import {
  Denial,
  deniedService,
  mayBeAllowedOtherwise,
  policiesOf,
  selects,
} from './policyModel';

/** A pod that had been ready until then does not fall with what came later; probes need some periods to fail. */
const SLACK = 60_000;
/** A policy may select thousands of pods, of which those of one workload are alike. */
const MOST_PODS = 5;
const MOST_CALLERS = 10;

/**
 * A pod that is not ready, while policies keep it from a Service that it calls, or from name look-ups (S088–S090). No
 * status ever shows a policy: what they let through is computed, and that this is why the probe fails is likely only.
 */
export const deniedByPolicy: Explainer = (pod, graph) => {
  const calling = callingSymptom(pod, graph);
  if (!calling || hasReadySibling(pod, graph)) {
    return undefined;
  }
  const services = calledServices(pod, graph, calling).filter(({ node }) =>
    isWell(node),
  );
  for (const dependency of services) {
    const denial = deniedService(pod, dependency.node, graph);
    const root = denial && policyRoot(denial, dependency.node, graph);
    if (root && isInTime(root.root.node, calling)) {
      return [suffering(pod, calling, root, dependency)];
    }
  }
  const dns = deniedDns(pod, graph);
  return dns &&
    isInTime(dns.root.node, calling) &&
    (calling.speaksOfName ||
      services.length > 0 ||
      isRightAfter(dns.root.node, calling))
    ? [suffering(pod, calling, dns)]
    : undefined;
};

/** What is at fault at a policy, and the way from it to the caller. */
interface PolicyRoot {
  root: Root;
  above: Link[];
}

function suffering(
  pod: CausalGraphNode,
  { symptom, evidence, words }: CallingSymptom,
  { root, above }: PolicyRoot,
  dependency?: Dependency,
): RootFinding {
  return {
    type: 'root',
    confidence: 'likely',
    says: dependency
      ? `${called(pod)} calls ${called(dependency.node)} and cannot reach it (${
          symptom.reason
        }).`
      : `${called(pod)} cannot look up names (${symptom.reason}).`,
    evidence,
    quote: words ? { who: 'the kubelet', text: words } : undefined,
    above,
    root,
  };
}

/** When nothing tells since when it suffers, a policy that exists may always have been in the way. */
function isInTime(
  { createdAt }: CausalGraphNode,
  { since }: CallingSymptom,
): boolean {
  return (
    createdAt === undefined || since === undefined || createdAt <= since + SLACK
  );
}

function isRightAfter(
  { createdAt }: CausalGraphNode,
  { since }: CallingSymptom,
): boolean {
  return (
    createdAt !== undefined &&
    since !== undefined &&
    since >= createdAt - SLACK &&
    since <= createdAt + 10 * SLACK
  );
}

/**
 * The policy to blame of those that isolate one side: the one that a small change would make right, else the newest.
 */
function policyRoot(
  { model, answer, target }: Denial,
  service: CausalGraphNode,
  graph: CausalGraph,
): PolicyRoot | undefined {
  const direction = answer.egress.verdict === 'denied' ? 'egress' : 'ingress';
  const edit = smallestChange(model, answer).find(
    one => one.direction === direction,
  );
  const isolating = answer[direction].policies.flatMap(
    ({ namespace, name }) =>
      policiesOf({ cluster: target.cluster, namespace }, graph)?.nodes.find(
        one => one.name === name,
      ) ?? [],
  );
  const slip =
    edit?.action === 'replace'
      ? isolating.find(({ name }) => name === edit.policy.name)
      : undefined;
  const policy = slip ?? newestOf(isolating);
  if (!policy) {
    return undefined;
  }
  const { protocol, port } = answer.port;
  const way =
    direction === 'egress'
      ? `lets ${
          answer.from.text
        } reach nobody on port ${port}/${protocol} of ${called(service)}`
      : `lets nobody in from ${
          answer.from.text
        } to port ${port}/${protocol} of ${called(service)}`;
  const others = isolating.filter(({ key }) => key !== policy.key);
  const evidence: Evidence[] = [
    {
      source: 'structure',
      field: `${direction} ${answer.from.text} to ${answer.to.text} port ${port}/${protocol}`,
      value: `denied: no rule of ${isolating
        .map(({ name }) => name)
        .join(', ')} allows it`,
    },
    {
      source: 'field',
      field: `spec.${direction}`,
      value: rulesText(policy, direction),
    },
    ...(edit?.action === 'replace' && edit.field
      ? [
          {
            source: 'field' as const,
            field: edit.field,
            value: `${edit.instead}, the pods have ${edit.value}`,
          },
        ]
      : []),
  ];
  return {
    root: {
      node: policy,
      fault: 'PolicyDeniesDependency',
      predicate: `${way}${
        others.length > 0 ? `, and no other policy does` : ''
      }`,
      nextStep: edit
        ? `${sentence(edit.text)}. Look at it: kubectl describe networkpolicy ${
            policy.name
          } -n ${policy.namespace}`
        : `Allow it: kubectl edit networkpolicy ${policy.name} -n ${policy.namespace}`,
      evidence,
      since: policy.createdAt,
    },
    above: [
      {
        node: service,
        says: `${called(service)} is well, and out of reach.`,
        evidence: service.verdict.evidence,
      },
    ],
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function newestOf(
  policies: readonly CausalGraphNode[],
): CausalGraphNode | undefined {
  return [...policies].sort(
    (a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0),
  )[0];
}

function rulesText(
  { properties }: CausalGraphNode,
  direction: 'ingress' | 'egress',
): string {
  const rules = direction === 'egress' ? properties.Egress : properties.Ingress;
  return Array.isArray(rules) && rules.length > 0
    ? JSON.stringify(rules).slice(0, 500)
    : 'no rule: nothing passes';
}

/** The policy that keeps a pod from the cluster's name look-ups. */
function deniedDns(
  pod: CausalGraphNode,
  graph: CausalGraph,
): PolicyRoot | undefined {
  const dns = usesClusterDns(pod) ? clusterDns(pod.cluster, graph) : undefined;
  const denial =
    dns &&
    deniedService(pod, dns, graph, {
      ports: [{ protocol: 'UDP', port: 53 }],
    }) &&
    deniedService(pod, dns, graph, { ports: [{ protocol: 'TCP', port: 53 }] });
  // What lets look-ups through to an address may mean a cache on the node.
  const mayUseCache = denial?.answer.egress.policies.some(
    ({ namespace, name }) =>
      policiesOf({ cluster: pod.cluster, namespace }, graph)?.nodes.some(
        one =>
          one.name === name &&
          one.properties.AllowsDNS === true &&
          one.properties.IPBlocks !== undefined,
      ),
  );
  if (!dns || !denial || mayUseCache) {
    return undefined;
  }
  const found = policyRoot(denial, dns, graph);
  return (
    found && {
      ...found,
      root: {
        ...found.root,
        fault: 'PolicyDeniesDns',
        predicate: `lets its pods make no DNS look-ups: none of the rules of egress allows port 53`,
        nextStep: `Allow egress to port 53 (UDP and TCP) of the pods behind ${called(
          dns,
        )} in namespace ${dns.namespace}: kubectl edit networkpolicy ${
          found.root.node.name
        } -n ${found.root.node.namespace}`,
      },
    }
  );
}

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
