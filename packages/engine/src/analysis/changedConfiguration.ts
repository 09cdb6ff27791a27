import { Evidence } from '../kinds/status';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';
import { failingContainer } from './container';
import { howItEnds } from './containerEnding';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { siblingsOf } from './siblings';
import { symptomsOf } from './symptom';
import { templateChange } from './templateChange';

const MINUTE = 60_000;
/** Longer before the trouble began, a change explains nothing. */
const CRASHES_WITHIN = 120 * MINUTE;
/** Who writes anew on a schedule, and most often rightly: no suspect of a crash. */
const ROTATES =
  /cert-manager|external-secrets|cainjector|sealed-secrets|vault/i;
/** What is read at start bites when connections are made anew; what is mounted, as soon as it is read again. */
const NOT_READY_WITHIN = { stale: 60 * MINUTE, mounted: 15 * MINUTE };
/** The kubelet waits no longer than this between two starts. */
const LONGEST_BACK_OFF = 5 * MINUTE;

/** A Secret or ConfigMap that the pod reads, and when its data was written last. */
interface ChangedSource {
  node: CausalGraphNode;
  changedAt: number;
}

/**
 * A container that keeps crashing since something that it reads was changed, while its template is older (S138, S142):
 * a suspect, for what was written is not read here. Siblings that started after the change and are well speak it free.
 */
export const crashedByChange: Explainer = (pod, graph) => {
  const symptom = failingContainer(pod, graph);
  if (!symptom || howItEnds(symptom).fault !== 'ContainerCrashes') {
    return undefined;
  }
  const endedAt = symptom.evidence.find(({ field }) =>
    field.endsWith('lastState.terminated'),
  )?.since;
  const restarts = Number(symptom.container?.properties.RestartCount ?? 0);
  const source = endedAt
    ? suspectOf(pod, graph, (changedAt, { properties }) => {
        // With so many restarts behind it, the loop began then at the latest.
        const began = Math.max(
          pod.createdAt ?? 0,
          endedAt - Math.max(restarts - 5, 0) * LONGEST_BACK_OFF,
        );
        return (
          changedAt <= began &&
          began - changedAt <= CRASHES_WITHIN &&
          !ROTATES.test(String(properties.DataChangedBy ?? ''))
        );
      })
    : undefined;
  if (!source || !isTemplateOlder(pod, source.changedAt, graph)) {
    return undefined;
  }
  const siblings = siblingsOf(pod, graph);
  const refuted = siblings?.some(
    one => isWell(one) && (one.createdAt ?? 0) > source.changedAt,
  );
  return refuted
    ? undefined
    : [
        suspected(
          pod,
          source,
          graph,
          `${called(pod)} keeps crashing since ${called(
            source.node,
          )} was changed.`,
          symptom.evidence,
        ),
      ];
};

/** A pod that is not ready since soon after something that it reads was changed (S140): it runs with the former version, or has read the new one. */
export const unreadyByChange: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(({ reason }) =>
    /ReadinessFailing|LivenessKilling/.test(reason),
  );
  const { since } = symptom ?? {};
  if (!symptom || since === undefined) {
    return undefined;
  }
  const stale = new Set((pod.verdict.stale ?? []).map(({ key }) => key));
  const source = suspectOf(pod, graph, (changedAt, node) => {
    const within = stale.has(node.key)
      ? NOT_READY_WITHIN.stale
      : NOT_READY_WITHIN.mounted;
    return changedAt <= since && since - changedAt <= within;
  });
  if (!source || !isTemplateOlder(pod, source.changedAt, graph)) {
    return undefined;
  }
  const runsOn = stale.has(source.node.key)
    ? 'It still runs with the former version, which it read at its start.'
    : '';
  return [
    suspected(
      pod,
      source,
      graph,
      `${called(pod)} is not ready since soon after ${called(
        source.node,
      )} was changed. ${runsOn}`.trim(),
      symptom.evidence,
    ),
  ];
};

/** The source that was changed last among those of which the time fits. */
function suspectOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
  fits: (changedAt: number, node: CausalGraphNode) => boolean,
): ChangedSource | undefined {
  return graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, 'Secret', 'ConfigMap'))
    .flatMap(({ node }): ChangedSource[] => {
      const { DataChangedAt } = node.properties;
      const isChange =
        typeof DataChangedAt === 'number' &&
        // What was never written again is not changed but made.
        DataChangedAt > (node.createdAt ?? Infinity) + MINUTE;
      return isChange && fits(DataChangedAt, node)
        ? [{ node, changedAt: DataChangedAt }]
        : [];
    })
    .sort((a, b) => b.changedAt - a.changedAt)[0];
}

/** The template ran before the change: made before it, or made anew since without another field. */
function isTemplateOlder(
  pod: CausalGraphNode,
  changedAt: number,
  graph: CausalGraph,
): boolean {
  const controller = graph.controllers(pod.key)[0]?.node;
  if (!controller) {
    return (pod.createdAt ?? Infinity) < changedAt;
  }
  if ((controller.createdAt ?? Infinity) < changedAt) {
    return true;
  }
  const change = templateChange(pod, graph);
  return change !== undefined && change.fields.length === 0;
}

function suspected(
  pod: CausalGraphNode,
  { node, changedAt }: ChangedSource,
  graph: CausalGraph,
  says: string,
  evidence: Evidence[],
): Finding {
  const { DataChangedBy } = node.properties;
  const at = new Date(changedAt).toISOString().replace(/\.\d+Z$/, 'Z');
  const by = typeof DataChangedBy === 'string' ? ` by ${DataChangedBy}` : '';
  const controller = graph.controllers(pod.key)[0]?.node;
  const top =
    controller && (graph.controllers(controller.key)[0]?.node ?? controller);
  const kind = node.kind.kind.toLowerCase();
  return {
    type: 'root',
    confidence: 'likely',
    says,
    evidence,
    rootEdge: graph
      .dependencies(pod.key)
      .find(dependency => dependency.node.key === node.key)?.edge,
    root: {
      node,
      fault: 'ConfigurationChanged',
      predicate: `was changed at ${at}${by}, and the trouble of what reads it began after that, with a pod template that is older`,
      nextStep: `Compare it with what it held before, correct it, and start what reads it anew: kubectl get ${kind} ${
        node.name
      }${namespaceFlag(node)} -o yaml --show-managed-fields${
        top
          ? `; kubectl rollout restart ${top.kind.kind.toLowerCase()}/${
              top.name
            }${namespaceFlag(top)}`
          : ''
      }`,
      evidence: [
        {
          source: 'field',
          field: 'metadata.managedFields.time',
          value: `${at}${by}`,
          since: changedAt,
        },
      ],
      since: changedAt,
    },
  };
}
