import { CausalGraph, CausalGraphNode, isKind } from './causalGraph';
import { Explainer, Finding, called, namespaceFlag } from './finding';
import { Symptom, symptomsOf, textsOf } from './symptom';
import { templateCarrier } from './templateCarrier';

const PULL_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** The registry has been asked, and has no such image; or the reference can never be right. */
const WRONG_REFERENCE =
  /\bnot found\b|manifest unknown|couldn't parse image|invalid reference|no match for platform|pull policy of Never|InvalidImageName|ErrImageNeverPull/i;
const NEEDS_CREDENTIALS =
  /denied|unauthorized|authentication required|no basic auth|authorization failed|403 Forbidden/i;
/** Nothing about the image: the registry, or the way to it. */
const REGISTRY_TROUBLE =
  /429 Too|too ?many ?requests|rate limit|time-?out|deadline exceeded|no such host|connection (?:refused|reset)|x509|RegistryUnavailable|50[0-4] [A-Z]|\bEOF\b/i;

/**
 * An image that cannot be pulled (S001–S006). The workload that carries the template is at fault when the registry
 * says that there is no such image. When it asks for credentials or does not answer, the fault lies elsewhere and the
 * registry's words are all there is.
 */
export const imagePull: Explainer = (pod, graph) => {
  const symptoms = symptomsOf(pod, graph).filter(({ reason }) =>
    PULL_REASONS.has(reason),
  );
  if (symptoms.length === 0) {
    return undefined;
  }
  const symptom = symptoms.find(({ container }) => container) ?? symptoms[0];
  const image = imageOf(symptom);
  const words = wordsOf(pod, symptoms, graph);
  const said = words.find(text => WRONG_REFERENCE.test(text));
  if (!said) {
    const credentials = words.find(text => NEEDS_CREDENTIALS.test(text));
    if (credentials) {
      return [pullSecret(pod, credentials, graph)];
    }
    const trouble = words.find(text => REGISTRY_TROUBLE.test(text));
    if (trouble) {
      return [
        {
          type: 'silent',
          because: `The image of ${called(
            pod,
          )} cannot be pulled, and not because of its name: "${trouble}"`,
        },
      ];
    }
  }
  const carrier = templateCarrier(pod, graph);
  // "Back-off pulling image" alone does not tell a wrong name from a registry that is out of reach.
  const proven = said !== undefined;
  return [
    {
      type: 'root',
      confidence: proven ? 'proven' : 'likely',
      says: `${called(pod)} cannot pull ${image ?? 'its image'} (${
        symptom.reason
      }).`,
      evidence: symptoms.flatMap(({ evidence }) => evidence),
      quote: { who: 'the kubelet', text: said ?? symptom.message },
      rootEdge: carrier.edge,
      above: carrier.above,
      root: {
        node: carrier.node,
        fault: 'ImageNotFound',
        predicate: `asks for image ${image ?? '(unnamed)'}, which ${
          proven ? 'does not exist' : 'cannot be pulled'
        }`,
        nextStep: nextStep(carrier.node, image),
        evidence: [
          {
            source: 'field',
            field: 'containers[].image',
            value: image ?? symptom.message,
          },
        ],
        since: symptom.since ?? pod.verdict.since,
      },
    },
  ];
};

function nextStep(carrier: CausalGraphNode, image: string | undefined): string {
  const target = `${carrier.kind.kind.toLowerCase()}/${carrier.name}`;
  if (isKind(carrier, 'Deployment', 'StatefulSet', 'DaemonSet')) {
    return `Correct the tag, or go back to the last version that worked: kubectl rollout undo ${target}${namespaceFlag(
      carrier,
    )}`;
  }
  return `Correct the image${
    image ? ` ${image}` : ''
  }: kubectl edit ${target}${namespaceFlag(carrier)}`;
}

function imageOf({
  container,
  message,
  evidence,
}: Symptom): string | undefined {
  const image = container?.properties.Image;
  if (typeof image === 'string' && image !== '') {
    return image;
  }
  const texts = [message, ...evidence.map(({ value }) => value)];
  return texts
    .map(text => /image "([^"]+)"/.exec(text)?.[1])
    .find(found => found !== undefined);
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

/** A pull Secret that does not exist explains a registry that asks for credentials, and nothing else (R028). */
function pullSecret(
  pod: CausalGraphNode,
  words: string,
  graph: CausalGraph,
): Finding {
  const secret = graph
    .dependencies(pod.key)
    .find(
      ({ node, edge }) =>
        edge.relation.name === 'pod-imagepullsecret' &&
        node.verdict.level === 'missing',
    );
  if (!secret) {
    return {
      type: 'silent',
      because: `The registry refuses the image of ${called(pod)}: "${words}"`,
    };
  }
  return {
    type: 'dependency',
    on: secret.node.key,
    edge: secret.edge,
    confidence: 'likely',
    says: `${called(
      pod,
    )} cannot pull its image: the registry asks for credentials, and pull ${called(
      secret.node,
    )} does not exist.`,
    evidence: pod.verdict.evidence,
    quote: { who: 'the registry', text: words },
  };
}
