import { KindId, nodeKey } from '../kinds/identity';
import { CONTAINER, NAMESPACE, POD } from '../kinds/kindIds';
import { Evidence } from '../kinds/status';
import { calledServices, hasReadySibling } from './calledService';
import { callingSymptom } from './callingPod';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';
import { Explainer, Root, RootFinding, called } from './finding';

const AUTHORIZATION: KindId = {
  group: 'security.istio.io',
  kind: 'AuthorizationPolicy',
};
const PEER_AUTHENTICATION: KindId = {
  group: 'security.istio.io',
  kind: 'PeerAuthentication',
};
const PROXY = 'istio-proxy';
const INJECTED_BY = ['istio-injection', 'istio.io/rev'];
/** Pods behind a Service are alike; so are its callers of one workload. */
const MOST_CALLERS = 10;
const SLACK = 60_000;

/** Whether the mesh's proxy is in the pod: without it no policy of the mesh holds there. */
function hasProxy(
  pod: CausalGraphNode,
  graph: CausalGraph,
): boolean | undefined {
  const { cluster, namespace } = pod;
  const found = graph.inventory({ cluster, kind: CONTAINER, namespace });
  const own = found?.nodes.filter(
    ({ properties }) => properties.Pod === pod.name,
  );
  return own && own.length > 0
    ? own.some(({ name }) => name === PROXY)
    : undefined;
}

function policiesOn(
  pod: CausalGraphNode,
  kind: KindId,
  graph: CausalGraph,
): CausalGraphNode[] {
  const found = graph.inventory({
    cluster: pod.cluster,
    kind,
    linkedTo: { relation: 'mesh-policy-pod', key: pod.key },
  });
  // One that may not be seen may allow what the others do not.
  return found?.complete ? found.nodes : [];
}

/** What of the mesh keeps a caller from a pod (S097–S099); only what holds for every caller of its kind is computed. */
function refusal(
  caller: CausalGraphNode,
  target: CausalGraphNode,
  graph: CausalGraph,
): Root | undefined {
  if (hasProxy(target, graph) !== true) {
    return undefined;
  }
  const rules = policiesOn(target, AUTHORIZATION, graph);
  const denying = rules.find(
    ({ verdict }) => verdict.reason === 'DeniesEverybody',
  );
  // Whom the rules of another one allow is not read: then it may be the caller.
  const isAllowedByOther = rules.some(
    ({ verdict, properties }) =>
      verdict.reason === 'Exists' && (properties.Action ?? 'ALLOW') === 'ALLOW',
  );
  const nobody = isAllowedByOther
    ? undefined
    : rules.find(({ verdict }) => verdict.reason === 'AllowsNobody');
  const policy = denying ?? nobody;
  if (policy) {
    return denied(policy, caller, target);
  }
  const strict = policiesOn(target, PEER_AUTHENTICATION, graph).find(
    ({ verdict }) => verdict.reason === 'Strict',
  );
  return strict && hasProxy(caller, graph) === false
    ? plaintext(strict, caller, target, graph)
    : undefined;
}

function denied(
  policy: CausalGraphNode,
  caller: CausalGraphNode,
  target: CausalGraphNode,
): Root {
  return {
    node: policy,
    fault: 'MeshPolicyDenies',
    predicate: `selects ${called(target)} and ${
      policy.verdict.message ?? 'denies its callers'
    }, ${called(caller)} included`,
    nextStep: `Allow the callers: kubectl edit authorizationpolicy ${policy.name} -n ${policy.namespace}, or create one that allows them beside it`,
    evidence: [
      {
        source: 'field',
        field: 'spec.rules',
        value: policy.verdict.message ?? policy.verdict.reason,
        since: policy.createdAt,
      },
    ],
    since: policy.createdAt,
  };
}

