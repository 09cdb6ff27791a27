import {
  MINUTES,
  NOW,
  ago,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { csiDriverKind, drivenBy } from './csiDriver';
import { csiNodeKind } from './csiNode';
import { csiStorageCapacityKind } from './csiStorageCapacity';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
} from './kindDefinition';
import { persistentVolumeKind } from './persistentVolume';
import { persistentVolumeClaimKind } from './persistentVolumeClaim';
import { Observation } from './observation';
import { storageClassKind } from './storageClass';
import { volumeAttachmentKind } from './volumeAttachment';
import { volumeAttributesClassKind } from './volumeAttributesClass';
import { volumeSnapshotKind } from './volumeSnapshot';
import {
  volumeSnapshotClassKind,
  volumeSnapshotContentKind,
} from './volumeSnapshotClass';

const clusterScoped = (parts: Parameters<typeof object>[0] = {}) =>
  object({ ...parts, metadata: { namespace: undefined, ...parts.metadata } });

const attachment = (status = {}, metadata = {}, spec = {}) =>
  clusterScoped({
    metadata: { name: 'csi-1', creationTimestamp: ago(600), ...metadata },
    spec: {
      attacher: 'ebs.csi.aws.com',
      nodeName: 'node-1',
      source: { persistentVolumeName: 'pv-1' },
      ...spec,
    },
    status,
  });

const volume = (spec = {}, phase = 'Bound') =>
  clusterScoped({
    metadata: { name: 'pv-1' },
    spec: { accessModes: ['ReadWriteOnce'], ...spec },
    status: { phase },
  });

const claim = (spec = {}, status = {}) =>
  object({
    metadata: { name: 'data' },
    spec,
    status: { phase: 'Bound', ...status },
  });

const snapshot = (status = {}) =>
  object({
    metadata: { name: 'nightly' },
    spec: {
      volumeSnapshotClassName: 'fast',
      source: { persistentVolumeClaimName: 'data' },
    },
    status,
  });

const FAILED = { error: { message: 'rpc error: no quota', time: ago(3) } };

describe('the verdict on', () => {
  it.each<[string, KindDefinition, KubernetesObject, string]>([
    ['a driver', csiDriverKind, clusterScoped(), 'ok Exists'],
    ['a CSINode', csiNodeKind, clusterScoped(), 'ok Exists'],
    ['a capacity', csiStorageCapacityKind, object(), 'ok Exists'],
    [
      'a class of attributes',
      volumeAttributesClassKind,
      clusterScoped(),
      'ok Exists',
    ],
    [
      'an attachment that stands',
      volumeAttachmentKind,
      attachment({ attached: true }),
      'ok Attached',
    ],
    [
      'an attachment under way',
      volumeAttachmentKind,
      attachment({ attached: false }),
      'progressing Attaching H110',
    ],
    [
      'an attachment that fails',
      volumeAttachmentKind,
      attachment({
        attached: false,
        attachError: { message: 'no such disk', time: ago(3) },
      }),
      'down AttachError H110',
    ],
    [
      'an attachment that goes',
      volumeAttachmentKind,
      attachment({ attached: true }, { deletionTimestamp: ago(60) }),
      'terminating Terminating > 240: degraded StuckTerminating',
    ],
    [
      'an attachment that cannot go',
      volumeAttachmentKind,
      attachment(
        { attached: true, detachError: { message: 'busy', time: ago(3) } },
        { deletionTimestamp: ago(60) },
      ),
      'degraded DetachError H110',
    ],
    [
      'a snapshot that is taken',
      volumeSnapshotKind,
      snapshot({ readyToUse: true }),
      'ok ReadyToUse',
    ],
    [
      'a snapshot under way',
      volumeSnapshotKind,
      snapshot({ readyToUse: false }),
      'progressing Snapshotting H114',
    ],
    [
      'a snapshot that fails',
      volumeSnapshotKind,
      snapshot({ readyToUse: false, ...FAILED }),
      'down SnapshotError H114',
    ],
    [
      'a taken snapshot with an error later on',
      volumeSnapshotKind,
      snapshot({ readyToUse: true, ...FAILED }),
      'degraded SnapshotError H114',
    ],
    [
      'the content of one that fails',
      volumeSnapshotContentKind,
      clusterScoped({ spec: {}, status: FAILED }),
      'down SnapshotError H114',
    ],
    [
      'a class of snapshots',
      volumeSnapshotClassKind,
      clusterScoped(),
      'ok Exists',
    ],
  ])('%s', (_, definition, item, expected) => {
    expect(verdictText(observe(definition, item).verdict)).toBe(expected);
  });

  it.each([
    [
      'an attachment',
      volumeAttachmentKind,
      (secondsAgo: number) =>
        attachment({ attachError: { message: 'm', time: ago(secondsAgo) } }),
    ],
    [
      'a snapshot',
      volumeSnapshotKind,
      (secondsAgo: number) =>
        snapshot({ error: { message: 'm', time: ago(secondsAgo) } }),
    ],
  ])('%s is the same at each try that fails', (_, definition, tried) => {
    expect(observe(definition, tried(1))).toEqual(
      observe(definition, tried(90)),
    );
  });
});

