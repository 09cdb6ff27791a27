import { KindDefinition } from './kindDefinition';
import { SECRET } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { dataKeys } from './keyNames';

export const secretKind: KindDefinition = {
  id: SECRET,
  type: 'secret',
  version: 'v1',
  plural: 'secrets',
  namespaced: true,
  metadataOnly: true,
  observe(secret, context) {
    const { keys, changedAt } = dataKeys(secret);
    return observation(SECRET, true, secret, context, {
      properties: {
        // Only in full objects: metadata alone does not tell.
        Type: secret.type,
        Data: keys,
        DataChangedAt: changedAt,
        Immutable: secret.immutable,
      },
      verdict: existenceVerdict(secret),
    });
  },
};
