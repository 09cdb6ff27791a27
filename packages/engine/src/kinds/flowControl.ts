import { genericVerdict } from './genericHealth';
import { KindDefinition } from './kindDefinition';
import { FLOW_SCHEMA, PRIORITY_LEVEL } from './kindIds';
import { deletionVerdict, existenceVerdict, observation } from './metadata';

/** Which requests to the API server share a level (R170); `Dangling` when that level does not exist. */
export const flowSchemaKind: KindDefinition = {
  id: FLOW_SCHEMA,
  type: 'flowschema',
  version: 'v1',
  readableVersions: ['v1beta3', 'v1beta2'],
  plural: 'flowschemas',
  namespaced: false,
  observe(schema, context) {
    const { spec = {} } = schema;
    const name: string | undefined = spec.priorityLevelConfiguration?.name;
    return observation(FLOW_SCHEMA, false, schema, context, {
      properties: { MatchingPrecedence: spec.matchingPrecedence },
      verdict:
        deletionVerdict(schema) ?? genericVerdict(schema, { statusless: true }),
      references: name
        ? [
            {
              relation: 'flowschema-prioritylevelconfiguration',
              end: 'source',
              other: { kind: PRIORITY_LEVEL, namespace: '', name },
              required: true,
            },
          ]
        : [],
    });
  },
};

export const priorityLevelKind: KindDefinition = {
  id: PRIORITY_LEVEL,
  type: 'prioritylevelconfiguration',
  version: 'v1',
  readableVersions: ['v1beta3', 'v1beta2'],
  plural: 'prioritylevelconfigurations',
  namespaced: false,
  observe(level, context) {
    const { spec = {} } = level;
    return observation(PRIORITY_LEVEL, false, level, context, {
      properties: {
        LevelType: spec.type,
        Shares: spec.limited?.nominalConcurrencyShares,
      },
      verdict: existenceVerdict(level),
    });
  },
};