describe('with its neighbours in view', () => {
  const attached = (name: string, node: string, facts = {}) =>
    neighbour('VolumeAttachment', name, 'ok', {
      node,
      attached: true,
      ...facts,
    });
  const late: ContextNode = {
    ...neighbour('VolumeAttachment', 'csi-1', 'progressing', {
      attacher: 'ebs.csi.aws.com',
    }),
    createdAt: NOW - 10 * MINUTES,
  };
  const csiNode = (...drivers: string[]) =>
    clusterScoped({
      metadata: { name: 'node-1' },
      spec: { drivers: drivers.map(name => ({ name, nodeID: 'i-1' })) },
    });
  const ready = neighbour('Node', 'node-1', 'ok', { ready: 'True' });
  const missing = neighbour('CSIDriver', 'ebs', 'missing');
  const waiting = neighbour('PersistentVolumeClaim', 'data', 'degraded', {
    phase: 'Pending',
  });

  it.each<
    [
      string,
      KindDefinition,
      KubernetesObject,
      Parameters<typeof judged>[2],
      string,
    ]
  >([
    [
      'a volume for one node on two (H111)',
      persistentVolumeKind,
      volume(),
      {
        'volumeattachment-persistentvolume in': [
          attached('a', 'node-1'),
          attached('b', 'node-2', { attached: false }),
        ],
      },
      'down MultiAttach H111',
    ],
    [
      'a volume that moves from one node to the other',
      persistentVolumeKind,
      volume(),
      {
        'volumeattachment-persistentvolume in': [
          attached('a', 'node-1', { leaving: true }),
          attached('b', 'node-2'),
        ],
      },
      'keeps its own',
    ],
    [
      'a volume for many nodes',
      persistentVolumeKind,
      volume({ accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }),
      {
        'volumeattachment-persistentvolume in': [
          attached('a', 'node-1'),
          attached('b', 'node-2'),
        ],
      },
      'keeps its own',
    ],
    [
      'the attachment that waits for such a volume (H111)',
      volumeAttachmentKind,
      attachment({ attached: false }),
      {
        'volumeattachment-persistentvolume out': [
          {
            ...neighbour('PersistentVolume', 'pv-1', 'down'),
            own: { level: 'ok', reason: 'Bound', evidence: [] },
          },
        ],
      },
      'down MultiAttach H111',
    ],
    [
      'the attachment that has it',
      volumeAttachmentKind,
      attachment({ attached: true }),
      {
        'volumeattachment-persistentvolume out': [
          {
            ...neighbour('PersistentVolume', 'pv-1', 'down'),
            own: { level: 'ok', reason: 'Bound', evidence: [] },
          },
        ],
      },
      'keeps its own',
    ],
    [
      'a node without the driver of a volume that is to be attached (H113)',
      csiNodeKind,
      csiNode('efs.csi.aws.com'),
      { 'volumeattachment-csinode in': [late], 'csinode-node out': [ready] },
      'ok Exists > -300: degraded DriverNotRegistered H113',
    ],
    [
      'the same node just now',
      csiNodeKind,
      csiNode('efs.csi.aws.com'),
      {
        'volumeattachment-csinode in': [{ ...late, createdAt: NOW - MINUTES }],
        'csinode-node out': [ready],
      },
      'ok Exists > 240: degraded DriverNotRegistered H113',
    ],
    [
      'the same node while it is down itself',
      csiNodeKind,
      csiNode('efs.csi.aws.com'),
      {
        'volumeattachment-csinode in': [late],
        'csinode-node out': [
          neighbour('Node', 'node-1', 'down', { ready: 'Unknown' }),
        ],
      },
      'keeps its own',
    ],
    [
      'a node with the driver',
      csiNodeKind,
      csiNode('ebs.csi.aws.com'),
      { 'volumeattachment-csinode in': [late], 'csinode-node out': [ready] },
      'keeps its own',
    ],
    [
      'a class without a driver, and a claim waits (H112)',
      storageClassKind,
      clusterScoped({ provisioner: 'ebs' }),
      {
        'storageclass-csidriver out': [missing],
        'storageclass-persistentvolumeclaim out': [waiting],
      },
      'degraded DriverMissing H112',
    ],
    [
      'a class without a driver, and no claim waits',
      storageClassKind,
      clusterScoped({ provisioner: 'ebs' }),
      { 'storageclass-csidriver out': [missing] },
      'keeps its own',
    ],
    [
      'a class whose drivers may not be read',
      storageClassKind,
      clusterScoped({ provisioner: 'ebs' }),
      {
        'storageclass-csidriver out': [
          neighbour('CSIDriver', 'ebs', 'unknown'),
        ],
        'storageclass-persistentvolumeclaim out': [waiting],
      },
      'keeps its own',
    ],
    [
      'a claim that nothing uses (H105)',
      persistentVolumeClaimKind,
      claim(),
      {},
      'idle Unused H105',
    ],
    [
      'a claim of a StatefulSet whose pod is away for a moment',
      persistentVolumeClaimKind,
      claim(),
      {
        'statefulset-persistentvolumeclaim in': [
          neighbour('StatefulSet', 'db', 'ok'),
        ],
      },
      'keeps its own',
    ],
  ])('%s', (_, definition, item, around, expected) => {
    expect(verdictText(judged(definition, item, around))).toBe(expected);
  });
});

