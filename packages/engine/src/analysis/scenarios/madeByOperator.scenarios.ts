import { Scenario } from './scenario';
import * as t from './templates';

const CLUSTER = t.object('pingcap.com/v1alpha1', 'TidbCluster', 'shop/basic', {
  spec: { tikv: { storageClassName: 'fast-ssd', replicas: 3 } },
  status: t.readyStatus('False', 'Unready', 'tikv is not up yet'),
});

function tikv(options: t.WorkloadOptions): t.Objects {
  return [
    t.definition('pingcap.com', 'TidbCluster', 'tidbclusters'),
    CLUSTER,
    t.statefulSet('shop/basic-tikv', {
      age: t.FAULT,
      replicas: 3,
      created: 1,
      owner: CLUSTER,
      spec: {
        volumeClaimTemplates: [
          { metadata: { name: 'tikv' }, spec: { accessModes: [] } },
        ],
      },
      template: {
        volumes: [
          {
            name: 'tikv',
            persistentVolumeClaim: { claimName: 'tikv-basic-tikv-0' },
          },
        ],
      },
      ...options,
    }),
  ];
}

const UNKNOWN_CLASS = t.claim('shop/tikv-basic-tikv-0', {
  phase: 'Pending',
  age: t.FAULT,
  className: 'fast-ssd',
});

export const madeByOperatorScenarios: readonly Scenario[] = [
  {
    id: 'S060',
    fault: 'a custom resource names a storage class that does not exist',
    objects: t.world(
      tikv({
        pods: t.unschedulable(
          '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
        ),
      }),
      UNKNOWN_CLASS,
      t.event(
        UNKNOWN_CLASS,
        'ProvisioningFailed',
        'storageclass.storage.k8s.io "fast-ssd" not found',
        { component: 'persistentvolume-controller' },
      ),
      t.storageClass('standard'),
    ),
    expects: {
      roots: ['TidbCluster/shop/basic'],
      affected: [
        'StatefulSet/shop/basic-tikv',
        'PersistentVolumeClaim/shop/tikv-basic-tikv-0',
      ],
      says: ['fast-ssd'],
    },
  },
  {
    id: 'S060b',
    fault: 'a custom resource asks for a node that does not exist',
    objects: t.world(
      tikv({
        template: { nodeSelector: { disk: 'nvme' } },
        pods: t.unschedulable(
          "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
        ),
      }),
    ),
    expects: {
      roots: ['TidbCluster/shop/basic', 'StatefulSet/shop/basic-tikv'],
      affected: ['Pod/shop/basic-tikv-0'],
      says: ['disk'],
    },
  },
];
