import { Scenario } from './scenario';
import { SET, WELL, pendingClaim, waitingSet } from './templateClaims';
import * as t from './templates';

export const provisioningScenarios: readonly Scenario[] = [
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
];
