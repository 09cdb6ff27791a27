import { nodeKey } from '../kinds/identity';
import { LEASE } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Explainer, called } from './finding';

const SYSTEM = 'kube-system';
/** By the name of its lease: what stands still without it. */
const DUTIES: Readonly<Record<string, string>> = {
  'kube-controller-manager':
    'no endpoints are written, no pods made, no nodes watched',
  'kube-scheduler': 'no pod is placed',
  'cloud-controller-manager': 'no load balancer and no node is looked after',
};

/** A part of the control plane that renews its lease no more (H128, S158): nothing that the API shows lies deeper. */
export const controlPlaneLease: Explainer = lease => {
  const { reason, evidence, since } = lease.verdict;
  const duty = DUTIES[lease.name];
  if (
    reason !== 'ControllerDead' ||
    lease.namespace !== SYSTEM ||
    duty === undefined
  ) {
    return undefined;
  }
  return [
    {
      type: 'root',
      confidence: 'proven',
      says: `${lease.name} does not run.`,
      evidence,
      root: {
        node: lease,
        fault: 'ControlPlaneDown',
        predicate: `is renewed no more: ${lease.name} does not run, so that ${duty}`,
        nextStep: `See whether it runs on the control plane's nodes: kubectl get pods -n ${SYSTEM} -l component=${lease.name} -o wide`,
        evidence,
        since,
      },
    },
  ];
};

/** A Service whose pods are ready, and whose slices do not say so (S158): who writes these? */
export const endpointsOutdated: Explainer = (service, graph) => {
  if (service.verdict.reason !== 'EndpointsOutdated') {
    return undefined;
  }
  const lease = leaseOf('kube-controller-manager', service, graph);
  const words = `${called(service)}: ${service.verdict.message}.`;
  return lease?.verdict.reason === 'ControllerDead'
    ? [
        {
          type: 'dependency',
          on: lease.key,
          confidence: 'proven',
          says: words,
          evidence: service.verdict.evidence,
        },
      ]
    : [{ type: 'silent', because: words }];
};

function leaseOf(
  name: string,
  { cluster }: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  return graph.reach(
    nodeKey({ cluster, kind: LEASE, namespace: SYSTEM, name }),
  );
}
