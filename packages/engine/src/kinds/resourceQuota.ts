import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { NAMESPACE, PRIORITY_CLASS, RESOURCE_QUOTA } from './kindIds';
import { observation, ownVerdict } from './metadata';
import { Reference } from './observation';
import { parseQuantity } from './quantity';
import { earliest, neighbourEvidence } from './replicaHealth';
import { Evidence, Verdict } from './status';
import { fieldEvidence, verdict } from './verdict';

/** Controllers whose condition names the quota that refused their pods (`quotaRefusals.ts`). */
const REFUSED = [
  'resourcequota-replicaset',
  'resourcequota-replicationcontroller',
  'resourcequota-deployment',
] as const;

export const resourceQuotaKind: KindDefinition = {
  id: RESOURCE_QUOTA,
  type: 'resourcequota',
  version: 'v1',
  plural: 'resourcequotas',
  namespaced: true,
  observe(quota, context) {
    const { spec = {}, status = {} } = quota;
    return observation(RESOURCE_QUOTA, true, quota, context, {
      properties: {
        Hard: status.hard ?? spec.hard ?? {},
        Used: status.used ?? {},
        Scopes: spec.scopes,
        ScopeSelector: spec.scopeSelector?.matchExpressions?.map((entry: any) =>
          [entry.scopeName, entry.operator, (entry.values ?? []).join(',')]
            .filter(Boolean)
            .join(' '),
        ),
      },
      verdict: ownVerdict(quota, quotaVerdict(quota)),
      references: references(quota),
    });
  },
  contextRelations: REFUSED,
  judgeInContext,
};

/** What is used up is no fault by itself: only when somebody is refused for it (H143). */
function quotaVerdict(quota: KubernetesObject): Verdict {
  const { hard = {}, used = {} } = quota.status ?? {};
  const full: Evidence[] = [];
  for (const resource of Object.keys(hard)) {
    const most = parseQuantity(hard[resource]);
    const taken = parseQuantity(used[resource]);
    if (most !== undefined && taken !== undefined && taken >= most) {
      full.push(
        fieldEvidence(
          `status.used[${resource}]`,
          `${used[resource]} of ${hard[resource]}`,
        ),
      );
    }
  }
  return full.length > 0
    ? verdict('ok', 'QuotaFull', {
        rule: 'H143',
        message: full
          .map(({ field, value }) => `${field.slice(12, -1)}: ${value} used`)
          .join(', '),
        evidence: full,
      })
    : verdict('ok', 'Exists');
}

function references(quota: KubernetesObject): Reference[] {
  const expressions: any[] = quota.spec?.scopeSelector?.matchExpressions ?? [];
  const classes = expressions.flatMap(entry =>
    entry.scopeName === 'PriorityClass' && entry.operator === 'In'
      ? (entry.values ?? []).map(String)
      : [],
  );
  return [
    {
      relation: 'resourcequota-namespace',
      end: 'source',
      other: {
        kind: NAMESPACE,
        namespace: '',
        name: quota.metadata.namespace,
      },
      required: false,
    },
    ...[...new Set<string>(classes)].map(
      (name): Reference => ({
        relation: 'resourcequota-priorityclass',
        end: 'source',
        other: { kind: PRIORITY_CLASS, namespace: '', name },
        required: false,
      }),
    ),
  ];
}

/** Somebody is refused by it now: the API server's own words stand in the refused controller's condition. */
function judgeInContext(
  quota: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (quota.own.level !== 'ok') {
    return undefined;
  }
  const refused: ContextNode[] = [];
  for (const relation of REFUSED) {
    refused.push(...neighbours(relation, 'out'));
  }
  if (refused.length === 0) {
    return undefined;
  }
  const names = refused.map(({ key }) => key.slice(key.lastIndexOf('/') + 1));
  return verdict('degraded', 'QuotaFull', {
    rule: 'H143',
    message: [
      quota.own.message,
      `pods of ${[...new Set(names)].slice(0, 5).join(', ')} are refused`,
    ]
      .filter(Boolean)
      .join('; '),
    since: earliest(refused),
    evidence: [
      ...quota.own.evidence,
      ...refused.slice(0, 5).map(neighbourEvidence),
    ],
  });
}
