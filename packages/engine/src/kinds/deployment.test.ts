import {
  ago,
  condition,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import {
  AVAILABLE,
  FINISHED,
  UNAVAILABLE,
  UNDER_WAY,
  deployment,
} from './__testUtils__/workloads';
import { deploymentKind } from './deployment';
import { KindDefinition, KubernetesObject } from './kindDefinition';

type Row = [string, KindDefinition, KubernetesObject, string];
const TABLE: Row[] = [
  [
    'has all it wants',
    deploymentKind,
    deployment(4, [AVAILABLE, FINISHED]),
    'ok Available',
  ],
  [
    'is scaled to zero (C04)',
    deploymentKind,
    deployment(0, [AVAILABLE, FINISHED], {}, { replicas: 0 }),
    'idle ScaledToZero H039',
  ],
  [
    'is paused (C23)',
    deploymentKind,
    deployment(4, [AVAILABLE], {}, { paused: true }),
    'suspended Paused H040',
  ],
  [
    'was not looked at yet',
    deploymentKind,
    deployment(4, [AVAILABLE], { observedGeneration: 1 }),
    'progressing NotObserved H041',
  ],
  [
    'was never looked at',
    deploymentKind,
    deployment(0, [], { observedGeneration: undefined }, {}, 60),
    'progressing NotObserved H041 > 840: degraded NotObserved H041',
  ],
  [
    'is stuck but serves (M12)',
    deploymentKind,
    deployment(3, [
      AVAILABLE,
      condition('Progressing', 'False', 'ProgressDeadlineExceeded'),
    ]),
    'degraded RolloutStuck H042',
  ],
  [
    'is stuck and serves nobody',
    deploymentKind,
    deployment(0, [
      UNAVAILABLE,
      condition('Progressing', 'False', 'ProgressDeadlineExceeded'),
    ]),
    'down RolloutStuck H042',
  ],
  [
    'has lost some replicas',
    deploymentKind,
    deployment(2, [UNAVAILABLE, FINISHED]),
    'degraded Unavailable H043',
  ],
  [
    'has lost all replicas',
    deploymentKind,
    deployment(0, [UNAVAILABLE, FINISHED]),
    'down Unavailable H043',
  ],
  [
    'is being created',
    deploymentKind,
    deployment(0, [UNAVAILABLE, UNDER_WAY], {}, {}, 60),
    'progressing Creating H044 > 540: down Unavailable H043',
  ],
  [
    'is older and loses its pods within a rollout',
    deploymentKind,
    deployment(0, [UNAVAILABLE, UNDER_WAY]),
    'down Unavailable H043',
  ],
  [
    'is recreated by its strategy',
    deploymentKind,
    deployment(
      0,
      [UNAVAILABLE, condition('Progressing', 'True', 'ReplicaSetUpdated', 60)],
      {},
      { strategy: { type: 'Recreate' } },
    ),
    'progressing Creating H044 > 540: down Unavailable H043',
  ],
  [
    'is rolling out, 3 of 4 ready (C01)',
    deploymentKind,
    deployment(3, [AVAILABLE, UNDER_WAY], { updatedReplicas: 2 }),
    'progressing RollingOut H045',
  ],
  [
    'has one surplus replica of the old version',
    deploymentKind,
    deployment(4, [AVAILABLE, UNDER_WAY], { replicas: 5 }),
    'progressing RollingOut H045',
  ],
  [
    'may not create pods, and has some',
    deploymentKind,
    deployment(2, [
      AVAILABLE,
      condition('ReplicaFailure', 'True', 'FailedCreate'),
    ]),
    'degraded CannotCreatePods H046',
  ],
  [
    'may not create pods, and has none',
    deploymentKind,
    deployment(0, [
      UNAVAILABLE,
      condition('ReplicaFailure', 'True', 'FailedCreate'),
    ]),
    'down CannotCreatePods H046',
  ],
  [
    'cannot create its ReplicaSet',
    deploymentKind,
    deployment(4, [condition('Progressing', 'False', 'ReplicaSetCreateError')]),
    'down ReplicaSetCreateError H047',
  ],
  [
    'is being deleted',
    deploymentKind,
    object({
      metadata: {
        deletionTimestamp: ago(60),
        finalizers: ['foregroundDeletion'],
      },
      spec: {},
      status: {},
    }),
    'terminating Terminating > 240: degraded StuckTerminating',
  ],
];

describe('the verdict on a Deployment that', () => {
  it.each(
    TABLE.map(
      ([what, definition, ...rest]) =>
        [`${definition.type} ${what}`, definition, ...rest] as Row,
    ),
  )('%s', (_, definition, item, expected) => {
    expect(verdictText(observe(definition, item).verdict)).toBe(expected);
  });
});

describe('a Deployment among its ReplicaSets', () => {
  const lacking = deployment(2, [UNAVAILABLE, FINISHED]);
  const partly = deployment(3, [AVAILABLE, FINISHED]);
  const replicaSet = (level: any) => ({
    'deployment-replicaset out': [
      neighbour('ReplicaSet', 'new', level, { desired: 4 }),
      neighbour('ReplicaSet', 'old', 'down', { desired: 0 }),
    ],
  });
  it.each([
    [
      'is scaling up',
      lacking,
      replicaSet('progressing'),
      'progressing PartlyAvailable H043',
    ],
    [
      'has none left while new ones start',
      deployment(0, [UNAVAILABLE, FINISHED]),
      replicaSet('progressing'),
      'keeps its own',
    ],
    ['has broken pods', lacking, replicaSet('degraded'), 'keeps its own'],
    [
      'has one broken pod and enough others',
      partly,
      replicaSet('degraded'),
      'degraded PartlyAvailable H043',
    ],
    [
      'has one pod that starts and enough others',
      partly,
      replicaSet('progressing'),
      'progressing PartlyAvailable H043',
    ],
  ])('that %s', (_, item, around, expected) => {
    expect(verdictText(judged(deploymentKind, item, around))).toBe(expected);
  });
});

it.each<[KindDefinition, KubernetesObject, object]>([
  [
    deploymentKind,
    deployment(4, [AVAILABLE]),
    {
      DesiredReplicas: 4,
      Replicas: 4,
      ReadyReplicas: 4,
      AvailableReplicas: 4,
      UnavailableReplicas: 0,
    },
  ],
  [
    deploymentKind,
    object({ spec: {}, status: {} }),
    { DesiredReplicas: 1, Replicas: 0 },
  ],
])('shows the fields of Skydive: %#', (definition, item, expected) => {
  expect(observe(definition, item).properties).toMatchObject(expected);
});
