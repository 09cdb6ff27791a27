import { KindId } from '../kinds/identity';
import { POD } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, called } from './finding';
import {
  FailedPull,
  PULL_REASONS,
  REGISTRY_TROUBLE,
  imageOf,
} from './failedPull';
import { registryOf } from './imageName';
import { objectNamed } from './namedObject';

/** No object of the cluster: it stands for what is outside. */
const IMAGE_REGISTRY: KindId = { group: '', kind: 'ImageRegistry' };

/**
 * A registry that does not answer, or limits (S006). One image that is not pulled may be anything on the way to it;
 * several images of one registry, in pods of several workloads, have nothing in common but the registry.
 */
export function registryTrouble(
  { pod, image, symptom }: FailedPull,
  words: string,
  graph: CausalGraph,
): Finding {
  const registry = image && registryOf(image);
  const alike = registry ? failingAlike(pod, registry, graph) : undefined;
  const images = new Set([image, ...(alike ?? []).map(one => one.image)]);
  if (!registry || images.size < 2) {
    return {
      type: 'silent',
      because: `The image of ${called(
        pod,
      )} cannot be pulled, and not because of its name: "${words}"`,
    };
  }
  const value = `${alike!.length} pods with ${images.size} images`;
  const node = objectNamed(
    graph,
    {
      cluster: pod.cluster,
      kind: IMAGE_REGISTRY,
      namespace: '',
      name: registry,
    },
    'unknown',
    { field: 'containers[].image', value },
  );
  const nodes = new Set(alike!.map(({ node: name }) => name));
  return {
    type: 'root',
    confidence: 'likely',
    says: `${called(pod)} cannot pull ${image} from ${registry} (${
      symptom.reason
    }).`,
    evidence: symptom.evidence,
    quote: { who: 'the kubelet', text: words },
    root: {
      node,
      fault: /429|too ?many ?requests|rate limit/i.test(words)
        ? 'RegistryLimitsPulls'
        : 'RegistryUnavailable',
      predicate: `does not serve images: ${value} of it cannot be pulled on ${
        nodes.size
      } ${nodes.size === 1 ? 'node' : 'nodes'}, whatever the workload`,
      nextStep: `Check the registry ${registry} and the way to it from a node: curl -sI https://${
        registry === 'docker.io' ? 'registry-1.docker.io' : registry
      }/v2/. If it limits pulls, use credentials or a mirror`,
      evidence: [
        {
          source: 'structure',
          field: `images of ${registry}`,
          value: [...images].sort().slice(0, 5).join(', '),
        },
      ],
      since: symptom.since ?? pod.verdict.since,
    },
  };
}

/** Pods whose images of this registry are not pulled for no fault of the images. */
function failingAlike(
  pod: CausalGraphNode,
  registry: string,
  graph: CausalGraph,
): { image: string; node: unknown }[] {
  const pods = graph.inventory({
    cluster: pod.cluster,
    kind: POD,
    troubled: true,
  });
  return (pods?.nodes ?? []).flatMap(one => {
    const { reason, message = '', evidence } = one.verdict;
    const image = PULL_REASONS.has(reason)
      ? imageOf({ message, evidence })
      : undefined;
    const said = [message, ...evidence.map(({ value }) => value)];
    return image &&
      registryOf(image) === registry &&
      said.some(text => REGISTRY_TROUBLE.test(text))
      ? [{ image, node: one.properties.Node }]
      : [];
  });
}
