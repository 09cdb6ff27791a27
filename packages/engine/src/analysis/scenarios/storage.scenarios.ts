import { Scenario } from './scenario';
import * as t from './templates';

const UNBOUND =
  '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';

/** `web-0` of a StatefulSet waits for its claim; the others are not made before. */
function waitingSet(parts: t.WorkloadOptions = {}): t.Objects {
  return [
    t.statefulSet('shop/db', {
      age: t.FAULT,
      replicas: 3,
      created: 1,
      template: {
        volumes: [
          { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
        ],
      },
      spec: {
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'] },
          },
        ],
      },
      pods: t.unschedulable(UNBOUND),
      ...parts,
    }),
    t.service('shop/db', { spec: { clusterIP: 'None' } }),
  ];
}

/** A claim that is not bound, and what the binder says of it. */
function pendingClaim(
  reference: string,
  parts: t.ClaimOptions,
  reason?: string,
  message = '',
  type: 'Normal' | 'Warning' = 'Warning',
): t.Objects {
  const claim = t.claim(reference, {
    phase: 'Pending',
    age: t.FAULT,
    ...parts,
  });
  return [
    claim,
    reason
      ? t.event(claim, reason, message, {
          type,
          component: 'persistentvolume-controller',
        })
      : [],
  ];
}

const WELL = [
  t.claim('shop/well'),
  t.volume('pv-well', { claim: 'shop/well' }),
  t.storageClass('standard', { isDefault: true }),
  t.object('storage.k8s.io/v1', 'CSIDriver', 'csi.example.com', { spec: {} }),
  t.deployment('shop/well', {
    replicas: 1,
    template: {
      volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'well' } }],
    },
  }),
];

const SET = ['StatefulSet/shop/db', 'Pod/shop/db-0'];

