import { Scenario } from './scenario';
import { SET, WELL, pendingClaim, waitingSet } from './templateClaims';
import * as t from './templates';

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
    id: 'S063e',
    fault: 'a claim asks for a volume by name that another claim has',
    objects: t.world(
      WELL,
      waitingSet(),
      pendingClaim('shop/data-db-0', { volume: 'pv-taken' }),
      t.claim('shop/other', { volume: 'pv-taken' }),
      t.volume('pv-taken', { claim: 'shop/other' }),
      t.deployment('shop/other', {
        replicas: 1,
        template: {
          volumes: [
            { name: 'd', persistentVolumeClaim: { claimName: 'other' } },
          ],
        },
      }),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/data-db-0'],
      affected: SET,
      says: ['pv-taken', 'shop/other'],
    },
  },
  {
    id: 'S063f',
    fault: 'a claim is to be filled from a snapshot that does not exist',
    objects: t.world(
      WELL,
      waitingSet(),
      t.definition(
        'snapshot.storage.k8s.io',
        'VolumeSnapshot',
        'volumesnapshots',
      ),
      pendingClaim(
        'shop/data-db-0',
        {
          spec: {
            dataSource: {
              apiGroup: 'snapshot.storage.k8s.io',
              kind: 'VolumeSnapshot',
              name: 'nightly',
            },
          },
        },
        'ProvisioningFailed',
        'failed to provision volume with StorageClass "standard": error getting handle for DataSource Type VolumeSnapshot by Name nightly: error getting snapshot nightly from api server: volumesnapshots.snapshot.storage.k8s.io "nightly" not found',
      ),
    ),
    expects: {
      roots: ['VolumeSnapshot/shop/nightly'],
      affected: [...SET, 'PersistentVolumeClaim/shop/data-db-0'],
    },
  },
];
