import { Explainer, called } from './finding';
import { siblingsOf } from './siblings';
import { symptomsOf, textsOf } from './symptom';
import { templateCarrier } from './templateCarrier';
import { templateChange, withChange } from './templateChange';

const CHECK_FAILED =
  /MountVolume\.SetUp failed for volume "([^"]+)"\s*: hostPath type check failed: (\S+) (is not an? .+?)\.?$/;

/**
 * A hostPath volume whose type is checked, on a node that does not have such a file or directory (S028). The template
 * takes it for granted; which nodes have it is in no object.
 */
export const hostPathMissing: Explainer = (pod, graph) => {
  const found = symptomsOf(pod, graph).flatMap(symptom =>
    [...textsOf(symptom), ...graph.events(pod.key).map(one => one.message)]
      .flatMap(text => CHECK_FAILED.exec(text) ?? [])
      .slice(0, 4),
  );
  if (found.length === 0) {
    return undefined;
  }
  const [words, volume, path, lacks] = found;
  const node = String(pod.properties.Node ?? '');
  const well = (siblingsOf(pod, graph) ?? []).filter(
    ({ verdict }) => verdict.level === 'ok',
  ).length;
  const carrier = templateCarrier(pod, graph, 'may be well');
  return [
    withChange(
      {
        type: 'root',
        confidence: 'proven',
        says: `${called(pod)} cannot mount ${path} of node ${node}.`,
        evidence: pod.verdict.evidence,
        quote: { who: 'the kubelet', text: words },
        rootEdge: carrier.edge,
        above: carrier.above,
        root: {
          node: carrier.node,
          fault: 'HostPathMissing',
          predicate: `mounts ${path} of its nodes (volume ${volume}), and on ${node} it ${lacks}${
            well > 0 ? `; ${well} of its pods on other nodes are well` : ''
          }`,
          nextStep: `Create ${path} on ${node}, keep its pods off this node, or set hostPath.type: DirectoryOrCreate`,
          evidence: [
            {
              source: 'field',
              field: `spec.volumes[${volume}].hostPath`,
              value: path,
            },
            { source: 'field', field: 'spec.nodeName', value: node },
          ],
          since: pod.verdict.since,
        },
      },
      { change: templateChange(pod, graph), fields: /^volumes\./ },
    ),
  ];
};
