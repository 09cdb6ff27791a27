import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Root, RootFinding, called } from './finding';
import { Symptom } from './symptom';
import { templateCarrier, waitingInOrder } from './templateCarrier';
import { templateChange, withChange } from './templateChange';

export const PULL_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Nothing about the image: the registry, or the way to it. */
export const REGISTRY_TROUBLE =
  /429 Too|too ?many ?requests|rate limit|time-?out|deadline exceeded|no such host|connection (?:refused|reset)|x509|RegistryUnavailable|50[0-4] [A-Z]|\bEOF\b/i;

/** One pod that cannot pull, as its families of explanations see it. */
export interface FailedPull {
  pod: CausalGraphNode;
  symptom: Symptom;
  image: string | undefined;
  /** All that the kubelet and the registry say. */
  words: readonly string[];
}

/** A fault of the template's image, with what a rollout changed of it. */
export function imageFault(
  { pod, symptom, image }: FailedPull,
  graph: CausalGraph,
  told: Pick<Root, 'fault' | 'predicate' | 'nextStep'> & {
    confidence: RootFinding['confidence'];
    says: string;
    words: string;
    /** Which fields of the template a rollout may have changed for the worse. */
    fields?: RegExp;
    siblings?: Parameters<typeof templateCarrier>[2];
    evidence?: Root['evidence'];
  },
): RootFinding {
  const carrier = templateCarrier(pod, graph, told.siblings);
  const finding: RootFinding = {
    type: 'root',
    confidence: told.confidence,
    says: `${called(pod)} ${told.says} (${symptom.reason}).`,
    evidence: symptom.evidence,
    quote: { who: 'the kubelet', text: told.words },
    rootEdge: carrier.edge,
    above: carrier.above,
    root: {
      node: carrier.node,
      fault: told.fault,
      predicate: told.predicate,
      nextStep: told.nextStep,
      evidence: [
        {
          source: 'field',
          field: 'containers[].image',
          value: image ?? symptom.message,
        },
        ...(told.evidence ?? []),
        ...waitingInOrder(carrier.node),
      ],
      since: symptom.since ?? pod.verdict.since,
    },
  };
  return carrier.node.key === pod.key
    ? finding
    : withChange(finding, {
        change: templateChange(pod, graph),
        fields: told.fields ?? /\.image$/,
      });
}

export function imageOf({
  container,
  message,
  evidence,
}: Pick<Symptom, 'container' | 'message' | 'evidence'>): string | undefined {
  const image = container?.properties.Image;
  if (typeof image === 'string' && image !== '') {
    return image;
  }
  const texts = [message, ...evidence.map(({ value }) => value)];
  return texts
    .map(text => /image "([^"]+)"/.exec(text)?.[1])
    .find(found => found !== undefined);
}
