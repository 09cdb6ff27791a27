import {
  condition,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { deployment } from './__testUtils__/workloads';
import { deploymentKind } from './deployment';
import { KubernetesObject } from './kindDefinition';
import { limitRangeKind } from './limitRange';
import { replicaSetKind } from './replicaSet';
import { resourceQuotaKind } from './resourceQuota';

const quota = (hard: {}, used: {}, spec = {}): KubernetesObject =>
  object({
    metadata: { name: 'compute' },
    spec: { hard, ...spec },
    status: { hard, used },
  });
const FULL = quota({ 'requests.cpu': '1' }, { 'requests.cpu': '1000m' });
const REFUSAL =
  'pods "x" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=9, limited: cpu=9';
const refused = (message = REFUSAL) =>
  object({
    spec: { replicas: 3 },
    status: {
      replicas: 1,
      readyReplicas: 1,
      conditions: [
        condition('ReplicaFailure', 'True', 'FailedCreate', 60, message),
      ],
    },
  });

it.each([
  ['has room', quota({ pods: '10' }, { pods: '9' }), 'ok Exists'],
  ['is used up, in other units', FULL, 'ok QuotaFull H143'],
  ['is exceeded', quota({ pods: '2' }, { pods: '3' }), 'ok QuotaFull H143'],
  [
    'has not been counted yet',
    object({ spec: { hard: { pods: 1 } } }),
    'ok Exists',
  ],
])('a quota that %s is no fault', (_, item, expected) => {
  expect(verdictText(observe(resourceQuotaKind, item).verdict)).toBe(expected);
});

it.each([
  ['that is full', FULL],
  ['that has room for less than was asked', quota({ cpu: '10' }, { cpu: '9' })],
])('a quota %s is one while it refuses pods (H143)', (_, item) => {
  const victim = neighbour('ReplicaSet', 'cart-1', 'degraded');
  const found = judged(resourceQuotaKind, item, {
    'resourcequota-replicaset out': [victim],
  });
  expect(verdictText(found)).toBe('degraded QuotaFull H143');
  expect(found?.message).toContain('pods of cart-1 are refused');
  expect(verdictText(judged(resourceQuotaKind, item, {}))).toBe(
    'keeps its own',
  );
});

const quotaEdges = (item: KubernetesObject) =>
  observe(replicaSetKind, item)
    .references.filter(({ relation }) => relation.startsWith('resourcequota'))
    .map(({ relation, end, other }) =>
      [relation, end, other.namespace, other.name].join(' '),
    );

it.each([
  [
    'names the quota',
    refused(),
    ['resourcequota-replicaset target shop compute'],
  ],
  [
    'names several',
    refused(`${REFUSAL}, exceeded quota: other, requested: x`),
    [
      'resourcequota-replicaset target shop compute',
      'resourcequota-replicaset target shop other',
    ],
  ],
  [
    'names one that wants a limit',
    refused('pods "x" is forbidden: failed quota: compute: must specify cpu'),
    ['resourcequota-replicaset target shop compute'],
  ],
  ['is of another kind', refused('admission webhook denied the request'), []],
  [
    'is over',
    object({ status: { conditions: [condition('ReplicaFailure', 'False')] } }),
    [],
  ],
])('R164: a refusal that %s', (_, item, expected) => {
  expect(quotaEdges(item)).toEqual(expected);
});

it('knows the quota from a Deployment, too (R164)', () => {
  const item = deployment(0, [
    condition('ReplicaFailure', 'True', 'FailedCreate', 60, REFUSAL),
  ]);
  expect(
    observe(deploymentKind, item).references.map(({ relation }) => relation),
  ).toContain('resourcequota-deployment');
});

it('limits a namespace, and the pods of some priorities (R164, R165)', () => {
  const scoped = quota(
    {},
    {},
    {
      scopeSelector: {
        matchExpressions: [
          {
            scopeName: 'PriorityClass',
            operator: 'In',
            values: ['high', 'low'],
          },
          { scopeName: 'BestEffort', operator: 'Exists' },
        ],
      },
    },
  );
  const names = (definition: typeof limitRangeKind, item: KubernetesObject) =>
    observe(definition, item).references.map(
      ({ relation, other }) => `${relation} ${other.name}`,
    );
  expect(names(resourceQuotaKind, scoped)).toEqual([
    'resourcequota-namespace shop',
    'resourcequota-priorityclass high',
    'resourcequota-priorityclass low',
    'namespace-resourcequota shop',
  ]);
  const limits = object({
    spec: {
      limits: [{ type: 'Container', max: { cpu: '1' }, min: undefined }],
    },
  });
  expect(names(limitRangeKind, limits)).toEqual([
    'limitrange-namespace shop',
    'namespace-limitrange shop',
  ]);
  expect(observe(limitRangeKind, limits).properties.Limits).toEqual([
    { Type: 'Container', max: { cpu: '1' } },
  ]);
});