function plaintext(
  policy: CausalGraphNode,
  caller: CausalGraphNode,
  target: CausalGraphNode,
  graph: CausalGraph,
): Root {
  const { cluster, namespace } = caller;
  const space = graph.reach(
    nodeKey({ cluster, kind: NAMESPACE, namespace: '', name: namespace }),
  );
  const isInjected =
    space && INJECTED_BY.some(label => isOn(space.labels[label]));
  const others = proxied(caller, graph);
  const evidence: Evidence[] = [
    { source: 'field', field: 'spec.mtls.mode', value: 'STRICT' },
    {
      source: 'absence',
      field: `Pod ${caller.name} spec.containers`,
      value: `no ${PROXY}`,
    },
    {
      source: isInjected ? 'field' : 'absence',
      field: `Namespace ${namespace} metadata.labels[istio-injection]`,
      value: space?.labels['istio-injection'] ?? 'no such label',
    },
  ];
  // Its other pods were made while the namespace still had the label.
  if (space && !isInjected && others.length > 0) {
    return {
      node: space,
      fault: 'MeshInjectionRemoved',
      predicate: `has no label istio-injection=enabled any more: ${
        others.length
      } pods there still have a proxy, ${called(caller)} has none, and ${called(
        policy,
      )} (STRICT) refuses it`,
      nextStep: `Label it again and restart what has no proxy: kubectl label namespace ${namespace} istio-injection=enabled; kubectl rollout restart deployment -n ${namespace}`,
      evidence,
      since: caller.createdAt,
    };
  }
  return {
    node: policy,
    fault: 'StrictMtls',
    predicate: `is STRICT for ${called(target)}, and ${called(
      caller,
    )} calls it without a sidecar${
      isInjected === false
        ? ` (namespace ${namespace} has no injection label)`
        : ''
    }`,
    nextStep: `Give the caller a sidecar: kubectl label namespace ${namespace} istio-injection=enabled and restart it, or set mode PERMISSIVE: kubectl edit peerauthentication ${policy.name} -n ${policy.namespace}`,
    evidence,
    since: policy.createdAt,
  };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'disabled';
}

/** Pods of the caller's namespace that have a proxy. */
function proxied(caller: CausalGraphNode, graph: CausalGraph): string[] {
  const { cluster, namespace } = caller;
  const found = graph.inventory({ cluster, kind: CONTAINER, namespace });
  return (found?.nodes ?? [])
    .filter(({ name }) => name === PROXY)
    .map(({ properties }) => String(properties.Pod));
}

/** A pod that is not ready, while the mesh refuses what it sends to a Service that it calls. */
export const refusedByMesh: Explainer = (pod, graph) => {
  const calling = callingSymptom(pod, graph);
  if (!calling || hasReadySibling(pod, graph)) {
    return undefined;
  }
  const services = calledServices(pod, graph, calling);
  for (const { node: service } of services.filter(({ node }) => isWell(node))) {
    const [target] = podsBehind(service, graph);
    const root = target && refusal(pod, target, graph);
    const began = root?.since;
    if (
      root &&
      (began === undefined ||
        calling.since === undefined ||
        began <= calling.since + SLACK)
    ) {
      return [
        {
          type: 'root',
          confidence: 'likely',
          says: `${called(pod)} calls ${called(
            service,
          )}, where the mesh refuses it (${calling.symptom.reason}).`,
          evidence: calling.evidence,
          quote: calling.words
            ? { who: 'the kubelet', text: calling.words }
            : undefined,
          above: [
            {
              node: service,
              says: `${called(service)} is well, and refuses this caller.`,
              evidence: [],
            },
          ],
          root,
        },
      ];
    }
  }
  return undefined;
};

function podsBehind(
  service: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode[] {
  const found = graph.inventory({
    cluster: service.cluster,
    kind: POD,
    linkedFrom: { relation: 'service-pod', key: service.key },
  });
  return (found?.nodes ?? []).filter(isWell);
}

/** A Service that is there to be called, and the mesh refuses whoever does. */
function refusesAll(
  policy: CausalGraphNode,
  target: CausalGraphNode,
  service: CausalGraphNode,
  graph: CausalGraph,
): Root | undefined {
  const root = refusal(service, target, graph);
  return root?.fault === 'MeshPolicyDenies' &&
    root.node.key === policy.key &&
    service.properties.ClusterIP !== 'None'
    ? {
        ...root,
        predicate: `selects the pods of ${called(service)} and ${
          policy.verdict.message ?? 'denies its callers'
        }`,
      }
    : undefined;
}

/** A policy of the mesh that refuses somebody who is known to call, though nothing looks unwell. */
export const meshPolicy: Explainer = (policy, graph) => {
  const pods = graph
    .dependents(policy.key)
    .filter(({ node }) => isKind(node, 'Pod'))
    .map(({ node }) => node);
  for (const pod of pods) {
    const services = graph
      .dependents(pod.key)
      .filter(({ node }) => isKind(node, 'Service'));
    for (const { node: service } of services) {
      const callers = graph.inventory({
        cluster: service.cluster,
        kind: POD,
        linkedTo: { relation: 'pod-service-called', key: service.key },
      });
      for (const caller of (callers?.nodes ?? []).slice(0, MOST_CALLERS)) {
        const root = refusal(caller, pod, graph);
        if (root) {
          return [refusing(policy, `refuses ${called(caller)}`, root)];
        }
      }
      const root = refusesAll(policy, pod, service, graph);
      if (root) {
        return [refusing(policy, `refuses whoever calls`, root)];
      }
    }
  }
  return undefined;
};

function refusing(
  policy: CausalGraphNode,
  what: string,
  root: Root,
): RootFinding {
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(policy)} ${what}.`,
    evidence: root.evidence,
    root,
  };
}
