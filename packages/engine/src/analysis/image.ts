import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import {
  FailedPull,
  PULL_REASONS,
  REGISTRY_TROUBLE,
  imageFault,
  imageOf,
} from './failedPull';
import { Explainer, Finding, namespaceFlag } from './finding';
import { refusedByRegistry } from './pullCredentials';
import { registryTrouble } from './registry';
import { namesOf, nodeOfPod, nodesOf, siblingsOf } from './siblings';
import { Symptom, symptomsOf, textsOf } from './symptom';
import { templateCarrier } from './templateCarrier';
import { changesOf, templateChange } from './templateChange';

const INVALID_NAME = /couldn't parse image|invalid reference|InvalidImageName/i;
const NEVER_PULLED = /pull policy of Never|ErrImageNeverPull/i;
const WRONG_PLATFORM = /no match for platform/i;
/** The registry has been asked, and has no such image. */
const NO_SUCH_IMAGE = /\bnot found\b|manifest unknown/i;
const NEEDS_CREDENTIALS =
  /denied|unauthorized|authentication required|no basic auth|authorization failed|403 Forbidden/i;
/**
 * An image that cannot be pulled (S001–S006). The workload that carries the template is at fault when the registry
 * says that there is no such image. When it asks for credentials or does not answer, the fault lies elsewhere.
 */
export const imagePull: Explainer = (pod, graph) => {
  const symptoms = symptomsOf(pod, graph).filter(({ reason }) =>
    PULL_REASONS.has(reason),
  );
  if (symptoms.length === 0) {
    return undefined;
  }
  const symptom = symptoms.find(({ container }) => container) ?? symptoms[0];
  const words = wordsOf(pod, symptoms, graph);
  const pull: FailedPull = { pod, symptom, image: imageOf(symptom), words };
  const said = (pattern: RegExp) => words.find(text => pattern.test(text));
  const refused = said(NEEDS_CREDENTIALS);
  const trouble = said(REGISTRY_TROUBLE);
  if (said(INVALID_NAME)) {
    return [invalidName(pull, graph, said(INVALID_NAME)!)];
  }
  if (said(NEVER_PULLED)) {
    return [neverPulled(pull, graph, longest(words, NEVER_PULLED))];
  }
  if (said(WRONG_PLATFORM)) {
    return [wrongPlatform(pull, graph, said(WRONG_PLATFORM)!)];
  }
  if (!said(NO_SUCH_IMAGE) && refused) {
    return [refusedByRegistry(pull, refused, graph)];
  }
  if (!said(NO_SUCH_IMAGE) && trouble) {
    return [registryTrouble(pull, trouble, graph)];
  }
  return [noSuchImage(pull, graph, said(NO_SUCH_IMAGE))];
};

function longest(words: readonly string[], pattern: RegExp): string {
  return words
    .filter(text => pattern.test(text))
    .reduce((a, b) => (b.length > a.length ? b : a));
}

function noSuchImage(
  pull: FailedPull,
  graph: CausalGraph,
  said: string | undefined,
): Finding {
  const { pod, image, symptom } = pull;
  // "Back-off pulling image" alone does not tell a wrong name from a registry that is out of reach.
  const proven = said !== undefined;
  return imageFault(pull, graph, {
    confidence: proven ? 'proven' : 'likely',
    says: `cannot pull ${image ?? 'its image'}`,
    words: said ?? symptom.message,
    fault: 'ImageNotFound',
    predicate: `asks for image ${image ?? '(unnamed)'}, which ${
      proven ? 'does not exist' : 'cannot be pulled'
    }`,
    nextStep: correction(pod, graph, image),
  });
}

function correction(
  pod: CausalGraphNode,
  graph: CausalGraph,
  image: string | undefined,
): string {
  const { node } = templateCarrier(pod, graph);
  const target = `${node.kind.kind.toLowerCase()}/${node.name}`;
  const former = changesOf(templateChange(pod, graph), /\.image$/)[0]?.was;
  if (isKind(node, 'Deployment', 'StatefulSet', 'DaemonSet')) {
    return `Correct the tag, or go back to the last version that worked${
      former ? ` (${former})` : ''
    }: kubectl rollout undo ${target}${namespaceFlag(node)}`;
  }
  return `Correct the image${
    image ? ` ${image}` : ''
  }: kubectl edit ${target}${namespaceFlag(node)}`;
}

