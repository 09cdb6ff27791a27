import { KindDefinition, KubernetesObject } from './kindDefinition';
import { SECRET, SERVICE_ACCOUNT } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { dataKeys, keyFacts } from './keyNames';
import { Reference } from './observation';

export const secretKind: KindDefinition = {
  id: SECRET,
  type: 'secret',
  version: 'v1',
  plural: 'secrets',
  namespaced: true,
  metadataOnly: true,
  observe(secret, context) {
    const data = dataKeys(secret);
    const { keys, changedAt, changedBy } = data;
    return observation(SECRET, true, secret, context, {
      properties: {
        // Only in full objects: metadata alone does not tell.
        Type: secret.type,
        Data: keys,
        DataChangedAt: changedAt,
        DataChangedBy: changedBy,
        Immutable: secret.immutable,
      },
      verdict: existenceVerdict(secret),
      facts: keyFacts(data),
      references: accountReference(secret),
    });
  },
};

/** A token without its account is refused (R040). */
function accountReference({ metadata }: KubernetesObject): Reference[] {
  const name = metadata.annotations?.['kubernetes.io/service-account.name'];
  return name
    ? [
        {
          relation: 'secret-serviceaccount',
          end: 'source',
          other: {
            kind: SERVICE_ACCOUNT,
            namespace: metadata.namespace,
            name: String(name),
          },
          required: true,
        },
      ]
    : [];
}
