import { genericKind } from './genericKind';
import { Observation } from './observation';
import { verdictAt } from './status';
import { parseRulesText } from './rules/loadRules';
import { KindCatalog } from './kindCatalog';

const CREATED = Date.parse('2026-01-01T00:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const vaultKind = genericKind({
  id: { group: 'example.com', kind: 'Vault' },
  version: 'v1',
  plural: 'vaults',
  namespaced: true,
});

function observe(rest: object, now = CREATED + HOUR): Observation {
  const object = {
    apiVersion: 'example.com/v1',
    ...rest,
    metadata: {
      name: 'main',
      namespace: 'shop',
      uid: 'u1',
      generation: 3,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(rest as any).metadata,
    },
  };
  return vaultKind.observe(object, { cluster: 'c', now }) as Observation;
}

function condition(type: string, status: string, more: object = {}) {
  return {
    status: {
      conditions: [
        { type, status, lastTransitionTime: '2026-01-01T00:30:00Z', ...more },
      ],
    },
  };
}

const conditions = (...all: [string, string][]) => ({
  status: {
    conditions: all.map(([type, status]) => ({
      type,
      status,
      lastTransitionTime: '2026-01-01T00:30:00Z',
    })),
  },
});

describe('what an unknown kind says of itself (health.md section 5)', () => {
  it.each<[string, object, string]>([
    // 1
    [
      'is being deleted',
      {
        metadata: {
          deletionTimestamp: '2026-01-01T00:59:00Z',
          finalizers: ['example.com/seal'],
        },
        ...condition('Ready', 'False'),
      },
      'terminating Terminating',
    ],
    [
      'is stuck in its deletion',
      {
        metadata: {
          deletionTimestamp: '2026-01-01T00:50:00Z',
          finalizers: ['example.com/seal'],
        },
      },
      'degraded StuckTerminating',
    ],
    // 2
    ['spec.suspend', { spec: { suspend: true } }, 'suspended Suspended'],
    ['spec.suspended', { spec: { suspended: true } }, 'suspended Suspended'],
    ['spec.paused', { spec: { paused: true } }, 'suspended Paused'],
    ['is told not to', { spec: { paused: 'yes' } }, 'unknown NoStatus'],
    // 3
    [
      'lags behind its spec',
      {
        status: {
          observedGeneration: 2,
          ...condition('Ready', 'False').status,
        },
      },
      'progressing NotObserved',
    ],
    [
      'has lagged behind its spec for 15 minutes',
      {
        status: { observedGeneration: 2 },
        metadata: {
          managedFields: [
            { time: '2026-01-01T00:30:00Z', fieldsV1: { 'f:spec': {} } },
            {
              time: '2026-01-01T00:59:00Z',
              subresource: 'status',
              fieldsV1: { 'f:status': {} },
            },
          ],
        },
      },
      'degraded NotObserved',
    ],
    [
      'has just been given another spec',
      {
        status: { observedGeneration: 2 },
        metadata: {
          managedFields: [
            { time: '2026-01-01T00:50:00Z', fieldsV1: { 'f:spec': {} } },
          ],
        },
      },
      'progressing NotObserved',
    ],
    // 4
    ['has no status', {}, 'unknown NoStatus'],
    ['has an empty status', { status: {} }, 'unknown NoStatus'],
    // 5
    ['Ready', condition('Ready', 'True'), 'ok Ready'],
    ['not Ready', condition('Ready', 'False'), 'degraded Ready'],
    [
      'not Ready, with a reason',
      condition('Ready', 'False', { reason: 'Sealed' }),
      'degraded Sealed',
    ],
    [
      'not Ready yet, as its reason says',
      condition('Ready', 'False', { reason: 'WaitingForUnseal' }),
      'progressing WaitingForUnseal',
    ],
    ['Ready unknown', condition('Ready', 'Unknown'), 'unknown Ready'],
    ['Stalled', condition('Stalled', 'True'), 'down Stalled'],
    ['Failed', condition('Failed', 'True'), 'down Failed'],
    ['not Failed', condition('Failed', 'False'), 'ok NoFailed'],
    ['Degraded', condition('Degraded', 'True'), 'degraded Degraded'],
    ['a failure', condition('BackupFailure', 'True'), 'degraded BackupFailure'],
    ['pressure', condition('DiskPressure', 'True'), 'degraded DiskPressure'],
    [
      'a part not ready',
      condition('DatabaseReady', 'False'),
      'degraded DatabaseReady',
    ],
    [
      'Reconciling',
      condition('Reconciling', 'True'),
      'progressing Reconciling',
    ],
    [
      'Reconciling while Ready',
      conditions(['Reconciling', 'True'], ['Ready', 'True']),
      'ok Ready',
    ],
    [
      'the worst of several',
      conditions(['Ready', 'True'], ['Synced', 'False'], ['Failed', 'True']),
      'down Failed',
    ],
    [
      'a condition of an older spec',
      condition('Ready', 'False', { observedGeneration: 2 }),
      'unknown NoKnownStatus',
    ],
    [
      'an unfamiliar condition only',
      condition('Sealed', 'True'),
      'unknown NoKnownStatus',
    ],
    // 6
    ['phase Running', { status: { phase: 'Running' } }, 'ok Running'],
    ['state running', { status: { state: 'running' } }, 'ok running'],
    [
      'phase Provisioning',
      { status: { phase: 'Provisioning' } },
      'progressing Provisioning',
    ],
    ['phase Failed', { status: { phase: 'Failed' } }, 'down Failed'],
    [
      'phase Moonwalking',
      { status: { phase: 'Moonwalking' } },
      'unknown UnknownPhase',
    ],
    // 7
    [
      'all replicas',
      { spec: { replicas: 3 }, status: { readyReplicas: 3 } },
      'ok Available',
    ],
    [
      'some replicas',
      { spec: { replicas: 3 }, status: { readyReplicas: 1 } },
      'degraded PartlyReady',
    ],
    [
      'no replica',
      { spec: { replicas: 3 }, status: { availableReplicas: 0 } },
      'down PartlyReady',
    ],
    [
      'none wanted',
      { spec: { replicas: 0 }, status: { readyReplicas: 0 } },
      'idle ScaledToZero',
    ],
    [
      'a rollout',
      {
        spec: { replicas: 3 },
        status: { readyReplicas: 2, updatedReplicas: 1 },
      },
      'progressing RollingOut',
    ],
  ])('%s', (_, object, expected) => {
    const { verdict } = observe(object);
    expect(`${verdict.level} ${verdict.reason}`).toBe(expected);
  });

  it.each<[string, object, number, string, string]>([
    ['no status', {}, MINUTE, 'progressing', 'unknown'],
    [
      'not Ready',
      condition('Ready', 'False'),
      31 * MINUTE,
      'progressing',
      'degraded',
    ],
    [
      'not Available',
      condition('Available', 'False'),
      31 * MINUTE,
      'progressing',
      'degraded',
    ],
    [
      'Ready unknown',
      condition('Ready', 'Unknown'),
      32 * MINUTE,
      'progressing',
      'unknown',
    ],
    [
      'too few replicas',
      { spec: { replicas: 2 }, status: { readyReplicas: 1 } },
      10 * MINUTE,
      'progressing',
      'degraded',
    ],
  ])('%s is given time (section 4)', (_, object, budget, before, after) => {
    const { verdict } = observe(object, CREATED + budget - 1);
    expect(verdict.level).toBe(before);
    expect(verdictAt(verdict, CREATED + budget).level).toBe(after);
  });

  it('shows what was read, with Kubernetes’ own words', () => {
    const { verdict } = observe(
      condition('Ready', 'False', { reason: 'Sealed', message: 'unseal it' }),
    );
    expect(verdict).toMatchObject({
      rule: 'H163',
      message: 'unseal it',
      since: CREATED + 30 * MINUTE,
      evidence: [
        {
          field: 'status.conditions[Ready]',
          value: 'False: Sealed: unseal it',
        },
      ],
    });
  });

  it('calls a setting of Kubernetes well that has no status by design', () => {
    const kind = genericKind({
      id: { group: 'node.k8s.io', kind: 'RuntimeClass' },
      version: 'v1',
      plural: 'runtimeclasses',
      namespaced: false,
    });
    const observed = kind.observe(
      { metadata: { name: 'gvisor' } },
      { cluster: 'c', now: CREATED },
    ) as Observation;
    expect(observed.verdict).toMatchObject({ level: 'ok', reason: 'Exists' });
  });
});

