import { Explainer, called, namespaceFlag } from './finding';
import { SchedulerReason, parseSchedulerMessage } from './schedulerMessage';
import { symptomsOf, textsOf } from './symptom';
import { templateCarrier } from './templateCarrier';

/** What the scheduler weighs that only the pod's template decides. */
const PLACEMENT =
  /node affinity\/selector|anti-affinity|affinity rules|topology spread|free ports/;
const RESOURCE = /^Insufficient (\S+)/;

/**
 * A pod that fits on no node because of what its template asks for (S029, S031, S034–S036). Taints, cordons, zones
 * and volumes are the nodes' or volumes' side of the matter: nothing is claimed for them here.
 */
export const unschedulable: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(
    ({ reason }) => reason === 'Unschedulable',
  );
  if (!symptom) {
    return undefined;
  }
  const message =
    textsOf(symptom).find(text => text.includes('nodes are available')) ??
    symptom.message;
  const { reasons } = parseSchedulerMessage(message);
  const own = reasons.filter(isOfTemplate);
  if (own.length === 0 || own.length < reasons.length) {
    return [{ type: 'silent', because: `The scheduler says: "${message}"` }];
  }
  const resources = own.flatMap(({ text }) => RESOURCE.exec(text)?.[1] ?? []);
  const carrier = templateCarrier(pod, graph);
  return [
    {
      type: 'root',
      confidence: carrier.node.key === pod.key ? 'likely' : 'proven',
      says: `${called(pod)} fits on no node.`,
      evidence: symptom.evidence,
      quote: { who: 'the scheduler', text: message },
      rootEdge: carrier.edge,
      above: carrier.above,
      root: {
        node: carrier.node,
        fault:
          resources.length > 0 ? 'InsufficientResources' : 'NoMatchingNode',
        predicate:
          resources.length > 0
            ? `asks for more ${[...new Set(resources)].join(
                ' and ',
              )} than any node has left`
            : 'has placement rules that no node satisfies',
        nextStep:
          resources.length > 0
            ? `Lower resources.requests of its pods, or add a node that has so much: kubectl describe nodes | grep -A 8 'Allocated resources'`
            : `Compare its nodeSelector, affinity and ports with the nodes: kubectl get pod ${
                pod.name
              }${namespaceFlag(pod)} -o yaml; kubectl get nodes --show-labels`,
        evidence: own.map(({ nodes, text }) => ({
          source: 'field',
          field: 'status.conditions[PodScheduled].message',
          value: nodes === undefined ? text : `${nodes} ${text}`,
        })),
        since: symptom.since ?? pod.verdict.since,
      },
    },
  ];
};

function isOfTemplate({ text }: SchedulerReason): boolean {
  return RESOURCE.test(text) || PLACEMENT.test(text);
}
