import { JOB } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding } from './finding';
import { isNodeFailureTaint, taintOf } from './schedulerMessage';
import { namesOf, nodesOf, siblingsOf } from './siblings';
import { taintsOf } from './taints';
import {
  PlacementExplainer,
  UnplacedPod,
  objectRoot,
  templateRoot,
} from './unplacedPod';

const CORDONED = /were unschedulable/;
const CORDON_TAINT = 'node.kubernetes.io/unschedulable';
const TOO_MANY = /^Too many pods/;
const SELECTOR = /node affinity\/selector|node selector/;

/** Nodes that let nothing in: cordoned, tainted, full (S032, S033, S037, S131). */
export const nodesLetNothingIn: PlacementExplainer = (unplaced, graph) => {
  const { reasons, pod } = unplaced;
  const nodes = nodesOf(pod.cluster, graph)?.nodes ?? [];
  const taints = reasons.map(taintOf);
  if (
    reasons.length > 0 &&
    reasons.every(
      ({ text }, nth) => CORDONED.test(text) || taints[nth] === CORDON_TAINT,
    )
  ) {
    return cordoned(unplaced, nodes);
  }
  if (reasons.length > 0 && reasons.every(({ text }) => TOO_MANY.test(text))) {
    return full(unplaced, nodes, graph);
  }
  const named = taints.find(taint => taint && !isNodeFailureTaint(taint));
  const isAboutTaint = reasons.every(
    ({ text }, nth) =>
      (taints[nth] !== undefined && taints[nth] === named) ||
      SELECTOR.test(text),
  );
  return named && isAboutTaint && named !== CORDON_TAINT
    ? tainted(unplaced, named, nodes, graph)
    : undefined;
};

/** The one that began first stands for all; each alone would do. */
function first(nodes: readonly CausalGraphNode[]): CausalGraphNode {
  return nodes.reduce((a, b) =>
    (b.verdict.since ?? Infinity) < (a.verdict.since ?? Infinity) ? b : a,
  );
}

function counted(nodes: readonly CausalGraphNode[]): string {
  return nodes.length === 1
    ? '1 node'
    : `${nodes.length} nodes: ${namesOf(nodes.map(({ name }) => name).sort())}`;
}

function cordoned(
  unplaced: UnplacedPod,
  all: readonly CausalGraphNode[],
): Finding[] | undefined {
  const nodes = all.filter(
    ({ properties, verdict }) =>
      properties.Unschedulable === true || verdict.reason === 'Cordoned',
  );
  if (nodes.length === 0) {
    return undefined;
  }
  const root = first(nodes);
  return [
    objectRoot(unplaced, root, {
      fault: 'NodesCordoned',
      predicate: `is cordoned, and so is every node that would take new pods (${counted(
        nodes,
      )}); pods that run are not touched`,
      nextStep: `If the maintenance is over: kubectl uncordon ${nodes
        .map(({ name }) => name)
        .sort()
        .slice(0, 5)
        .join(' ')}`,
      evidence: root.verdict.evidence,
    }),
  ];
}

function taintText(taint: string, nodes: readonly CausalGraphNode[]): string {
  const texts = nodes.flatMap(node => taintsOf(node).filter(isOf(taint)));
  return texts[0]?.replace(/:[A-Za-z]+$/, '') ?? taint;
}

/** `dedicated=gpu:NoSchedule` is of key `dedicated`. */
function isOf(key: string): (text: string) => boolean {
  return text =>
    text === key ||
    (/^[=:]/.test(text.slice(key.length)) && text.startsWith(key));
}

/**
 * Nodes with a taint that the pod does not tolerate. Where siblings run on them the taint came later. Where the pod's
 * own rules let it on no other node the toleration is missing. With neither it is likely that the taint is new.
 */
