import {
  CausalGraph,
  CausalGraphNode,
  Dependency,
  isKind,
  isWell,
} from './causalGraph';
import { Finding, Link, called } from './finding';
import { listOf } from '../kinds/wellFormed';
import { isLost } from './node';
import { namesOf, nodesOf } from './siblings';
import {
  PlacementExplainer,
  UnplacedPod,
  objectRoot,
  templateRoot,
} from './unplacedPod';

const ELSEWHERE =
  /PersistentVolume's node affinity|volume node affinity conflict|available volume zone/;
const ZONES = [
  'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/zone',
] as const;

/** A volume of the pod, the way to it, and where it can be used. */
interface PlacedVolume {
  volume: CausalGraphNode;
  claim: Dependency;
  edge: Dependency['edge'];
  /** `kubernetes.io/hostname=node-1`. */
  where: { key: string; values: string[] };
}

/**
 * A pod whose volume can only be used where the pod may not or cannot run (S039, S040). The node or zone of the volume
 * is looked at: gone, it is the volume's; lost or cordoned, the node's; well, and kept out by the pod's own rules, the
 * template's.
 */
export const volumeElsewhere: PlacementExplainer = (unplaced, graph) => {
  const { reasons, pod } = unplaced;
  if (!reasons.some(({ text }) => ELSEWHERE.test(text))) {
    return undefined;
  }
  const placed = volumesOf(pod, graph);
  const nodes = nodesOf(pod.cluster, graph);
  if (!nodes || placed.length === 0) {
    return undefined;
  }
  const [volume] = placed
    .map(one => ({ ...one, there: nodesAt(one, nodes.nodes) }))
    .sort((a, b) => usable(a.there) - usable(b.there));
  const { there } = volume;
  if (there.length === 0) {
    return nodes.complete ? [gone(unplaced, volume, nodes.nodes)] : undefined;
  }
  const lost = there.filter(node => isLost(node));
  if (lost.length === there.length) {
    return lost.slice(0, 1).map(
      (node): Finding => ({
        type: 'dependency',
        on: (graph.reach(node.key) ?? node).key,
        confidence: 'proven',
        says: `${called(pod)} needs volume ${
          volume.volume.name
        }, which is on ${called(node)} only.`,
        evidence: unplaced.symptom.evidence,
        quote: { who: 'the scheduler', text: unplaced.message },
      }),
    );
  }
  const closed = there.filter(node => node.properties.Unschedulable === true);
  return closed.length === there.length
    ? [cordoned(unplaced, volume, closed)]
    : [disagreement(unplaced, volume, there, graph)];
};

function usable(nodes: readonly CausalGraphNode[]): number {
  return nodes.filter(isWell).length;
}

function volumesOf(pod: CausalGraphNode, graph: CausalGraph): PlacedVolume[] {
  return graph
    .dependencies(pod.key)
    .filter(({ node }) => isKind(node, 'PersistentVolumeClaim'))
    .flatMap(claim =>
      graph
        .dependencies(claim.node.key)
        .filter(({ node }) => isKind(node, 'PersistentVolume'))
        .flatMap(({ node, edge }) => {
          const where = whereIs(node);
          return where ? [{ volume: node, claim, edge, where }] : [];
        }),
    );
}

function whereIs({
  properties,
  labels,
}: CausalGraphNode): PlacedVolume['where'] | undefined {
  const expression = listOf(Object(properties.NodeAffinity).nodeSelectorTerms)
    .flatMap(term => listOf(Object(term).matchExpressions))
    .map(Object)
    .find(({ operator }) => operator === 'In');
  if (expression) {
    return {
      key: String(expression.key),
      values: listOf(expression.values).map(String),
    };
  }
  const zone = ZONES.find(key => labels[key] !== undefined);
  return zone && { key: zone, values: labels[zone].split('__') };
}

function nodesAt(
  { where }: PlacedVolume,
  nodes: readonly CausalGraphNode[],
): CausalGraphNode[] {
  return nodes.filter(({ labels }) => where.values.includes(labels[where.key]));
}

function placeText({ where }: PlacedVolume): string {
  const word = where.key.endsWith('/zone') ? 'zone ' : '';
  return `${word}${where.values.join(' or ')}`;
}

function linkTo({ claim, edge }: PlacedVolume): {
  above: Link[];
  rootEdge: Link['edge'];
} {
  return {
    rootEdge: edge,
    above: [
      {
        node: claim.node,
        edge: claim.edge,
        says: `Claim ${claim.node.name} is bound to it.`,
        evidence: claim.node.verdict.evidence,
      },
    ],
  };
}

function gone(
  unplaced: UnplacedPod,
  placed: PlacedVolume,
  nodes: readonly CausalGraphNode[],
): Finding {
  const { volume, where } = placed;
  const others = [
    ...new Set(nodes.flatMap(({ labels }) => labels[where.key] ?? [])),
  ];
  return objectRoot(unplaced, volume, {
    ...linkTo(placed),
    fault: 'VolumePlaceGone',
    predicate: `can be used in ${placeText(placed)} only, and no node is there${
      others.length > 0 ? ` (nodes are in ${namesOf(others.sort())})` : ''
    }`,
    nextStep: `Bring back a node in ${placeText(
      placed,
    )}, or restore the data into a new volume elsewhere: kubectl describe pv ${
      volume.name
    }`,
    evidence: [
      {
        source: 'field',
        field: `place of volume ${volume.name}`,
        value: `${where.key} in ${where.values.join(', ')}`,
      },
    ],
  });
}

function cordoned(
  unplaced: UnplacedPod,
  placed: PlacedVolume,
  nodes: readonly CausalGraphNode[],
): Finding {
  const names = nodes.map(({ name }) => name).sort();
  return objectRoot(unplaced, nodes[0], {
    fault: 'NodesCordoned',
    predicate: `is cordoned, and volume ${
      placed.volume.name
    } can be used in ${placeText(placed)} only, where ${
      names.length === 1
        ? 'it is the only node'
        : `all nodes are (${namesOf(names)})`
    }`,
    nextStep: `If the maintenance is over: kubectl uncordon ${names.join(' ')}`,
    evidence: [
      ...nodes[0].verdict.evidence,
      {
        source: 'field',
        field: `place of volume ${placed.volume.name}`,
        value: `${placed.where.key} in ${placed.where.values.join(', ')}`,
      },
    ],
  });
}

function disagreement(
  unplaced: UnplacedPod,
  placed: PlacedVolume,
  there: readonly CausalGraphNode[],
  graph: CausalGraph,
): Finding {
  const { NodeSelector, NodeAffinity } = unplaced.pod.properties;
  const rule = JSON.stringify(NodeSelector ?? NodeAffinity ?? {});
  return templateRoot(
    unplaced,
    graph,
    {
      confidence: NodeSelector || NodeAffinity ? 'proven' : 'likely',
      fault: 'VolumeElsewhere',
      predicate: `cannot run where its volume is: ${
        placed.volume.name
      } can be used in ${placeText(
        placed,
      )} only, and its own rules are ${rule}`,
      nextStep: `Let its nodeSelector and affinity allow ${namesOf(
        there.map(({ name }) => name).sort(),
      )}, or give it another claim`,
      evidence: [
        {
          source: 'field',
          field: `place of volume ${placed.volume.name}`,
          value: `${placed.where.key} in ${placed.where.values.join(', ')}`,
        },
        {
          source: 'field',
          field: 'spec.nodeSelector, spec.affinity',
          value: rule,
        },
      ],
    },
    /^(nodeSelector|affinity)$|^volumes\./,
  );
}