describe('what is kept of an object of an unknown kind', () => {
  it('shows generations, conditions and phase, and nothing of its spec', () => {
    const { properties } = observe({
      spec: { password: 'hunter2', nested: { token: 'hunter2' } },
      data: { key: 'hunter2' },
      status: {
        observedGeneration: 3,
        phase: 'Running',
        token: 'hunter2',
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'not a type', status: 'hunter2 and more' },
        ],
      },
    });
    expect(properties).toEqual({
      Generation: 3,
      ObservedGeneration: 3,
      Phase: 'Running',
      Conditions: { Ready: 'True' },
    });
  });

  it('keeps no annotation that nobody asked for', () => {
    const observed = observe({
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': 'hunter2',
        },
      },
      spec: { password: 'hunter2' },
    });
    expect(JSON.stringify(observed)).not.toContain('hunter2');
  });

  it('is in its namespace or cluster, and owned', () => {
    const { references, owners } = observe({
      metadata: {
        ownerReferences: [
          { apiVersion: 'example.com/v1', kind: 'Bank', name: 'b', uid: 'u9' },
        ],
      },
    });
    expect(references).toMatchObject([
      { relation: 'namespace-object', end: 'target', other: { name: 'shop' } },
    ]);
    expect(owners).toMatchObject([{ kind: { kind: 'Bank' }, uid: 'u9' }]);
  });
});

