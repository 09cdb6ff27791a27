import { KindDefinition } from './kindDefinition';
import { CONFIG_MAP } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { dataKeys, keyFacts } from './keyNames';

export const configMapKind: KindDefinition = {
  id: CONFIG_MAP,
  type: 'configmap',
  version: 'v1',
  plural: 'configmaps',
  namespaced: true,
  metadataOnly: true,
  observe(configMap, context) {
    const data = dataKeys(configMap);
    const { keys, changedAt, changedBy } = data;
    return observation(CONFIG_MAP, true, configMap, context, {
      properties: {
        Data: keys,
        DataChangedAt: changedAt,
        DataChangedBy: changedBy,
        Immutable: configMap.immutable,
      },
      verdict: existenceVerdict(configMap),
      facts: keyFacts(data),
    });
  },
};
