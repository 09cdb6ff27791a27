import { CausalGraph, CausalGraphNode } from './causalGraph';
import { failingContainer } from './container';
import { howItEnds } from './containerEnding';
import { Explainer, called } from './finding';
import { namesOf, nodesOf, siblingsOf } from './siblings';
import { templateCarrier } from './templateCarrier';

/** How a process of another architecture ends: its first instruction is no instruction. */
const FORMAT_ERROR = /exit code (1|126|132|255)\b/;

/**
 * A container that crashes on the nodes of one architecture and runs on those of another (S003): the image is of one
 * only. The log would say "exec format error"; from the API it is likely at most.
 */
export const crashesOnPlatform: Explainer = (pod, graph) => {
  const symptom = failingContainer(pod, graph);
  const how = symptom && howItEnds(symptom);
  if (how?.fault !== 'ContainerCrashes' || !FORMAT_ERROR.test(how.words)) {
    return undefined;
  }
  const split = archesOf(pod, graph);
  if (!split) {
    return undefined;
  }
  const carrier = templateCarrier(pod, graph, 'may be well');
  const [bad, well] = [namesOf(split.failing), namesOf(split.well)];
  return [
    {
      type: 'root',
      confidence: 'likely',
      says: `${called(pod)} crashes on a node of architecture ${bad}.`,
      evidence: symptom!.evidence,
      rootEdge: carrier.edge,
      above: carrier.above,
      root: {
        node: carrier.node,
        fault: 'ImageNotForPlatform',
        predicate: `has pods that crash on ${bad} nodes (${how.words}) and run on ${well} nodes: its image may be for ${well} only`,
        nextStep: `Look for "exec format error": kubectl logs -n ${pod.namespace} ${pod.name} --previous. Then build the image for ${bad} as well, or set nodeSelector kubernetes.io/arch: ${split.well[0]}`,
        evidence: [
          {
            source: 'structure',
            field: 'architecture of the nodes',
            value: `${bad}: crash, ${well}: well`,
          },
        ],
        since: symptom!.since,
      },
    },
  ];
};

/** The architectures on which all siblings fail and those on which all are well; `undefined` when they overlap. */
function archesOf(
  pod: CausalGraphNode,
  graph: CausalGraph,
): { failing: string[]; well: string[] } | undefined {
  const nodes = new Map(
    nodesOf(pod.cluster, graph)?.nodes.map(node => [node.name, node]),
  );
  const siblings = siblingsOf(pod, graph);
  const arches = (isWell: boolean) => [
    ...new Set(
      (siblings ?? [])
        .filter(({ verdict }) => (verdict.level === 'ok') === isWell)
        .flatMap(
          ({ properties }) =>
            nodes.get(String(properties.Node))?.properties.Arch ?? [],
        )
        .map(String),
    ),
  ];
  const [failing, well] = [arches(false), arches(true)];
  return failing.length > 0 &&
    well.length > 0 &&
    failing.every(arch => !well.includes(arch))
    ? { failing, well }
    : undefined;
}
