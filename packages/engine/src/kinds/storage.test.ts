import {
  NOW,
  ago,
  condition,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { judgeByEvents } from './eventRules';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { persistentVolumeKind } from './persistentVolume';
import { persistentVolumeClaimKind } from './persistentVolumeClaim';
import { storageClassKind } from './storageClass';

const claim = (phase: string, secondsOld = 7200, more: any = {}) =>
  object({
    metadata: {
      name: 'data',
      creationTimestamp: ago(secondsOld),
      finalizers: ['kubernetes.io/pvc-protection'],
      ...more.metadata,
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '3Gi' } },
      ...more.spec,
    },
    status: { phase, ...more.status },
  });

const volume = (phase: string, spec = {}) =>
  object({
    metadata: { name: 'pv', namespace: undefined },
    spec: { storageClassName: 'fast', capacity: { storage: '1Gi' }, ...spec },
    status: { phase },
  });

const deleted = (item: KubernetesObject): KubernetesObject => ({
  ...item,
  metadata: {
    ...item.metadata,
    deletionTimestamp: ago(6000),
    finalizers: ['kubernetes.io/pv-protection'],
  },
});

describe('the verdict on', () => {
  it.each<[string, KindDefinition, KubernetesObject, string]>([
    ['a bound claim', persistentVolumeClaimKind, claim('Bound'), 'ok Bound'],
    [
      'a new claim',
      persistentVolumeClaimKind,
      claim('Pending', 20),
      'progressing Pending H098 > 100: degraded NotBound H098',
    ],
    [
      'a claim that nobody binds',
      persistentVolumeClaimKind,
      claim('Pending'),
      'degraded NotBound H098',
    ],
    [
      'a claim whose volume is gone',
      persistentVolumeClaimKind,
      claim('Lost'),
      'down VolumeLost H101',
    ],
    [
      'a claim that grows',
      persistentVolumeClaimKind,
      claim('Bound', 99, {
        status: { conditions: [condition('FileSystemResizePending', 'True')] },
      }),
      'progressing Resizing H102',
    ],
    [
      'a claim that cannot grow',
      persistentVolumeClaimKind,
      claim('Bound', 99, {
        status: { conditions: [condition('NodeResizeError', 'True')] },
      }),
      'degraded ResizeError H103',
    ],
    [
      'a claim that is deleted while in use',
      persistentVolumeClaimKind,
      claim('Bound', 99, { metadata: { deletionTimestamp: ago(6000) } }),
      'terminating InUseDeleting H104',
    ],
    ['a bound volume', persistentVolumeKind, volume('Bound'), 'ok Bound'],
    [
      'a free volume',
      persistentVolumeKind,
      volume('Available'),
      'ok Available',
    ],
    [
      'a failed volume',
      persistentVolumeKind,
      volume('Failed'),
      'down VolumeFailed H106',
    ],
    [
      'a released volume',
      persistentVolumeKind,
      volume('Released'),
      'idle Released H107',
    ],
    [
      'a volume in the making',
      persistentVolumeKind,
      volume('Pending'),
      'progressing Pending H108',
    ],
    [
      'a volume that is deleted while a claim has it',
      persistentVolumeKind,
      deleted(volume('Bound')),
      'terminating InUseDeleting',
    ],
    [
      'a volume that is deleted and kept by its driver',
      persistentVolumeKind,
      deleted(volume('Released')),
      'degraded StuckTerminating',
    ],
    [
      'a storage class',
      storageClassKind,
      object({ metadata: { namespace: undefined } }),
      'ok Exists',
    ],
  ])('%s', (_, definition, item, expected) => {
    expect(verdictText(observe(definition, item).verdict)).toBe(expected);
  });
});

