import { KindId } from '../kinds/identity';
import {
  CausalGraph,
  CausalGraphEdge,
  CausalGraphNode,
  isKind,
} from './causalGraph';
import { EXPERIMENT_KINDS, INJECTED } from './experimentKinds';
import { Explainer, Root, called, namespaceFlag } from './finding';
import { symptomsOf } from './symptom';

const ENGINE: KindId = { group: 'litmuschaos.io', kind: 'ChaosEngine' };
/** Times are in full seconds, and a pod is told of before the object that harms it. */
const SLACK = 60_000;
const NAMED = 5;

/** What no experiment does to a pod: its image, its configuration, its place. */
const NOT_INJECTED =
  /Image|Config|Unschedulable|Scheduling|Mount|Attach|Evicted|NodeLost|Waiting/;

interface Experiment {
  node: CausalGraphNode;
  edge?: CausalGraphEdge;
}

/**
 * A pod in trouble since an experiment that selects it is injected (S149–S154): the object says so itself, was there
 * before the symptom, and does such things.
 */
export const underExperiment: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(
    ({ reason }) => !NOT_INJECTED.test(reason),
  );
  if (!symptom || pod.verdict.level === 'ok') {
    return undefined;
  }
  const { since = Infinity } = symptom;
  const experiment = experimentsOn(pod, graph).find(
    ({ node }) => startOf(node) <= since + SLACK,
  );
  return (
    experiment && [
      {
        type: 'root',
        confidence: 'proven',
        says: `${called(pod)} is what ${called(experiment.node)} does to it (${
          symptom.reason
        }).`,
        evidence: symptom.evidence,
        rootEdge: experiment.edge,
        root: experimentRoot(experiment.node, graph),
      },
    ]
  );
};

/** An experiment that is injected is told of by itself: most of what it does no status shows (S152, S154). */
export const experiment: Explainer = (node, graph) =>
  node.verdict.reason === INJECTED
    ? [
        {
          type: 'root',
          confidence: 'proven',
          says: `${called(node)} is injected.`,
          evidence: node.verdict.evidence,
          root: experimentRoot(node, graph),
        },
      ]
    : undefined;

function experimentsOn(pod: CausalGraphNode, graph: CausalGraph): Experiment[] {
  const linked: Experiment[] = graph
    .dependencies(pod.key)
    .filter(({ edge }) => edge.relation.name === 'chaos-pod');
  const engines = graph.inventory({ cluster: pod.cluster, kind: ENGINE });
  const litmus = (engines?.nodes ?? [])
    .filter(node => targets(node, pod))
    .map((node): Experiment => ({ node }));
  return [...linked, ...litmus]
    .filter(({ node }) => node.verdict.reason === INJECTED)
    .sort((a, b) => startOf(a.node) - startOf(b.node));
}

/** `app=cart`, in the namespace that it names. */
function targets(engine: CausalGraphNode, pod: CausalGraphNode): boolean {
  const { AppNamespace, AppLabel } = engine.properties;
  const [label, value] = String(AppLabel ?? '').split('=');
  return (
    label !== '' &&
    pod.labels[label] === value &&
    pod.namespace === (AppNamespace ?? engine.namespace)
  );
}

function startOf({ createdAt, verdict }: CausalGraphNode): number {
  return createdAt ?? verdict.since ?? -Infinity;
}

function experimentRoot(node: CausalGraphNode, graph: CausalGraph): Root {
  const { Action, AppLabel } = node.properties;
  const pods = graph
    .dependents(node.key)
    .filter(({ node: other }) => isKind(other, 'Pod'))
    .map(({ node: other }) => other.name);
  const what = Action ? `${[Action].flat().join(', ')}` : node.kind.kind;
  const more = pods.length > NAMED ? ` and ${pods.length - NAMED} more` : '';
  const whom =
    pods.length > 0
      ? `: ${pods.slice(0, NAMED).join(', ')}${more}`
      : ` that carry ${AppLabel ?? 'its labels'}`;
  const since = startOf(node);
  const at =
    since === -Infinity ? '' : ` since ${new Date(since).toISOString()}`;
  const { kind } = node;
  return {
    node,
    fault: 'ChaosExperiment',
    predicate: `is an experiment (${what}) that is injected${at} into the pods${whom}`,
    nextStep: `If it is not meant to go on: kubectl delete ${kind.kind.toLowerCase()}.${
      kind.group
    } ${node.name}${namespaceFlag(node)}`,
    evidence: node.verdict.evidence,
    since: since === -Infinity ? undefined : since,
  };
}

/** By `kindText`. */
export const EXPERIMENT_EXPLAINERS: Readonly<
  Record<string, readonly Explainer[]>
> = Object.fromEntries(EXPERIMENT_KINDS.map(kind => [kind, [experiment]]));