export const bindingScenarios: readonly Scenario[] = [
  {
    id: 'S062',
    fault: 'a StatefulSet names a storage class that does not exist',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { className: 'fast' },
        'ProvisioningFailed',
        'storageclass.storage.k8s.io "fast" not found',
      ),
      t.storageClass('fats'),
    ),
    expects: {
      roots: ['StorageClass//fast'],
      affected: [...SET, 'PersistentVolumeClaim/shop/data-db-0'],
      says: ['fast', 'fats does: a typo?'],
    },
  },
  {
    id: 'S063',
    fault:
      'a claim has no class, there is no default one, and no volume is free',
    objects: t.world(
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { spec: { storageClassName: undefined } },
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
        'Normal',
      ),
      t.storageClass('standard'),
      t.volume('pv-small', { className: '', size: '1Gi' }),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/data-db-0'],
      affected: SET,
      says: ['pv-small', '1Gi', 'no default'],
    },
  },
  {
    id: 'S063b',
    fault: 'no volume of the class that is bound by hand is large enough',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { className: 'manual', size: '20Gi' },
        'ProvisioningFailed',
        'storageclass.storage.k8s.io "manual" not found',
      ),
      t.volume('pv-a', { className: 'manual', size: '10Gi' }),
      t.volume('pv-b', {
        className: 'manual',
        modes: ['ReadOnlyMany'],
        size: '30Gi',
      }),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/data-db-0'],
      affected: SET,
      says: ['pv-a offers 10Gi', 'pv-b allows ReadOnlyMany'],
    },
  },
  {
    id: 'S063c',
    fault: 'the only volume of a local class is on a node that is lost',
    objects: t.world(
      t.node('node-1', { lost: 30 }),
      t.node('node-2'),
      waitingSet({
        pods: t.unschedulable(
          "0/2 nodes are available: 1 node(s) didn't find available persistent volumes to bind, 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
        ),
      }),
      pendingClaim('shop/data-db-0', { className: 'local' }),
      t.storageClass('local', {
        provisioner: 'kubernetes.io/no-provisioner',
        mode: 'WaitForFirstConsumer',
      }),
      t.volume('pv-local', {
        className: 'local',
        spec: {
          csi: undefined,
          local: { path: '/mnt/a' },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    {
                      key: 'kubernetes.io/hostname',
                      operator: 'In',
                      values: ['node-1'],
                    },
                  ],
                },
              ],
            },
          },
        },
      }),
    ),
    expects: { roots: ['Node//node-1'], affected: SET },
  },
  {
    id: 'S063d',
    fault: 'no volume of a local class is large enough',
    objects: t.world(
      waitingSet({
        pods: t.unschedulable(
          "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
        ),
      }),
      pendingClaim('shop/data-db-0', { className: 'local' }),
      t.storageClass('local', {
        provisioner: 'kubernetes.io/no-provisioner',
        mode: 'WaitForFirstConsumer',
      }),
      t.volume('pv-local', { className: 'local', size: '5Gi' }),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/data-db-0'],
      affected: ['StatefulSet/shop/db'],
      says: ['pv-local offers 5Gi'],
    },
  },
  {
    id: 'S064',
    fault: 'the controller of the provisioner was scaled to zero',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { className: 'gp3' },
        'ExternalProvisioning',
        'Waiting for a volume to be created either by the external provisioner "ebs.csi.aws.com" or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.',
        'Normal',
      ),
      t.storageClass('gp3', { provisioner: 'ebs.csi.aws.com' }),
      t.object('storage.k8s.io/v1', 'CSIDriver', 'ebs.csi.aws.com', {
        spec: {},
      }),
      t.deployment('kube-system/ebs-csi-controller', { replicas: 0 }),
      t.daemonSet('kube-system/ebs-csi-node'),
      t.deployment('kube-system/efs-csi-controller', { replicas: 0 }),
    ),
    expects: {
      roots: ['Deployment/kube-system/ebs-csi-controller'],
      affected: [...SET, 'PersistentVolumeClaim/shop/data-db-0'],
      says: ['ebs.csi.aws.com', 'kubectl scale'],
    },
  },
  {
    id: 'S064b',
    fault: 'the provisioner was never installed',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { className: 'gp3' },
        'ExternalProvisioning',
        'Waiting for a volume to be created either by the external provisioner "ebs.csi.aws.com" or manually by the system administrator.',
        'Normal',
      ),
      t.storageClass('gp3', { provisioner: 'ebs.csi.aws.com' }),
    ),
    expects: {
      roots: ['CSIDriver//ebs.csi.aws.com'],
      affected: [...SET, 'PersistentVolumeClaim/shop/data-db-0'],
    },
  },
  {
    id: 'S064c',
    fault: 'the provisioner runs and does not answer',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { className: 'gp3' },
        'ExternalProvisioning',
        'Waiting for a volume to be created either by the external provisioner "ebs.csi.aws.com" or manually by the system administrator.',
        'Normal',
      ),
      t.storageClass('gp3', { provisioner: 'ebs.csi.aws.com' }),
      t.object('storage.k8s.io/v1', 'CSIDriver', 'ebs.csi.aws.com', {
        spec: {},
      }),
      t.deployment('kube-system/ebs-csi-controller'),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S065',
    fault: 'the cloud refuses to make more volumes',
    objects: t.world(
      WELL,
      waitingSet(),
      ['data-db-0', 'other'].map(name =>
        pendingClaim(
          `shop/${name}`,
          { className: 'gp3' },
          'ProvisioningFailed',
          'failed to provision volume with StorageClass "gp3": rpc error: code = ResourceExhausted desc = volume limit of the account reached',
        ),
      ),
      t.storageClass('gp3', { provisioner: 'ebs.csi.aws.com' }),
      t.object('storage.k8s.io/v1', 'CSIDriver', 'ebs.csi.aws.com', {
        spec: {},
      }),
    ),
    expects: {
      roots: ['StorageClass//gp3'],
      affected: [...SET, 'PersistentVolumeClaim/shop/other'],
      says: ['ResourceExhausted', 'volume limit of the account'],
    },
  },
  {
    id: 'S065b',
    fault: 'a claim asks for a size that the driver cannot make',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { className: 'gp3', size: '100Ti' },
        'ProvisioningFailed',
        'failed to provision volume with StorageClass "gp3": rpc error: code = OutOfRange desc = requested size exceeds the maximum',
      ),
      t.storageClass('gp3', { provisioner: 'ebs.csi.aws.com' }),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/data-db-0'],
      affected: SET,
      says: ['OutOfRange'],
    },
  },
  {
    id: 'S066',
    fault: 'a claim waits for its first consumer (C05)',
    objects: t.world(
      WELL,
      pendingClaim(
        'shop/data',
        { className: 'late' },
        'WaitForFirstConsumer',
        'waiting for first consumer to be created before binding',
        'Normal',
      ),
      t.storageClass('late', { mode: 'WaitForFirstConsumer' }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S067',
    fault: 'a volume was deleted while it was bound',
    objects: t.world(
      WELL,
      t.claim('shop/data-db-0', { phase: 'Lost' }),
      waitingSet({
        pods: t.unschedulable(
          '0/3 nodes are available: 3 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s). preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
        ),
      }),
    ),
    expects: {
      roots: ['PersistentVolume//pv-data-db-0'],
      affected: [...SET, 'PersistentVolumeClaim/shop/data-db-0'],
    },
  },
  {
    id: 'S068',
    fault:
      'a claim was made anew, and its volume still belongs to the former one',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim(
        'shop/data-db-0',
        { className: 'manual' },
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
        'Normal',
      ),
      t.volume('pv-old', {
        className: 'manual',
        phase: 'Released',
        claim: 'shop/data-db-0',
        claimUid: 'uid-of-the-former-claim',
      }),
    ),
    expects: {
      roots: ['PersistentVolume//pv-old'],
      affected: [...SET, 'PersistentVolumeClaim/shop/data-db-0'],
      says: ['uid-of-the-former-claim', 'claimRef'],
    },
  },
  {
    id: 'S073',
    fault: 'a driver refuses to make a volume larger',
    objects: t.world(
      WELL,
      t.claim('shop/data', {
        size: '20Gi',
        conditions: [
          t.condition(
            'ControllerResizeError',
            'True',
            '',
            'failed to expand volume: rpc error: code = InvalidArgument desc = volume type cannot be modified',
          ),
        ],
      }),
      t.volume('pv-data', { claim: 'shop/data' }),
      t.deployment('shop/app', {
        replicas: 1,
        template: {
          volumes: [
            { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
          ],
        },
      }),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/data'],
      says: ['cannot be modified', '20Gi'],
    },
  },
  {
    id: 'S073b',
    fault:
      'a volume is larger, its file system will be when the pod starts anew',
    objects: t.world(
      WELL,
      t.claim('shop/data', {
        size: '20Gi',
        conditions: [
          t.condition(
            'FileSystemResizePending',
            'True',
            '',
            'Waiting for user to (re-)start a pod to finish file system resize of volume on node.',
          ),
        ],
      }),
      t.volume('pv-data', { claim: 'shop/data' }),
      t.deployment('shop/app', {
        replicas: 1,
        template: {
          volumes: [
            { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
          ],
        },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S074',
    fault: 'a claim was deleted while a pod uses it, and a new pod needs it',
    objects: t.world(
      WELL,
      t.claim('shop/data-db-0', {
        metadata: { deletionTimestamp: t.ago(t.FAULT) },
      }),
      t.volume('pv-data-db-0', { claim: 'shop/data-db-0' }),
      waitingSet({
        pods: t.unschedulable(
          '0/3 nodes are available: persistentvolumeclaim "data-db-0" is being deleted. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
        ),
      }),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/data-db-0'],
      faults: ['ClaimBeingDeleted'],
      affected: SET,
    },
  },
  {
    id: 'S074b',
    fault: 'a claim was deleted while a pod uses it, which goes on',
    objects: t.world(
      t.claim('shop/data', {
        metadata: { deletionTimestamp: t.ago(t.FAULT) },
      }),
      t.volume('pv-data', { claim: 'shop/data' }),
      t.storageClass('standard'),
      t.deployment('shop/app', {
        replicas: 1,
        template: {
          volumes: [
            { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
          ],
        },
      }),
    ),
    expects: { nothing: true },
  },
];
