import { CSI_NODE, VOLUME_ATTACHMENT } from '../kinds/kindIds';
import { Json } from '../kinds/observation';
import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { Explainer, called } from './finding';
import { parseSchedulerMessage } from './schedulerMessage';
import { symptomsOf, textsOf } from './symptom';

const LIMIT = /exceed max volume count/;

/** A pod that fits on no node because its driver can have no more volumes there (S070). */
export const attachLimit: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(one =>
    textsOf(one).some(text => LIMIT.test(text)),
  );
  if (!symptom) {
    return undefined;
  }
  const text = textsOf(symptom).find(one => LIMIT.test(one))!;
  const full = driversOf(pod, graph).flatMap(driver =>
    fullNodes(pod.cluster, driver, graph),
  );
  const [first, ...others] = full;
  if (!first) {
    return undefined;
  }
  const { reasons } = parseSchedulerMessage(text);
  const onlyLimits = reasons.every(reason => LIMIT.test(reason.text));
  return [
    {
      type: 'root',
      confidence: onlyLimits ? 'proven' : 'likely',
      says: `${called(
        pod,
      )} fits on no node: its volume cannot be attached to one more.`,
      evidence: symptom.evidence,
      quote: { who: 'the scheduler', text },
      root: {
        node: first.node,
        fault: 'VolumeLimitReached',
        predicate: `has ${first.attached} of at most ${
          first.limit
        } volumes of driver ${first.driver}${
          others.length > 0
            ? `, and so ${others.length === 1 ? 'has' : 'have'} ${others
                .slice(0, 3)
                .map(
                  ({ node, attached, limit }) =>
                    `${node.name} (${attached}/${limit})`,
                )
                .join(', ')}${
                others.length > 3 ? ` and ${others.length - 3} more` : ''
              }`
            : ''
        }`,
        nextStep: `Add a node, or move pods with volumes away: kubectl get volumeattachments; kubectl get csinode ${first.node.name} -o yaml`,
        evidence: full.slice(0, 5).map(({ node, attached, limit, driver }) => ({
          source: 'structure',
          field: `CSINode ${node.name}: volumes of ${driver}`,
          value: `${attached}/${limit}`,
        })),
        since: symptom.since,
      },
    },
  ];
};

/** The drivers of the pod's claims: of the volume, or of the class that is to make one. */
function driversOf(pod: CausalGraphNode, graph: CausalGraph): string[] {
  const drivers = graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, 'PersistentVolumeClaim'))
    .flatMap(({ node }) => graph.dependencies(node.key))
    .flatMap(({ node }) =>
      isKind(node, 'PersistentVolume')
        ? [node.properties.Driver]
        : [node.properties.Provisioner],
    )
    .filter((name): name is string => typeof name === 'string');
  return [...new Set(drivers)];
}

interface FullNode {
  node: CausalGraphNode;
  driver: string;
  attached: number;
  limit: number;
}

function fullNodes(
  cluster: string,
  driver: string,
  graph: CausalGraph,
): FullNode[] {
  const nodes = graph.inventory({ cluster, kind: CSI_NODE });
  const attachments = graph.inventory({
    cluster,
    kind: VOLUME_ATTACHMENT,
    where: { property: 'Attacher', value: driver },
  });
  return (nodes?.nodes ?? []).flatMap(node => {
    const limit = Number(record(node.properties.Limits)?.[driver]);
    const attached = (attachments?.nodes ?? []).filter(
      ({ properties }) => properties.NodeName === node.name,
    ).length;
    return Number.isFinite(limit) && attached >= limit
      ? [{ node, driver, attached, limit }]
      : [];
  });
}

function record(value: Json | undefined): { [name: string]: Json } | undefined {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? value
    : undefined;
}
