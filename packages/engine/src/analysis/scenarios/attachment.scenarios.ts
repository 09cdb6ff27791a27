import { Scenario } from './scenario';
import * as t from './templates';

const VOLUME = 'pv-data';

function multiAttach(
  more = "Volume is already exclusively attached to one node and can't be attached to another",
): string {
  return `Multi-Attach error for volume "${VOLUME}" ${more}`;
}

function attachment(
  node: string,
  status: object,
  options: { volume?: string; driver?: string; age?: number } = {},
): t.Objects {
  const { volume = VOLUME, driver = 'csi.example.com', age } = options;
  return t.object(
    'storage.k8s.io/v1',
    'VolumeAttachment',
    `csi-${volume}-${node}`,
    {
      age,
      spec: {
        attacher: driver,
        nodeName: node,
        source: { persistentVolumeName: volume },
      },
      status,
    },
  );
}

const USES_CLAIM = {
  volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }],
};

const STORAGE: t.Objects = [
  t.claim('shop/data'),
  t.volume(VOLUME, { claim: 'shop/data' }),
  t.storageClass('standard'),
  t.object('storage.k8s.io/v1', 'CSIDriver', 'csi.example.com', { spec: {} }),
];

function csiNodes(drivers: (node: string) => readonly object[]): t.Objects {
  return ['node-1', 'node-2', 'node-3'].map(name =>
    t.object('storage.k8s.io/v1', 'CSINode', name, {
      spec: { drivers: drivers(name) },
    }),
  );
}

const EBS = 'ebs.csi.aws.com';
const ebs = (count?: number) => [
  {
    name: EBS,
    nodeID: 'i-1',
    topologyKeys: ['topology.kubernetes.io/zone'],
    ...(count !== undefined && { allocatable: { count } }),
  },
];