describe('references that nobody declared (R187)', () => {
  it.each<[string, object, string[]]>([
    [
      'by kind and apiVersion',
      { resourceRef: { apiVersion: 'db.example/v1', kind: 'XDb', name: 'x' } },
      ['XDb.db.example shop/x'],
    ],
    [
      'by kind and group',
      { targetRef: { group: 'apps', kind: 'Deployment', name: 'web' } },
      ['Deployment.apps shop/web'],
    ],
    [
      'by a well-known kind alone',
      { scaleTargetRef: { kind: 'StatefulSet', name: 'db' } },
      ['StatefulSet.apps shop/db'],
    ],
    [
      'by the field alone',
      {
        passwordSecretRef: { name: 's', key: 'password' },
        env: [{ configMapKeyRef: { name: 'c', key: 'k' } }],
        serviceAccountRef: { name: 'sa' },
      },
      ['Secret shop/s', 'ConfigMap shop/c', 'ServiceAccount shop/sa'],
    ],
    [
      'in another namespace',
      { secretRef: { name: 's', namespace: 'vaults' } },
      ['Secret vaults/s'],
    ],
    [
      'of a list',
      { secretRefs: [{ name: 'a' }, { name: 'b' }] },
      ['Secret shop/a', 'Secret shop/b'],
    ],
    [
      'in no namespace',
      {
        classRef: { group: 'storage.k8s.io', kind: 'StorageClass', name: 'f' },
      },
      ['StorageClass.storage.k8s.io /f'],
    ],
    ['not without a kind', { classRef: { name: 'gold' } }, []],
    ['not without a name', { secretRef: { key: 'x' } }, []],
    ['not a branch', { ref: { kind: 'Branch', name: 'main' } }, []],
    [
      'not a kind that is none',
      { targetRef: { kind: 'no kind', name: 'x' } },
      [],
    ],
  ])('%s', (_, spec, expected) => {
    const found = observe({ spec }).references.filter(
      ({ relation }) => relation === 'object-reference',
    );
    expect(
      found.map(
        ({ other: { kind, namespace, name } }) =>
          `${kind.kind}${kind.group && `.${kind.group}`} ${namespace}/${name}`,
      ),
    ).toEqual(expected);
    expect(found.filter(({ required }) => required)).toEqual([]);
  });

  it('are bounded', () => {
    const refs = Array.from({ length: 500 }, (_, at) => ({
      secretRef: { name: `s${at}` },
    }));
    expect(observe({ spec: { refs } }).references.length).toBeLessThan(50);
  });
});

it('gives way to rules', () => {
  const rules = parseRulesText(
    'kinds: [{ kind: Vault.example.com, properties: { Seal: spec.seal } }]',
    'test',
  );
  const definition = KindCatalog.create({
    rules: [{ where: 'test', rules }],
  }).definitionFor({
    id: { group: 'example.com', kind: 'Vault' },
    version: 'v1',
    plural: 'vaults',
    namespaced: true,
  })!;
  const observed = definition.observe(
    { metadata: { name: 'v', namespace: 'n' }, spec: { seal: 'auto' } },
    { cluster: 'c', now: 0 },
  ) as Observation;
  expect(observed.properties).toEqual({ Seal: 'auto' });
});