function tainted(
  unplaced: UnplacedPod,
  taint: string,
  all: readonly CausalGraphNode[],
  graph: CausalGraph,
): Finding[] | undefined {
  const { pod, reasons } = unplaced;
  const nodes = all.filter(node => taintsOf(node).some(isOf(taint)));
  if (nodes.length === 0) {
    return undefined;
  }
  const text = taintText(taint, nodes);
  const names = new Set(nodes.map(({ name }) => name));
  const runThere = (siblingsOf(pod, graph) ?? []).filter(
    ({ properties, verdict }) =>
      verdict.level === 'ok' && names.has(String(properties.Node)),
  ).length;
  const evidence = nodes.slice(0, 3).map(node => ({
    source: 'structure' as const,
    field: `spec.taints of node ${node.name}`,
    value: taintsOf(node).filter(isOf(taint)).join(', '),
  }));
  const chosen = reasons.some(({ text: words }) => SELECTOR.test(words));
  if (chosen && runThere === 0) {
    return [
      templateRoot(
        unplaced,
        graph,
        {
          fault: 'TolerationMissing',
          predicate: `may run on ${namesOf(
            [...names].sort(),
          )} only, and does not tolerate the taint ${text} there`,
          nextStep: `Add a toleration for ${text} to its pod template, or take the taint away: kubectl taint nodes ${nodes[0].name} ${taint}-`,
          evidence,
        },
        /^(tolerations|nodeSelector|affinity)$/,
      ),
    ];
  }
  const root = first(nodes);
  return [
    objectRoot(unplaced, root, {
      confidence: runThere > 0 ? 'proven' : 'likely',
      fault: 'NodeTainted',
      predicate: `has the taint ${text}, and so has every node that would take the pod (${counted(
        nodes,
      )})${
        runThere > 0
          ? `; ${runThere} of its siblings ${
              runThere === 1 ? 'runs' : 'run'
            } there from before`
          : ''
      }`,
      nextStep: `Take the taint away: kubectl taint nodes ${root.name} ${taint}-; or add a toleration for ${text} to the pod template`,
      evidence,
    }),
  ];
}

/** Nodes at their limit of pods; a Job that made most of them is the likely reason (S131). */
function full(
  unplaced: UnplacedPod,
  all: readonly CausalGraphNode[],
  graph: CausalGraph,
): Finding[] | undefined {
  const sizes = all.map(node =>
    Number(Object(node.properties.Allocatable).pods),
  );
  if (all.length === 0) {
    return undefined;
  }
  const room = sizes.reduce((sum, size) => sum + (size || 0), 0);
  const job = largestJob(unplaced.pod, graph);
  const active = Number(job?.properties.Active ?? 0);
  if (job && active > room / 2) {
    return [
      objectRoot(unplaced, job, {
        confidence: 'likely',
        fault: 'JobFillsNodes',
        predicate: `has ${active} pods at once, more than half of the ${room} that the nodes may hold`,
        nextStep: `Lower its parallelism, or suspend it: kubectl patch job ${job.name} -n ${job.namespace} -p '{"spec":{"suspend":true}}'`,
        evidence: [
          { source: 'field', field: 'status.active', value: String(active) },
        ],
      }),
    ];
  }
  const root = [...all].sort((a, b) => (a.name < b.name ? -1 : 1))[0];
  return [
    objectRoot(unplaced, root, {
      fault: 'TooManyPods',
      predicate: `holds as many pods as it may (${
        sizes[all.indexOf(root)] || 'its limit'
      }), and so does every other node (${counted(all)}, ${room} pods)`,
      nextStep:
        'Add a node, raise maxPods of the kubelets, or find what made so many pods: kubectl get pods -A --no-headers | cut -d" " -f1 | sort | uniq -c',
      evidence: [
        {
          source: 'field',
          field: 'status.allocatable.pods',
          value: String(sizes[all.indexOf(root)]),
        },
      ],
    }),
  ];
}

function largestJob(
  pod: CausalGraphNode,
  graph: CausalGraph,
): CausalGraphNode | undefined {
  const jobs = graph.inventory({ cluster: pod.cluster, kind: JOB });
  return [...(jobs?.nodes ?? [])].sort(
    (a, b) =>
      Number(b.properties.Active ?? 0) - Number(a.properties.Active ?? 0),
  )[0];
}
