import { REPLICA_SET } from '../kinds/kindIds';
import { CausalGraph, CausalGraphNode } from './causalGraph';
import { Finding, called, namespaceFlag } from './finding';
import { FailedPull, imageFault } from './failedPull';
import { registryOf } from './imageName';
import { changesOf, templateChange } from './templateChange';

/**
 * A registry that asks for credentials (S002). A pull Secret that does not exist explains it, or that a rollout took
 * `imagePullSecrets` away; else that pods beside it pull from the same registry with one. Nothing else does (R028).
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