/** `relation end namespace/name`, `!` where it is required; without containment. */
function edges({ references, selectors }: Observation): string[] {
  return [
    ...references
      .filter(({ relation }) => !/^(cluster|namespace)-/.test(relation))
      .map(
        ({ relation, end, other, required }) =>
          `${relation} ${end} ${other.namespace}/${other.name}${
            required ? '!' : ''
          }`,
      ),
    ...selectors.map(
      ({ relation, selector }) => `${relation} ${JSON.stringify(selector)}`,
    ),
  ];
}

const term = (key: string, ...values: string[]) => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key, operator: 'In', values }] },
      ],
    },
  },
});

it.each<[string, KindDefinition, KubernetesObject, string[]]>([
  [
    'R044: a volume that is kept for a claim',
    persistentVolumeKind,
    volume({ claimRef: { namespace: 'shop', name: 'data' } }, 'Available'),
    ['persistentvolumeclaim-persistentvolume target shop/data'],
  ],
  [
    'R044: a volume whose claim is gone',
    persistentVolumeKind,
    volume({ claimRef: { namespace: 'shop', name: 'data' } }, 'Released'),
    [],
  ],
  [
    'R046: a claim that changes its attributes',
    persistentVolumeClaimKind,
    claim(
      { volumeAttributesClassName: 'gold' },
      { currentVolumeAttributesClassName: 'silver' },
    ),
    [
      'persistentvolumeclaim-volumeattributesclass source /gold!',
      'persistentvolumeclaim-volumeattributesclass source /silver',
    ],
  ],
  [
    'R046: a volume and its attributes',
    persistentVolumeKind,
    volume({ volumeAttributesClassName: 'gold' }),
    ['persistentvolume-volumeattributesclass source /gold'],
  ],
  [
    'R046: a class of attributes',
    volumeAttributesClassKind,
    clusterScoped({ driverName: 'ebs.csi.aws.com' }),
    ['volumeattributesclass-csidriver source /ebs.csi.aws.com'],
  ],
  [
    'R047: a claim from a snapshot',
    persistentVolumeClaimKind,
    claim(
      {
        dataSourceRef: {
          apiGroup: 'snapshot.storage.k8s.io',
          kind: 'VolumeSnapshot',
          name: 'nightly',
        },
      },
      { phase: 'Pending' },
    ),
    ['persistentvolumeclaim-datasource source shop/nightly!'],
  ],
  [
    'R047: a bound claim from a claim of another namespace',
    persistentVolumeClaimKind,
    claim({
      dataSourceRef: {
        kind: 'PersistentVolumeClaim',
        name: 'seed',
        namespace: 'seeds',
      },
    }),
    ['persistentvolumeclaim-datasource source seeds/seed'],
  ],
  [
    'R049: a volume of a driver',
    persistentVolumeKind,
    volume({ csi: { driver: 'ebs.csi.aws.com' } }),
    ['persistentvolume-csidriver source /ebs.csi.aws.com'],
  ],
  [
    'R051: a volume on one of two nodes',
    persistentVolumeKind,
    volume(term('topology.hostpath.csi/node', 'n1', 'n2')),
    [
      'persistentvolume-node [{"key":"topology.hostpath.csi/node","operator":"In","values":["n1","n2"]}]',
    ],
  ],
  [
    'R051: a volume of a zone, which names no node',
    persistentVolumeKind,
    volume(term('topology.kubernetes.io/zone', 'a')),
    [],
  ],
  [
    'R051: a volume that names its node',
    persistentVolumeKind,
    volume({
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchFields: [
                { key: 'metadata.name', operator: 'In', values: ['n1'] },
              ],
            },
          ],
        },
      },
    }),
    ['persistentvolume-node source /n1!'],
  ],
  [
    'R052, R053: a class with its driver and Secret',
    storageClassKind,
    clusterScoped({
      provisioner: 'ebs.csi.aws.com',
      parameters: {
        'csi.storage.k8s.io/provisioner-secret-name': 'key',
        'csi.storage.k8s.io/provisioner-secret-namespace': 'storage',
        'csi.storage.k8s.io/node-stage-secret-name': '${pvc.name}',
        'csi.storage.k8s.io/node-stage-secret-namespace': '${pvc.namespace}',
        type: 'gp3',
      },
    }),
    [
      'storageclass-csidriver source /ebs.csi.aws.com',
      'storageclass-secret source storage/key!',
    ],
  ],
  [
    'R052: a class that is built in',
    storageClassKind,
    clusterScoped({ provisioner: 'kubernetes.io/no-provisioner' }),
    [],
  ],
  [
    'R055, R056: a CSINode',
    csiNodeKind,
    clusterScoped({
      metadata: { name: 'node-1' },
      spec: { drivers: [{ name: 'ebs.csi.aws.com', nodeID: 'i-1' }] },
    }),
    [
      'csinode-node source /node-1!',
      'csinode-csidriver source /ebs.csi.aws.com',
    ],
  ],
  [
    'R057: the capacity of a class on a node',
    csiStorageCapacityKind,
    object({
      storageClassName: 'fast',
      nodeTopology: { matchLabels: { 'topology.topolvm.io/node': 'n1' } },
    }),
    [
      'csistoragecapacity-storageclass source /fast',
      'csistoragecapacity-node [{"key":"topology.topolvm.io/node","operator":"In","values":["n1"]}]',
    ],
  ],
  [
    'R058, R059, R060: an attachment',
    volumeAttachmentKind,
    attachment(),
    [
      'volumeattachment-persistentvolume source /pv-1!',
      'volumeattachment-node source /node-1!',
      'volumeattachment-csinode source /node-1',
      'volumeattachment-csidriver source /ebs.csi.aws.com',
    ],
  ],
  [
    'R058: an attachment of a volume that stands in the pod',
    volumeAttachmentKind,
    attachment(
      {},
      {},
      {
        source: { inlineVolumeSpec: { csi: { driver: 'other.csi' } } },
      },
    ),
    [
      'volumeattachment-node source /node-1!',
      'volumeattachment-csinode source /node-1',
      'volumeattachment-csidriver source /ebs.csi.aws.com',
      'volumeattachment-csidriver source /other.csi',
    ],
  ],
  [
    'R061: a snapshot in the making',
    volumeSnapshotKind,
    snapshot(),
    [
      'volumesnapshot-persistentvolumeclaim source shop/data!',
      'volumesnapshot-volumesnapshotclass source /fast!',
    ],
  ],
  [
    'R061: a snapshot that is taken, and needs its source no more',
    volumeSnapshotKind,
    snapshot({ readyToUse: true, boundVolumeSnapshotContentName: 'c1' }),
    [
      'volumesnapshot-persistentvolumeclaim source shop/data',
      'volumesnapshot-volumesnapshotcontent source /c1!',
      'volumesnapshot-volumesnapshotclass source /fast',
    ],
  ],
  [
    'R061: the content of a snapshot',
    volumeSnapshotContentKind,
    clusterScoped({
      spec: { driver: 'ebs.csi.aws.com', volumeSnapshotClassName: 'fast' },
    }),
    [
      'volumesnapshotcontent-csidriver source /ebs.csi.aws.com',
      'volumesnapshotcontent-volumesnapshotclass source /fast',
    ],
  ],
  [
    'R061: a class of snapshots with its Secret',
    volumeSnapshotClassKind,
    clusterScoped({
      driver: 'ebs.csi.aws.com',
      parameters: {
        'csi.storage.k8s.io/snapshotter-secret-name': 'key',
        'csi.storage.k8s.io/snapshotter-secret-namespace': 'storage',
      },
    }),
    [
      'volumesnapshotclass-csidriver source /ebs.csi.aws.com',
      'volumesnapshotclass-secret source storage/key!',
    ],
  ],
])('%s', (_, definition, item, expected) => {
  expect(edges(observe(definition, item))).toEqual(expected);
});

