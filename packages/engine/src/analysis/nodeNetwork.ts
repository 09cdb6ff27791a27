import { nodeKey } from '../kinds/identity';
import { CLUSTER, NODE } from '../kinds/kindIds';
import { Evidence, PROBLEM_LEVELS } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';
import { Explainer, Finding, called } from './finding';
import { networkDaemons, networkPods, podsOn } from './nodePods';
import { nodesOf } from './siblings';
import { symptomsOf, textsOf } from './symptom';

const NO_NETWORK =
  /NetworkPluginNotReady|cni plugin not initialized|cni config uninitialized|network plugin is not ready/i;
const NO_ADDRESS =
  /no IP addresses available|failed to assign an IP address|no (more|free|available) IPs?|IP pool[^.]*exhausted|exhausted[^.]*IP|range is full|out of IPs/i;

/** A node without a pod network (S101): its network plugin's pod there, or the set that should have brought one. */
export const nodeWithoutNetwork: Explainer = (node, graph) => {
  const { level, reason, message, evidence } = node.verdict;
  const text = [message ?? '', ...evidence.map(({ value }) => value)].join(' ');
  if (
    !PROBLEM_LEVELS.has(level) ||
    !(NO_NETWORK.test(text) || reason === 'NetworkUnavailable')
  ) {
    return undefined;
  }
  const pods = networkPods(node, graph);
  const broken = pods.filter(pod => !isWell(pod));
  const daemons = networkDaemons(node.cluster, graph);
  // With a pod that is well there, the set has done its part.
  const absent =
    pods.length === 0 ? (daemons ?? []).filter(one => !isWell(one)) : [];
  const suspects = broken.length > 0 ? broken : absent;
  const found = suspects.flatMap(({ key }) => graph.reach(key) ?? []);
  if (found.length > 0) {
    return found.map(
      (plugin): Finding => ({
        type: 'dependency',
        on: plugin.key,
        confidence: 'likely',
        says: `${called(node)} has no network for pods, which ${called(
          plugin,
        )} should set up.`,
        evidence,
        quote: message ? { who: 'the kubelet', text: message } : undefined,
      }),
    );
  }
  return pods.length > 0 || !daemons
    ? undefined
    : [noPluginAtAll(node, daemons, graph) ?? withoutPlugin(node, daemons)];
};

/** Without a plugin no node can be ready: that is the cluster's one fault, not each node's. */
function noPluginAtAll(
  node: CausalGraphNode,
  daemons: readonly CausalGraphNode[],
  graph: CausalGraph,
): Finding | undefined {
  const { cluster, verdict } = node;
  const without = (nodesOf(cluster, graph)?.nodes ?? []).filter(one =>
    NO_NETWORK.test(
      `${one.verdict.message} ${one.verdict.evidence
        .map(({ value }) => value)
        .join(' ')}`,
    ),
  );
  const root =
    daemons.length === 0 && without.length > 1
      ? graph.reach(
          nodeKey({ cluster, kind: CLUSTER, namespace: '', name: cluster }),
        )
      : undefined;
  return (
    root && {
      type: 'root',
      confidence: 'likely',
      says: `${called(node)} has no network for pods.`,
      evidence: verdict.evidence,
      quote: verdict.message
        ? { who: 'the kubelet', text: verdict.message }
        : undefined,
      root: {
        node: root,
        fault: 'NetworkPluginMissing',
        predicate: `runs no network plugin that is known: ${without.length} of its nodes wait for one`,
        nextStep:
          'Install a network plugin (Calico, Cilium, Flannel, …), or see why its pods are not there: kubectl get daemonsets -A',
        evidence: without.slice(0, 5).map(
          (one): Evidence => ({
            source: 'structure',
            field: `Node ${one.name}`,
            value: one.verdict.message ?? one.verdict.reason,
          }),
        ),
        since: verdict.since,
      },
    }
  );
}

function withoutPlugin(
  node: CausalGraphNode,
  daemons: readonly CausalGraphNode[],
): Finding {
  const { message, evidence, since } = node.verdict;
  const [daemon] = daemons;
  const all: Evidence[] = [
    ...evidence,
    {
      source: 'structure',
      field: 'network plugin',
      value: daemon
        ? `DaemonSet ${daemon.namespace}/${daemon.name} has no pod on ${node.name}`
        : 'no DaemonSet of a known network plugin',
    },
  ];
  return {
    type: 'root',
    confidence: 'proven',
    says: `${called(node)} has no network for pods.`,
    evidence: all,
    root: {
      node,
      fault: 'NetworkPluginMissing',
      predicate: daemon
        ? `is not ready: its network is not set up, and ${called(
            daemon,
          )} has no pod there`
        : 'is not ready: its network is not set up, and no known network plugin runs in the cluster',
      nextStep: daemon
        ? `See why it has none (nodeSelector, taints): kubectl describe daemonset ${daemon.name} -n ${daemon.namespace}`
        : `Install a network plugin, or see its pods: kubectl get pods -A -o wide --field-selector spec.nodeName=${node.name}`,
      evidence: all,
      quote: message ? { who: 'the kubelet', text: message } : undefined,
      since,
    },
  };
}

/**
 * A pod whose sandbox gets no network (S101): the node has no address left, or its network plugin is broken. That one
 * pod's sandbox fails while others' do not is nobody's fault that could be named.
 */
export const sandboxWithoutNetwork: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(
    ({ reason }) => reason === 'SandboxFailed',
  );
  const node = graph
    .dependencies(pod.key)
    .find(({ node: other }) => isKind(other, 'Node'));
  const name = pod.properties.Node;
  if (!symptom || typeof name !== 'string' || name === '') {
    return undefined;
  }
  const place = { cluster: pod.cluster, name };
  const text =
    textsOf(symptom).find(one => NO_ADDRESS.test(one)) ??
    textsOf(symptom).find(one => /sandbox|cni|plugin/i.test(one));
  const quote = text ? { who: 'the kubelet', text } : undefined;
  const broken = networkPods(place, graph)
    .filter(one => !isWell(one))
    .flatMap(({ key }) => graph.reach(key) ?? []);
  if (broken.length > 0) {
    return broken.map(
      (plugin): Finding => ({
        type: 'dependency',
        on: plugin.key,
        confidence: 'likely',
        says: `${called(pod)} gets no network on node ${name}, which ${called(
          plugin,
        )} should set up.`,
        evidence: symptom.evidence,
        quote,
      }),
    );
  }
  const others = (podsOn(place, graph) ?? []).filter(
    ({ key, properties }) => key !== pod.key && properties.IP !== undefined,
  );
  const host = node?.node ?? nodeNamed(pod.cluster, name, graph);
  if (!text || !NO_ADDRESS.test(text) || !host) {
    return undefined;
  }
  const evidence: Evidence[] = [
    ...symptom.evidence,
    {
      source: 'structure',
      field: `pods with an address on ${name}`,
      value: String(others.length),
    },
  ];
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${called(pod)} gets no address on node ${name}.`,
      evidence: symptom.evidence,
      quote,
      rootEdge: node?.edge,
      root: {
        node: host,
        fault: 'AddressesExhausted',
        predicate: `has no address left for pods: ${others.length} pods there have one`,
        nextStep: `Enlarge the range of addresses (podCIDR, IP pool, subnet), or free those that ended pods still hold: kubectl get pods -A -o wide --field-selector spec.nodeName=${name}`,
        evidence,
        since: symptom.since,
      },
    },
  ];
};

function nodeNamed(
  cluster: string,
  name: string,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  return graph.reach(nodeKey({ cluster, kind: NODE, namespace: '', name }));
}
