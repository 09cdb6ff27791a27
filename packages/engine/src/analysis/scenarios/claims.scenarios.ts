import { Scenario } from './scenario';
import { SET, WELL, pendingClaim, waitingSet } from './templateClaims';
import * as t from './templates';

export const claimScenarios: readonly Scenario[] = [
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