describe('events about a claim', () => {
  it.each([
    [
      'of a class that is not there',
      claim('Pending', 5),
      'ProvisioningFailed',
      'down ProvisioningFailed H097',
    ],
    [
      'without a class and without a volume',
      claim('Pending', 5),
      'FailedBinding',
      'down NoMatchingVolume H100',
    ],
    [
      'that waits for its first consumer',
      claim('Pending'),
      'WaitForFirstConsumer',
      'ok WaitForFirstConsumer H095',
    ],
    [
      'whose provisioner is silent for long',
      claim('Pending'),
      'ExternalProvisioning',
      'degraded ProvisionerNotResponding H099',
    ],
    [
      'whose provisioner is at work',
      claim('Pending', 5),
      'ExternalProvisioning',
      'progressing Pending H098 > 115: degraded NotBound H098',
    ],
    ['that is bound by now', claim('Bound'), 'ProvisioningFailed', 'ok Bound'],
  ])('%s', (_, item, reason, expected) => {
    const own = observe(persistentVolumeClaimKind, item).verdict;
    const said = { reason, message: 'm', count: 1, firstAt: NOW, lastAt: NOW };
    const found = judgeByEvents(
      persistentVolumeClaimKind.eventRules!,
      own,
      [said],
      NOW,
    );
    expect(verdictText(found)).toBe(expected);
  });
});

describe('a claim of a class that waits for its first consumer', () => {
  const waits = neighbour('StorageClass', 'fast', 'ok', {
    bindingMode: 'WaitForFirstConsumer',
  });
  const consumer = neighbour('Pod', 'p', 'down');
  it.each([
    [
      'has none (C05)',
      claim('Pending'),
      { 'storageclass-persistentvolumeclaim in': [waits] },
      'ok WaitForFirstConsumer H095',
    ],
    [
      'has one without a node',
      claim('Pending'),
      {
        'storageclass-persistentvolumeclaim in': [waits],
        'pod-persistentvolumeclaim in': [consumer],
      },
      'progressing WaitingForPodScheduled H096',
    ],
    [
      'has one that is done',
      claim('Pending'),
      {
        'storageclass-persistentvolumeclaim in': [waits],
        'pod-persistentvolumeclaim in': [
          neighbour('Pod', 'p', 'ok', { terminal: true }),
        ],
      },
      'ok WaitForFirstConsumer H095',
    ],
    [
      'has a node picked',
      claim('Pending', 7200, {
        metadata: {
          annotations: { 'volume.kubernetes.io/selected-node': 'n' },
        },
      }),
      {
        'storageclass-persistentvolumeclaim in': [waits],
        'pod-persistentvolumeclaim in': [consumer],
      },
      'keeps its own',
    ],
    [
      'is not one: it binds at once',
      claim('Pending'),
      {
        'storageclass-persistentvolumeclaim in': [
          neighbour('StorageClass', 'fast', 'ok', { bindingMode: 'Immediate' }),
        ],
      },
      'keeps its own',
    ],
    [
      'is bound',
      claim('Bound'),
      {
        'storageclass-persistentvolumeclaim in': [waits],
        'pod-persistentvolumeclaim in': [consumer],
      },
      'keeps its own',
    ],
    [
      'has a class that is not there',
      claim('Pending'),
      {
        'storageclass-persistentvolumeclaim in': [
          neighbour('StorageClass', 'fast', 'missing'),
        ],
      },
      'keeps its own',
    ],
  ])('%s', (_, item, around, expected) => {
    expect(verdictText(judged(persistentVolumeClaimKind, item, around))).toBe(
      expected,
    );
  });
});

describe('a volume on the disk of one node', () => {
  const local = volume('Bound', {
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] },
            ],
          },
        ],
      },
    },
  });
  it('selects its node (R051)', () => {
    expect(observe(persistentVolumeKind, local).selectors).toEqual([
      {
        relation: 'persistentvolume-node',
        end: 'source',
        kind: { group: '', kind: 'Node' },
        namespaces: 'all',
        selector: [
          { key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] },
        ],
      },
    ]);
  });
  it.each([
    ['down', 'degraded NodeGone H109'],
    ['ok', 'keeps its own'],
    ['unknown', 'keeps its own'],
  ] as const)('whose node is %s', (level, expected) => {
    const around = {
      'persistentvolume-node out': [neighbour('Node', 'n1', level)],
    };
    expect(verdictText(judged(persistentVolumeKind, local, around))).toBe(
      expected,
    );
  });
});