it('takes the kind of a data source as it stands there', () => {
  const { references } = observe(
    persistentVolumeClaimKind,
    claim({
      dataSource: {
        apiGroup: 'populator.example.com',
        kind: 'Archive',
        name: 'a',
      },
    }),
  );
  expect(
    references.find(({ relation }) => relation.endsWith('datasource'))?.other,
  ).toEqual({
    kind: { group: 'populator.example.com', kind: 'Archive' },
    namespace: 'shop',
    name: 'a',
  });
});

it.each([
  ['/var/lib/kubelet/plugins/ebs.csi.aws.com/', ['/ebs.csi.aws.com']],
  ['/var/lib/kubelet/plugins/ebs.csi.aws.com', ['/ebs.csi.aws.com']],
  ['/var/lib/kubelet/plugins_registry', []],
  ['/var/lib/kubelet', []],
])(
  'tells a driver from the folder of its socket (R054): %s',
  (path, drivers) => {
    const spec = { volumes: [{ name: 'v', hostPath: { path } }] };
    expect(
      drivenBy('daemonset', spec).map(
        ({ relation, end, other, required }) =>
          `${relation} ${end} ${other.namespace}/${other.name} ${required}`,
      ),
    ).toEqual(drivers.map(name => `csidriver-daemonset target ${name} false`));
  },
);
