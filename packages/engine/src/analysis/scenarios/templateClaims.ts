import * as t from './templates';

/** The scheduler's words while a claim is not bound. */
const UNBOUND =
  '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';

/** `web-0` of a StatefulSet waits for its claim; the others are not made before. */
export function waitingSet(parts: t.WorkloadOptions = {}): t.Objects {
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
export function pendingClaim(
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

/** Storage that works, and a workload that uses it. */
export const WELL = [
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

/** Who suffers. */
export const SET = ['StatefulSet/shop/db', 'Pod/shop/db-0'];