const references = (definition: KindDefinition, item: KubernetesObject) =>
  observe(definition, item).references.map(
    ({ relation, end, other, required }) =>
      `${relation} ${end} ${other.namespace}/${other.name}${
        required ? '!' : ''
      }`,
  );

it.each<[string, KindDefinition, KubernetesObject, string[]]>([
  [
    'an unbound claim',
    persistentVolumeClaimKind,
    claim('Pending'),
    [
      'storageclass-persistentvolumeclaim target /fast!',
      'namespace-persistentvolumeclaim target /shop!',
    ],
  ],
  [
    'a bound claim',
    persistentVolumeClaimKind,
    claim('Bound', 99, { spec: { volumeName: 'pv' } }),
    [
      'persistentvolumeclaim-persistentvolume source /pv!',
      'storageclass-persistentvolumeclaim target /fast',
      'namespace-persistentvolumeclaim target /shop!',
    ],
  ],
  [
    'a claim of no class',
    persistentVolumeClaimKind,
    claim('Pending', 9, { spec: { storageClassName: '' } }),
    ['namespace-persistentvolumeclaim target /shop!'],
  ],
  [
    'a volume with secrets (R050)',
    persistentVolumeKind,
    volume('Bound', {
      csi: {
        driver: 'd',
        nodeStageSecretRef: { name: 's', namespace: 'csi' },
        nodePublishSecretRef: { name: 's', namespace: 'csi' },
      },
    }),
    [
      'storageclass-persistentvolume target /fast',
      'persistentvolume-secret source csi/s!',
      'persistentvolume-csidriver source /d',
      'cluster-persistentvolume target /c!',
    ],
  ],
])('%s refers to', (_, definition, item, expected) => {
  expect(references(definition, item)).toEqual(expected);
});

it('leaves owners to the references that draw the same edge', () => {
  const owned = claim('Bound', 99, {
    metadata: {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'u1' },
        { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u2' },
        {
          apiVersion: 'example.com/v1',
          kind: 'Database',
          name: 'd',
          uid: 'u3',
        },
      ],
    },
  });
  expect(
    observe(persistentVolumeClaimKind, owned).owners.map(({ kind }) => kind),
  ).toEqual([{ group: 'example.com', kind: 'Database' }]);
});

it.each<[KindDefinition, KubernetesObject, object]>([
  [
    persistentVolumeClaimKind,
    claim('Bound', 9, { spec: { volumeName: 'pv' } }),
    {
      AccessModes: ['ReadWriteOnce'],
      VolumeName: 'pv',
      StorageClassName: 'fast',
      Status: 'Bound',
      StorageRequest: '3Gi',
    },
  ],
  [
    persistentVolumeClaimKind,
    claim('Pending', 9, { spec: { storageClassName: undefined } }),
    { StorageClassName: null, VolumeName: '' },
  ],
  [
    persistentVolumeKind,
    volume('Bound', { claimRef: { name: 'data', namespace: 'shop' } }),
    {
      Capacity: { storage: '1Gi' },
      StorageClassName: 'fast',
      Status: 'Bound',
      ClaimRef: 'data',
      ClaimNamespace: 'shop',
    },
  ],
  [
    storageClassKind,
    object({ metadata: { namespace: undefined }, provisioner: 'ebs' }),
    { Provisioner: 'ebs', VolumeBindingMode: 'Immediate', IsDefault: false },
  ],
])('shows the fields of Skydive: %#', (definition, item, expected) => {
  expect(observe(definition, item).properties).toMatchObject(expected);
});
