import { CONTAINER } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, isWell } from './causalGraph';
import { containersOf, portsOf } from './containers';
import { namespaceFlag } from './finding';
import { SchedulerReason, taintOf } from './schedulerMessage';
import { namesOf, nodesOf } from './siblings';
import { templateCarrier } from './templateCarrier';
import { unmetLabels } from './unmetLabels';
import { PlacementExplainer, UnplacedPod, templateRoot } from './unplacedPod';

/** Who carries the template: it tells how many pods are wanted. */
function workloadOf({ pod }: UnplacedPod, graph: CausalGraph): CausalGraphNode {
  return templateCarrier(pod, graph, 'may be well').node;
}

/** Every reason is of these, and one of the first. */
function are(
  reasons: readonly SchedulerReason[],
  main: RegExp,
  others: (reason: SchedulerReason) => boolean = () => false,
): boolean {
  return (
    reasons.some(({ text }) => main.test(text)) &&
    reasons.every(reason => main.test(reason.text) || others(reason))
  );
}

const SELECTOR =
  /node affinity\/selector|node selector|node\(s\) didn't match affinity|affinity rules/;
const ANTI_AFFINITY = /anti-affinity/;
const SPREAD = /topology spread constraints/;
const PORTS = /free ports/;
const isTaintOrSelector = (reason: SchedulerReason) =>
  taintOf(reason) !== undefined ||
  SELECTOR.test(reason.text) ||
  /were unschedulable/.test(reason.text);

const noMatchingNode: PlacementExplainer = (unplaced, graph) => {
  const { pod, reasons } = unplaced;
  if (
    !are(reasons, SELECTOR) ||
    reasons.some(({ text }) => ANTI_AFFINITY.test(text))
  ) {
    return undefined;
  }
  const unmet = unmetLabels(pod, graph);
  const told = unmet.map(({ text }) => text).join('; ');
  return [
    templateRoot(
      unplaced,
      graph,
      {
        fault: 'NoMatchingNode',
        predicate:
          unmet.length > 0
            ? `has placement rules that no node satisfies: ${told}`
            : 'has placement rules that no node satisfies',
        nextStep: `Compare its nodeSelector and affinity with the nodes: kubectl get pod ${
          pod.name
        }${namespaceFlag(pod)} -o yaml; kubectl get nodes --show-labels${
          unmet[0]?.remedy ? `. ${unmet[0].remedy}` : ''
        }`,
        evidence: unmet.map(({ text }) => ({
          source: 'structure',
          field: 'spec.nodeSelector, spec.affinity.nodeAffinity',
          value: text,
        })),
      },
      /^(nodeSelector|affinity)$/,
    ),
  ];
};

const antiAffinity: PlacementExplainer = (unplaced, graph) => {
  const { pod, reasons } = unplaced;
  const { AntiAffinity } = pod.properties;
  // "didn't satisfy existing pods anti-affinity rules": others keep it away, unless it is of their kind.
  const byOthers =
    AntiAffinity === undefined &&
    reasons.some(({ text }) => /existing pods/.test(text));
  if (!are(reasons, ANTI_AFFINITY, isTaintOrSelector) || byOthers) {
    return undefined;
  }
  const key = Array.isArray(AntiAffinity) ? String(AntiAffinity[0]) : undefined;
  const places = key === undefined ? undefined : placesOf(pod, key, graph);
  const desired = desiredOf(workloadOf(unplaced, graph));
  const unit =
    key === undefined || key.endsWith('/hostname')
      ? 'nodes'
      : `values of ${key}`;
  return [
    templateRoot(
      unplaced,
      graph,
      {
        fault: 'AntiAffinityImpossible',
        predicate: `has required anti-affinity that leaves no place for one more pod${
          places && desired !== undefined
            ? `: ${desired} pods need ${desired} ${unit}, and there are ${
                places.all.length
              } ${unit}${
                places.usable.length < places.all.length
                  ? ` of which ${places.usable.length} can be used`
                  : ''
              }`
            : ''
        }`,
        nextStep:
          'Lower the replicas, add nodes, or make the anti-affinity preferred (preferredDuringSchedulingIgnoredDuringExecution)',
      },
      /^affinity$/,
    ),
  ];
};

function desiredOf({ properties }: CausalGraphNode): number | undefined {
  const { DesiredReplicas } = properties;
  return typeof DesiredReplicas === 'number' ? DesiredReplicas : undefined;
}

