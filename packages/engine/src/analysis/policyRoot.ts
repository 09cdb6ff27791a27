import { Evidence } from '../kinds/status';
import { smallestChange } from '../reachability/smallestChange';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { clusterDns, usesClusterDns } from './clusterDns';
import { Link, Root, called } from './finding';
import { Denial, deniedService, policiesOf } from './policyModel';

/** What is at fault at a policy, and the way from it to the caller. */
export interface PolicyRoot {
  root: Root;
  above: Link[];
}

/**
 * The policy to blame of those that isolate one side: the one that a small change would make right, else the newest.
 */
export function policyRoot(
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

export function newestOf(
  policies: readonly CausalGraphNode[],
): CausalGraphNode | undefined {
  return [...policies].sort(
    (a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0),
  )[0];
}

export function rulesText(
  { properties }: CausalGraphNode,
  direction: 'ingress' | 'egress',
): string {
  const rules = direction === 'egress' ? properties.Egress : properties.Ingress;
  return Array.isArray(rules) && rules.length > 0
    ? JSON.stringify(rules).slice(0, 500)
    : 'no rule: nothing passes';
}

/** The policy that keeps a pod from the cluster's name look-ups. */
export function deniedDns(
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
