import { REPLICA_SET } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode, Dependency } from './causalGraph';
import { Finding, called, namespaceFlag } from './finding';
import { FailedPull, imageFault } from './failedPull';
import { registryOf } from './imageName';
import { isUnread } from './makers';
import { missingRoot } from './missingReference';
import { templateCarrier } from './templateCarrier';
import { changesOf, templateChange } from './templateChange';

/** What Docker Hub says of a repository that it does not have, as of one that is private. */
const DOCKER_HUB = 'docker.io';
const MAY_NOT_EXIST = /repository does not exist/i;

/**
 * A registry that asks for credentials (S002). A pull Secret that does not exist explains it, or that a rollout took
 * `imagePullSecrets` away; else that pods beside it pull from the same registry with one (R028). Docker Hub, where
 * nearly all images are public, leads to the image's name where a pod has no credentials.
 */
export function refusedByRegistry(
  pull: FailedPull,
  words: string,
  graph: CausalGraph,
): Finding {
  const { pod, image } = pull;
  const secrets = graph
    .dependencies(pod.key)
    .filter(({ edge }) => edge.relation.name === 'pod-imagepullsecret');
  const absent = secrets.find(({ node }) => node.verdict.level === 'missing');
  if (absent) {
    return {
      type: 'dependency',
      on: absent.node.key,
      edge: absent.edge,
      confidence: 'likely',
      says: `${called(
        pod,
      )} cannot pull its image: the registry asks for credentials, and pull ${called(
        absent.node,
      )} does not exist.`,
      evidence: pod.verdict.evidence,
      quote: { who: 'the registry', text: words },
    };
  }
  const unseen = unseenSecret(pull, secrets, words, graph);
  if (unseen) {
    return unseen;
  }
  const change = templateChange(pod, graph);
  const taken = changesOf(change, /^(imagePullSecrets|serviceAccountName)$/);
  const told = {
    says: `cannot pull ${
      image ?? 'its image'
    }: the registry asks for credentials`,
    words,
    fault: 'NoPullCredentials',
  } as const;
  if (taken.length > 0) {
    return imageFault(pull, graph, {
      ...told,
      confidence: 'likely',
      fields: /^(imagePullSecrets|serviceAccountName)$/,
      predicate: `pulls ${
        image ?? 'its image'
      } without the credentials that the registry asks for`,
      nextStep: `Give it back its imagePullSecrets${
        taken[0].was ? ` (${taken[0].was})` : ''
      }`,
    });
  }
  const other =
    secrets.length === 0 && image
      ? pullsWithSecret(pod, image, graph)
      : undefined;
  const mayNotExist =
    image !== undefined &&
    registryOf(image) === DOCKER_HUB &&
    MAY_NOT_EXIST.test(words);
  if (!other && secrets.length === 0 && mayNotExist) {
    return imageFault(pull, graph, {
      confidence: 'likely',
      says: `cannot pull ${image ?? 'its image'}`,
      words,
      fault: 'ImageNotFound',
      predicate: `asks for image ${
        image ?? '(unnamed)'
      }, which its registry does not have, or shows to nobody without credentials (no imagePullSecrets are set)`,
      nextStep: `Look for a slip in the name ${
        image ?? 'of the image'
      }; if the repository is private, add imagePullSecrets: kubectl edit ${templateName(
        pod,
        graph,
      )}`,
    });
  }
  if (!other) {
    return {
      type: 'silent',
      because: `The registry refuses the image of ${called(pod)}: "${words}"`,
    };
  }
  return imageFault(pull, graph, {
    ...told,
    confidence: 'likely',
    predicate: `has no imagePullSecrets, and the registry ${registryOf(
      image!,
    )} asks for credentials; ${called(other.by)} pulls from it with Secret ${
      other.secret
    }`,
    nextStep: `Add imagePullSecrets: [{name: ${
      other.secret
    }}] to its pod template or to its service account: kubectl patch serviceaccount ${
      pod.properties.ServiceAccount ?? 'default'
    }${namespaceFlag(pod)} -p '{"imagePullSecrets":[{"name":"${
      other.secret
    }"}]}'`,
    evidence: [
      {
        source: 'structure',
        field: `imagePullSecrets of ${called(other.by)}`,
        value: other.secret,
      },
    ],
  });
}

/** `deployment/web -n shop`, as kubectl is told of it. */
function templateName(pod: CausalGraphNode, graph: CausalGraph): string {
  const { node } = templateCarrier(pod, graph);
  return `${node.kind.kind.toLowerCase()}/${node.name}${namespaceFlag(node)}`;
}

/** Secrets were not read here: that the kubelet could not get this one is said by its event. */
function unseenSecret(
  { pod, symptom }: FailedPull,
  secrets: readonly Dependency[],
  words: string,
  graph: CausalGraph,
): Finding | undefined {
  const said = graph
    .events(pod.key)
    .find(({ reason }) => reason === 'FailedToRetrieveImagePullSecret');
  const names = /\(([^()]+)\)/.exec(said?.message ?? '')?.[1].split(', ');
  const unseen = secrets.find(
    ({ node }) => isUnread(node) && names?.includes(node.name),
  );
  return (
    unseen && {
      type: 'root',
      confidence: 'likely',
      says: `${called(
        pod,
      )} cannot pull its image: the registry asks for credentials, and the kubelet does not get pull ${called(
        unseen.node,
      )}.`,
      evidence: symptom.evidence,
      quote: { who: 'the registry', text: words },
      rootEdge: unseen.edge,
      root: missingRoot(unseen.node, graph, [
        { source: 'event', field: said!.reason, value: said!.message },
      ]),
    }
  );
}

/** A ReplicaSet of the namespace whose pods run an image of the same registry, and the Secret that they pull it with. */
function pullsWithSecret(
  pod: CausalGraphNode,
  image: string,
  graph: CausalGraph,
): { by: CausalGraphNode; secret: string } | undefined {
  const registry = registryOf(image);
  const sets = graph.inventory({
    cluster: pod.cluster,
    kind: REPLICA_SET,
    namespace: pod.namespace,
  });
  for (const by of sets?.nodes ?? []) {
    const { Template, ReadyReplicas } = by.properties;
    const fields = Object.entries(Object(Template)).map(
      ([field, text]): [string, string] => [field, String(text)],
    );
    const secrets = fields.find(([field]) => field === 'imagePullSecrets')?.[1];
    const isOfRegistry = fields.some(
      ([field, text]) =>
        field.endsWith('.image') && registryOf(text) === registry,
    );
    if (Number(ReadyReplicas) > 0 && secrets && isOfRegistry) {
      return { by, secret: secrets.split(', ')[0] };
    }
  }
  return undefined;
}
