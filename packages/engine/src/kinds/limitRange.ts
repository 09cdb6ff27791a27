import { KindDefinition } from './kindDefinition';
import { LIMIT_RANGE, NAMESPACE } from './kindIds';
import { existenceVerdict, observation } from './metadata';
import { Json } from './observation';

const BOUNDS = [
  'min',
  'max',
  'default',
  'defaultRequest',
  'maxLimitRequestRatio',
] as const;

/** What one pod, container or claim of a namespace may ask for (R165). */
export const limitRangeKind: KindDefinition = {
  id: LIMIT_RANGE,
  type: 'limitrange',
  version: 'v1',
  plural: 'limitranges',
  namespaced: true,
  observe(limitRange, context) {
    const limits: any[] = limitRange.spec?.limits ?? [];
    return observation(LIMIT_RANGE, true, limitRange, context, {
      properties: {
        Limits: limits.map((limit): { [name: string]: Json } => ({
          Type: String(limit.type),
          ...Object.fromEntries(
            BOUNDS.filter(bound => limit[bound]).map(bound => [
              bound,
              limit[bound],
            ]),
          ),
        })),
      },
      verdict: existenceVerdict(limitRange),
      references: [
        {
          relation: 'limitrange-namespace',
          end: 'source',
          other: {
            kind: NAMESPACE,
            namespace: '',
            name: limitRange.metadata.namespace,
          },
          required: false,
        },
      ],
    });
  },
};
