import { DEPLOYMENT, LEASE } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isKind, isWell } from './causalGraph';
import { Explainer, Finding, called } from './finding';
import { nearName } from './nearName';
import { nodesOf } from './siblings';
import { symptomsOf } from './symptom';
import { templateCarrier } from './templateCarrier';
import { templateChange, withChange } from './templateChange';

const DEFAULT_SCHEDULER = 'default-scheduler';

/** A pod whose scheduling gate nobody lifts (S042): its owner's Deployment is not well, or the gate was left behind. */
export const gateNotLifted: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(
    ({ reason }) => reason === 'SchedulingGated',
  );
  const gates = pod.properties.SchedulingGates;
  if (!symptom || !Array.isArray(gates) || gates.length === 0) {
    return undefined;
  }
  const [gate] = gates.map(String);
  const word = gate.split('/')[0].split('.')[0];
  const owner = troubledDeployment(
    pod,
    graph,
    ({ name, namespace }) => name.includes(word) || namespace.includes(word),
  );
  if (owner && word.length > 2 && word !== 'example') {
    return [
      follow(pod, owner, `waits for its gate ${gate} to be lifted`, {
        field: 'spec.schedulingGates',
        value: gate,
      }),
    ];
  }
  if (ownsGate(pod, word, graph)) {
    return [
      {
        type: 'silent',
        because: `${called(
          pod,
        )} waits for its scheduling gate ${gate}; whoever lifts it by its name runs.`,
      },
    ];
  }
  return [
    ofTemplate(pod, graph, {
      fault: 'GateNotLifted',
      predicate: `makes pods with the scheduling gate ${gate}, which nobody has lifted`,
      nextStep: `Find the controller that lifts ${gate}, or take the gate out of the pod template`,
      evidence: { field: 'spec.schedulingGates', value: gates.join(', ') },
      fields: /^schedulingGates$/,
    }),
  ];
};

/** A pod that no scheduler picks up, for the one that it names does not exist or is not well (S043). */
export const noSuchScheduler: Explainer = (pod, graph) => {
  const symptom = symptomsOf(pod, graph).find(
    ({ reason }) => reason === 'NoSchedulerPicked',
  );
  const scheduler = pod.properties.SchedulerName;
  if (!symptom || typeof scheduler !== 'string' || scheduler === '') {
    return undefined;
  }
  const evidence = { field: 'spec.schedulerName', value: scheduler };
  const broken = troubledDeployment(pod, graph, ({ name }) =>
    name.includes(scheduler),
  );
  if (broken) {
    return [follow(pod, broken, `waits for scheduler ${scheduler}`, evidence)];
  }
  const deployments = graph.inventory({
    cluster: pod.cluster,
    kind: DEPLOYMENT,
  });
  const leases = graph.inventory({ cluster: pod.cluster, kind: LEASE });
  const names = [...(deployments?.nodes ?? []), ...(leases?.nodes ?? [])]
    .filter(({ verdict }) => verdict.level !== 'missing')
    .map(({ name }) => name);
  // `volcano` is run by a Deployment `volcano-scheduler`.
  if (names.some(name => name.includes(scheduler))) {
    return undefined;
  }
  const near = nearName(scheduler, [DEFAULT_SCHEDULER, ...names]);
  return [
    ofTemplate(pod, graph, {
      fault: 'SchedulerUnknown',
      predicate: `names the scheduler ${scheduler}, of which there is no trace: no lease, no Deployment${
        near ? ` (${near} is one: a typo?)` : ''
      }`,
      nextStep: `Set schedulerName: ${
        near ?? DEFAULT_SCHEDULER
      } in its pod template, or start the scheduler ${scheduler}`,
      evidence,
      fields: /^schedulerName$/,
    }),
  ];
};