export const attachmentScenarios: readonly Scenario[] = [
  {
    id: 'S069',
    fault:
      'a node is lost with a volume, and the pod was forced to another one',
    objects: t.world(
      STORAGE,
      t.node('node-1'),
      t.node('node-2', { lost: 30 }),
      t.statefulSet('shop/db', {
        replicas: 1,
        template: USES_CLAIM,
        nodes: ['node-1'],
        pods: t.creating('FailedAttachVolume', multiAttach()),
      }),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      attachment('node-2', { attached: true }),
      attachment('node-1', { attached: false }, { age: t.FAULT }),
    ),
    expects: {
      roots: ['Node//node-2'],
      affected: ['StatefulSet/shop/db', 'Pod/shop/db-0'],
      says: ['Multi-Attach'],
    },
  },
  {
    id: 'S069b',
    fault: 'the same, where attachments are not among what is known',
    objects: t.world(
      STORAGE,
      t.node('node-1'),
      t.node('node-2', { lost: 30 }),
      t.deployment('shop/db', {
        replicas: 2,
        template: USES_CLAIM,
        nodes: ['node-2', 'node-1'],
        pods: [
          t.lostWithNode(30),
          t.creating(
            'FailedAttachVolume',
            multiAttach('Volume is already used by pod(s) db-1f6d8c9b1-bks4c'),
          ),
        ],
      }),
    ),
    expects: {
      roots: ['Node//node-2'],
      affected: ['Deployment/shop/db'],
    },
  },
  {
    id: 'S069c',
    fault: 'a pod moved, and its volume has not been let go of yet',
    objects: t.world(
      STORAGE,
      t.statefulSet('shop/db', {
        replicas: 1,
        template: USES_CLAIM,
        nodes: ['node-1'],
        pods: t.creating('FailedAttachVolume', multiAttach(), 3),
      }),
      attachment('node-2', { attached: true }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S070',
    fault: 'no node may have one more volume of the driver',
    objects: t.world(
      t.claim('shop/data', { volume: VOLUME, className: 'gp3' }),
      t.volume(VOLUME, {
        claim: 'shop/data',
        className: 'gp3',
        spec: { csi: { driver: EBS, volumeHandle: 'vol-1' } },
      }),
      t.storageClass('gp3', { provisioner: EBS }),
      csiNodes(() => ebs(2)),
      ['node-1', 'node-2', 'node-3'].flatMap(node =>
        ['a', 'b'].map(name =>
          attachment(
            node,
            { attached: true },
            { volume: `pv-${node}-${name}`, driver: EBS },
          ),
        ),
      ),
      ['node-1', 'node-2', 'node-3'].flatMap(node =>
        ['a', 'b'].map(name =>
          t.volume(`pv-${node}-${name}`, { className: 'gp3' }),
        ),
      ),
      t.statefulSet('shop/db', {
        replicas: 1,
        age: t.FAULT,
        template: USES_CLAIM,
        pods: t.unschedulable(
          '0/3 nodes are available: 3 node(s) exceed max volume count. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
        ),
      }),
    ),
    expects: {
      roots: ['CSINode//node-1', 'CSINode//node-2', 'CSINode//node-3'],
      affected: ['StatefulSet/shop/db'],
      says: ['2 of at most 2', EBS],
    },
  },
  {
    id: 'S071',
    fault: 'the driver may not attach a volume',
    objects: t.world(
      STORAGE,
      t.deployment('shop/db', {
        replicas: 1,
        age: t.FAULT,
        template: USES_CLAIM,
        pods: t.creating(
          'FailedAttachVolume',
          `AttachVolume.Attach failed for volume "${VOLUME}" : rpc error: code = PermissionDenied desc = not authorized to perform ec2:AttachVolume`,
        ),
      }),
      attachment(
        'node-1',
        {
          attached: false,
          attachError: {
            time: t.ago(1),
            message:
              'rpc error: code = PermissionDenied desc = not authorized to perform ec2:AttachVolume',
          },
        },
        { age: t.FAULT },
      ),
    ),
    expects: {
      roots: [`VolumeAttachment//csi-${VOLUME}-node-1`],
      affected: ['Deployment/shop/db'],
      says: ['ec2:AttachVolume', 'csi.example.com'],
    },
  },
  {
    id: 'S072',
    fault: "the driver's pod on one node crashes",
    objects: t.world(
      t.claim('shop/data', { volume: VOLUME, className: 'gp3' }),
      t.volume(VOLUME, {
        claim: 'shop/data',
        className: 'gp3',
        spec: { csi: { driver: EBS, volumeHandle: 'vol-1' } },
      }),
      t.storageClass('gp3', { provisioner: EBS }),
      t.object('storage.k8s.io/v1', 'CSIDriver', EBS, { spec: {} }),
      csiNodes(name => (name === 'node-2' ? [] : ebs())),
      t.daemonSet('kube-system/ebs-csi-node', {
        template: {
          volumes: [
            {
              name: 'plugin-dir',
              hostPath: { path: `/var/lib/kubelet/plugins/${EBS}/` },
            },
          ],
        },
        pods: [t.running, t.crashing(1), t.running],
      }),
      t.deployment('shop/db', {
        replicas: 1,
        age: t.FAULT,
        template: USES_CLAIM,
        nodes: ['node-2'],
        pods: t.mountFails(
          `MountVolume.MountDevice failed for volume "${VOLUME}" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ${EBS} not found in the list of registered CSI drivers`,
        ),
      }),
    ),
    expects: {
      roots: [
        'Pod/kube-system/ebs-csi-node-fpzbl',
        'DaemonSet/kube-system/ebs-csi-node',
      ],
      affected: ['Deployment/shop/db'],
      says: [EBS],
    },
  },
  {
    id: 'S072b',
    fault: "the driver's DaemonSet leaves one node out",
    objects: t.world(
      t.claim('shop/data', { volume: VOLUME, className: 'gp3' }),
      t.volume(VOLUME, {
        claim: 'shop/data',
        className: 'gp3',
        spec: { csi: { driver: EBS, volumeHandle: 'vol-1' } },
      }),
      t.storageClass('gp3', { provisioner: EBS }),
      t.object('storage.k8s.io/v1', 'CSIDriver', EBS, { spec: {} }),
      csiNodes(name => (name === 'node-2' ? [] : ebs())),
      t.daemonSet('kube-system/ebs-csi-node', { nodes: ['node-1', 'node-3'] }),
      t.deployment('shop/db', {
        replicas: 1,
        age: t.FAULT,
        template: USES_CLAIM,
        nodes: ['node-2'],
        pods: t.mountFails(
          `MountVolume.MountDevice failed for volume "${VOLUME}" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ${EBS} not found in the list of registered CSI drivers`,
        ),
      }),
    ),
    expects: {
      roots: ['DaemonSet/kube-system/ebs-csi-node'],
      affected: ['Deployment/shop/db'],
      says: ['no pod on node-2'],
    },
  },
  {
    id: 'S075',
    fault: 'a second Deployment uses a claim that may be on one node only',
    objects: t.world(
      STORAGE,
      t.deployment('shop/first', {
        replicas: 1,
        template: USES_CLAIM,
        nodes: ['node-1'],
      }),
      t.deployment('shop/second', {
        replicas: 1,
        age: t.FAULT,
        template: USES_CLAIM,
        nodes: ['node-2'],
        pods: t.creating('FailedAttachVolume', multiAttach()),
      }),
      attachment('node-1', { attached: true }),
    ),
    expects: {
      roots: ['Deployment/shop/second'],
      faults: ['VolumeShared'],
      affected: ['Pod/shop/second-1f6d8c9b1-bks4c'],
      says: ['claim data', 'Deployment first', 'node-1'],
    },
  },
  {
    id: 'S075b',
    fault:
      'two replicas of one Deployment use a claim that may be on one node only',
    objects: t.world(
      STORAGE,
      t.deployment('shop/first', {
        replicas: 2,
        template: USES_CLAIM,
        nodes: ['node-1', 'node-2'],
        pods: [t.running, t.creating('FailedAttachVolume', multiAttach())],
      }),
      attachment('node-1', { attached: true }),
      attachment('node-2', { attached: false }, { age: t.FAULT }),
    ),
    expects: {
      roots: ['Deployment/shop/first'],
      faults: ['VolumeShared'],
      says: ['Recreate'],
    },
  },
];
