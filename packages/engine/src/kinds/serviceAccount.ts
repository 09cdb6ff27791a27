import { KindDefinition, KubernetesObject } from './kindDefinition';
import { SECRET, SERVICE_ACCOUNT } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { Json, Reference } from './observation';

/** Annotations that give an account an identity outside of the cluster (R140). */
const CLOUD_IDENTITIES = [
  'azure.workload.identity/client-id',
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
] as const;

export const serviceAccountKind: KindDefinition = {
  id: SERVICE_ACCOUNT,
  type: 'serviceaccount',
  version: 'v1',
  plural: 'serviceaccounts',
  namespaced: true,
  observe(account, context) {
    return observation(SERVICE_ACCOUNT, true, account, context, {
      properties: {
        AutomountToken: account.automountServiceAccountToken,
        CloudIdentity: cloudIdentity(account),
      },
      verdict: existenceVerdict(account),
      references: secretReferences(account),
    });
  },
};

/** Both lists are soft: a pod starts without them, unless its registry asks for credentials (R039). */
function secretReferences(account: KubernetesObject): Reference[] {
  const { namespace } = account.metadata;
  const named = (relation: string, entries: any[] | undefined): Reference[] =>
    (entries ?? [])
      .filter(entry => entry?.name)
      .map(entry => ({
        relation,
        end: 'source',
        other: { kind: SECRET, namespace, name: String(entry.name) },
        required: false,
      }));
  return [
    ...named('serviceaccount-secret', account.secrets),
    ...named('serviceaccount-imagepullsecret', account.imagePullSecrets),
  ];
}

function cloudIdentity(
  account: KubernetesObject,
): { [name: string]: Json } | undefined {
  const annotations = account.metadata?.annotations ?? {};
  const found = CLOUD_IDENTITIES.filter(name => annotations[name]);
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(name => [name, String(annotations[name])]));
}