/** A pod that was made for a node which does not exist (S030): not the scheduler, its own template put it there. */
export const noSuchNode: Explainer = (pod, graph) => {
  const node = absentNode(pod, graph);
  if (!node) {
    return undefined;
  }
  const names =
    nodesOf(pod.cluster, graph)?.nodes.map(({ name }) => name) ?? [];
  const near = nearName(node.name, names);
  return [
    ofTemplate(pod, graph, {
      fault: 'NodeDoesNotExist',
      predicate: `puts its pods on node ${node.name}, which does not exist${
        near ? ` (${near} does: a typo?)` : ''
      }; they are removed and made again`,
      nextStep: `Take nodeName out of the pod template, so that the scheduler finds a node${
        near ? `, or set it to ${near}` : ''
      }`,
      evidence: { field: 'spec.nodeName', value: node.name },
      fields: /^nodeName$/,
    }),
  ];
};

/** What a pod shows that no kubelet has taken on, until it is collected as garbage and after. */
const UNTAKEN: ReadonlySet<string> = new Set([
  'Pending',
  'NoKubeletAnswered',
  'Disrupted',
  'Terminating',
  'StuckTerminating',
]);

/** The node of a pod that nobody has placed or taken on. */
function absentNode(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const isPlaced =
    !UNTAKEN.has(pod.verdict.reason) ||
    Object(pod.properties.Conditions).PodScheduled !== undefined ||
    pod.properties.StartTime !== undefined;
  return isPlaced
    ? undefined
    : graph
        .dependencies(pod.key)
        .find(
          ({ node }) =>
            isKind(node, 'Node') && node.verdict.level === 'missing',
        )?.node;
}

/** A workload whose pods never live long enough to be in trouble: each is removed within a minute (S030). */
export const podsForNoNode: Explainer = (workload, graph) => {
  const found = graph
    .dependencies(workload.key)
    .filter(({ edge }) => edge.relation.class === 'control')
    .find(({ node }) => isKind(node, 'Pod') && absentNode(node, graph));
  return (
    found && [
      {
        type: 'dependency',
        on: found.node.key,
        edge: found.edge,
        confidence: 'proven',
        says: `${called(workload)}: ${
          workload.verdict.message ?? workload.verdict.reason
        }.`,
        evidence: workload.verdict.evidence,
      },
    ]
  );
};

interface TemplateFault {
  fault: string;
  predicate: string;
  nextStep: string;
  evidence: { field: string; value: string };
  fields: RegExp;
}

function ofTemplate(
  pod: CausalGraphNode,
  graph: CausalGraph,
  { fault, predicate, nextStep, evidence, fields }: TemplateFault,
): Finding {
  const carrier = templateCarrier(pod, graph, 'may be well');
  return withChange(
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(pod)} has no place: ${
        pod.verdict.message ?? pod.verdict.reason
      }.`,
      evidence: pod.verdict.evidence,
      rootEdge: carrier.edge,
      above: carrier.above,
      root: {
        node: carrier.node,
        fault,
        predicate,
        nextStep,
        evidence: [{ source: 'field', ...evidence }],
        since: pod.verdict.since ?? pod.createdAt,
      },
    },
    { change: templateChange(pod, graph), fields },
  );
}

function follow(
  pod: CausalGraphNode,
  on: CausalGraphNode,
  what: string,
  evidence: { field: string; value: string },
): Finding {
  return {
    type: 'dependency',
    on: on.key,
    confidence: 'likely',
    says: `${called(pod)} ${what}, and ${called(on)} is not well.`,
    evidence: [...pod.verdict.evidence, { source: 'field', ...evidence }],
  };
}

/** A Deployment that has the gate's domain in its name, and is well. */
function ownsGate(
  pod: CausalGraphNode,
  word: string,
  graph: CausalGraph,
): boolean {
  const all = graph.inventory({ cluster: pod.cluster, kind: DEPLOYMENT });
  return (all?.nodes ?? []).some(
    one => one.verdict.level === 'ok' && one.name.includes(word),
  );
}

function troubledDeployment(
  pod: CausalGraphNode,
  graph: CausalGraph,
  isIt: (deployment: CausalGraphNode) => boolean,
): CausalGraphNode | undefined {
  const all = graph.inventory({ cluster: pod.cluster, kind: DEPLOYMENT });
  const found = all?.nodes.find(
    one => isIt(one) && (!isWell(one) || one.verdict.level === 'idle'),
  );
  return found && graph.reach(found.key);
}