function invalidName(
  pull: FailedPull,
  graph: CausalGraph,
  words: string,
): Finding {
  const { image = '(unnamed)' } = pull;
  const capitals = /[A-Z]/.test(image.split(':')[0]);
  return imageFault(pull, graph, {
    confidence: 'proven',
    siblings: 'may be well',
    says: `cannot read the image name ${image}`,
    words,
    fault: 'InvalidImageName',
    predicate: `asks for image ${image}, which is no valid name of an image${
      capitals ? ': it must be in lower case' : ''
    }`,
    nextStep: `Correct the name${
      capitals ? `, for instance ${image.toLowerCase()}` : ''
    }: registry/repository:tag, in lower case, without spaces`,
  });
}

function neverPulled(
  pull: FailedPull,
  graph: CausalGraph,
  words: string,
): Finding {
  const { pod, image } = pull;
  const nodes = [
    ...new Set(
      [pod, ...(siblingsOf(pod, graph) ?? [])]
        .filter(({ verdict }) => verdict.level !== 'ok')
        .map(one => String(one.properties.Node ?? ''))
        .filter(Boolean),
    ),
  ].sort();
  return imageFault(pull, graph, {
    confidence: 'proven',
    siblings: 'may be well',
    says: `may not pull ${image ?? 'its image'}`,
    words,
    fields: /\.(image|imagePullPolicy)$|^nodeSelector$/,
    fault: 'ImageNeverPulled',
    predicate: `has imagePullPolicy Never, and ${
      image ?? 'its image'
    } is not on ${nodes.length > 0 ? namesOf(nodes) : 'the node'}`,
    nextStep:
      'Set imagePullPolicy: IfNotPresent, or load the image onto these nodes before',
  });
}

function wrongPlatform(
  pull: FailedPull,
  graph: CausalGraph,
  words: string,
): Finding {
  const { pod, image } = pull;
  const arch = nodeOfPod(pod, graph)?.properties.Arch;
  const well = archOfWell(pod, graph);
  return imageFault(pull, graph, {
    confidence: 'proven',
    siblings: 'may be well',
    says: `cannot run ${image ?? 'its image'} on a node of ${
      arch ?? 'this'
    } architecture`,
    words,
    fields: /\.image$|^nodeSelector$|^affinity$/,
    fault: 'ImageNotForPlatform',
    predicate: `asks for image ${
      image ?? '(unnamed)'
    }, which is not built for ${arch ?? 'the architecture of the node'}${
      well ? ` (its pods on ${well} are well)` : ''
    }`,
    nextStep: `Build the image for ${
      arch ?? 'this architecture'
    } as well, or keep its pods off such nodes: nodeSelector kubernetes.io/arch: ${
      well ?? 'amd64'
    }`,
    evidence: arch
      ? [
          {
            source: 'structure',
            field: `architecture of node ${pod.properties.Node}`,
            value: String(arch),
          },
        ]
      : [],
  });
}

/** The architecture on which siblings are well. */
function archOfWell(
  pod: CausalGraphNode,
  graph: CausalGraph,
): string | undefined {
  const nodes = nodesOf(pod.cluster, graph)?.nodes ?? [];
  const sibling = siblingsOf(pod, graph)?.find(
    ({ verdict }) => verdict.level === 'ok',
  );
  const node = nodes.find(({ name }) => name === sibling?.properties.Node);
  return node && String(node.properties.Arch);
}

function wordsOf(
  pod: CausalGraphNode,
  symptoms: readonly Symptom[],
  graph: CausalGraph,
): string[] {
  const events = graph
    .events(pod.key)
    .filter(({ reason }) => reason === 'Failed' || reason === 'InspectFailed')
    .map(({ message }) => message);
  return [
    ...symptoms.flatMap(symptom => [symptom.reason, ...textsOf(symptom)]),
    ...events,
  ];
}
