import { PROBLEM_LEVELS } from '../kinds/status';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, called, namespaceFlag } from './finding';

/** A load balancer that was asked for and never came (S092): in the words of who should make it, if it says any. */
export function loadBalancer(
  node: CausalGraphNode,
  graph: CausalGraph,
): Finding | undefined {
  const { reason, level, evidence, since } = node.verdict;
  if (reason !== 'LoadBalancerPending' || !PROBLEM_LEVELS.has(level)) {
    return undefined;
  }
  const words = graph
    .events(node.key)
    .find(event => event.reason === 'SyncLoadBalancerFailed')?.message;
  const { LoadBalancerClass } = node.properties;
  return {
    type: 'root',
    confidence: words ? 'proven' : 'likely',
    says: `${called(node)} has no address for callers from outside.`,
    evidence: [
      ...evidence,
      ...(words && !evidence.some(({ value }) => value === words)
        ? [
            {
              source: 'event' as const,
              field: 'SyncLoadBalancerFailed',
              value: words,
            },
          ]
        : []),
    ],
    root: {
      node,
      fault: 'LoadBalancerPending',
      predicate: words
        ? 'gets no load balancer'
        : `has got no load balancer, and no controller says why${
            LoadBalancerClass ? ` (class ${LoadBalancerClass})` : ''
          }`,
      nextStep: words
        ? `Correct what the message names (quota, subnet, annotation), then watch: kubectl describe service ${
            node.name
          }${namespaceFlag(node)}`
        : `Check that a controller for load balancers runs in the cluster: kubectl describe service ${
            node.name
          }${namespaceFlag(node)}`,
      evidence,
      quote: words ? { who: 'the service controller', text: words } : undefined,
      since,
    },
  };
}