/** The values of a node label, and those of nodes that take pods. */
function placesOf(
  pod: CausalGraphNode,
  key: string,
  graph: CausalGraph,
): { all: string[]; usable: string[] } | undefined {
  const found = nodesOf(pod.cluster, graph);
  const valuesOf = (nodes: readonly CausalGraphNode[]) => [
    ...new Set(nodes.flatMap(({ labels }) => labels[key] ?? [])),
  ];
  return found?.complete
    ? {
        all: valuesOf(found.nodes).sort(),
        usable: valuesOf(found.nodes.filter(takesPods)).sort(),
      }
    : undefined;
}

function takesPods({ properties, verdict }: CausalGraphNode): boolean {
  const { Taints, Unschedulable } = properties;
  const taints = Array.isArray(Taints) ? Taints.map(String) : [];
  return (
    verdict.level === 'ok' &&
    Unschedulable !== true &&
    !taints.some(taint => /:No(Schedule|Execute)$/.test(taint))
  );
}

const topologySpread: PlacementExplainer = (unplaced, graph) => {
  const { pod, reasons } = unplaced;
  if (!are(reasons, SPREAD, isTaintOrSelector)) {
    return undefined;
  }
  const { TopologySpread } = pod.properties;
  const [first] = Array.isArray(TopologySpread)
    ? TopologySpread.map(String)
    : [];
  const key = first?.split(': ')[0];
  const places = key === undefined ? undefined : placesOf(pod, key, graph);
  const without = (places?.all ?? []).filter(
    place => !places!.usable.includes(place),
  );
  const why = whyNot(key, places?.all, without);
  return [
    templateRoot(
      unplaced,
      graph,
      {
        fault: 'TopologySpreadImpossible',
        predicate: `must be spread over ${key ?? 'its topology'}${
          why ? `, and that cannot be: ${why}` : ', and no node keeps to that'
        }`,
        nextStep: `Let nodes of ${
          without[0] ?? 'each place'
        } take its pods, raise maxSkew, or set whenUnsatisfiable: ScheduleAnyway`,
        evidence: first
          ? [
              {
                source: 'field',
                field: 'spec.topologySpreadConstraints',
                value: first,
              },
            ]
          : [],
      },
      /^topologySpreadConstraints$/,
    ),
  ];
};

function whyNot(
  key: string | undefined,
  all: readonly string[] | undefined,
  without: readonly string[],
): string | undefined {
  if (all?.length === 0) {
    return `no node has the label ${key}`;
  }
  return without.length > 0
    ? `${namesOf(without)} ${
        without.length === 1 ? 'takes' : 'take'
      } no pods, and the others may not have more`
    : undefined;
}

const hostPort: PlacementExplainer = (unplaced, graph) => {
  const { pod, reasons } = unplaced;
  if (!are(reasons, PORTS, isTaintOrSelector)) {
    return undefined;
  }
  const ports = (containersOf(pod, graph) ?? [])
    .flatMap(portsOf)
    .flatMap(({ hostPort: port }) => port ?? []);
  const holders = holdersOf(pod, ports, graph);
  const desired = desiredOf(workloadOf(unplaced, graph));
  return [
    templateRoot(
      unplaced,
      graph,
      {
        fault: 'HostPortTaken',
        predicate: `wants ${
          ports.length > 0 ? `port ${ports.join(', ')}` : 'a port'
        } of the node itself, which is taken on every node that it may run on${
          holders.length > 0 ? ` (by ${namesOf(holders)})` : ''
        }`,
        nextStep: `Take hostPort out and use a Service, or run no more replicas than nodes${
          desired === undefined ? '' : ` (now ${desired})`
        }`,
        evidence: holders.slice(0, 3).map(holder => ({
          source: 'structure',
          field: 'hostPort',
          value: `${ports.join(', ')} of pod ${holder}`,
        })),
      },
      /\.ports$|^hostNetwork$/,
    ),
  ];
};

/** Pods of the namespace that have one of these ports of their nodes. */
function holdersOf(
  pod: CausalGraphNode,
  ports: readonly number[],
  graph: CausalGraph,
): string[] {
  const containers = graph.inventory({
    cluster: pod.cluster,
    kind: CONTAINER,
    namespace: pod.namespace,
  });
  return [
    ...new Set(
      (containers?.nodes ?? [])
        .filter(isWell)
        .filter(one =>
          portsOf(one).some(
            ({ hostPort: port }) => port !== undefined && ports.includes(port),
          ),
        )
        .map(({ properties }) => String(properties.Pod)),
    ),
  ].sort();
}

/** What the template alone decides: which nodes, how far apart, which ports (S029, S034–S036). */
export const PLACEMENT_RULES: readonly PlacementExplainer[] = [
  antiAffinity,
  topologySpread,
  hostPort,
  noMatchingNode,
];
