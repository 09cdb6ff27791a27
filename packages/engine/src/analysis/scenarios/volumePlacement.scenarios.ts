import { Scenario } from './scenario';
import { bystanders } from './templateRollout';
import * as t from './templates';

const unplaced = (reasons: string) =>
  t.unschedulable(
    `0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  );
const DATA = {
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
};
const onNode = (name: string) => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: 'kubernetes.io/hostname', operator: 'In', values: [name] },
          ],
        },
      ],
    },
  },
});

/** Volumes that are not where the pods may go. */
export const volumePlacement: readonly Scenario[] = [
  {
    id: 'S038',
    fault:
      'the claim that the template names does not exist; one has nearly its name',
    objects: t.world(
      bystanders(),
      t.storageClass('standard'),
      t.claim('shop/data'),
      t.volume('pv-data', { claim: 'shop/data' }),
      t.statefulSet('shop/cart', {
        replicas: 1,
        template: {
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: 'dta' } },
          ],
        },
        pods: t.unschedulable('persistentvolumeclaim "dta" not found'),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['PersistentVolumeClaim/shop/dta', 'StatefulSet/shop/cart'],
      affected: ['Service/shop/cart'],
      says: ['dta', 'data'],
    },
  },
  {
    id: 'S039',
    fault: 'a local volume is on one node, and the pod must run on another one',
    objects: t.world(
      bystanders(),
      t.storageClass('local', {
        provisioner: 'kubernetes.io/no-provisioner',
        mode: 'WaitForFirstConsumer',
      }),
      t.claim('shop/data', { className: 'local' }),
      t.volume('pv-data', {
        claim: 'shop/data',
        className: 'local',
        spec: onNode('node-1'),
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        template: {
          ...DATA,
          nodeSelector: { 'kubernetes.io/hostname': 'node-2' },
        },
        pods: unplaced(
          "1 node(s) didn't match PersistentVolume's node affinity, 2 node(s) didn't match Pod's node affinity/selector",
        ),
      }),
    ),
    expects: {
      roots: [
        'Deployment/shop/cart',
        'PersistentVolume//pv-data',
        'PersistentVolumeClaim/shop/data',
      ],
      says: ['node-1', 'node-2', 'pv-data'],
    },
  },
  {
    id: 'S039b',
    fault: 'the node of a local volume was removed',
    objects: t.world(
      bystanders(),
      t.storageClass('local', {
        provisioner: 'kubernetes.io/no-provisioner',
        mode: 'WaitForFirstConsumer',
      }),
      t.claim('shop/data', { className: 'local' }),
      t.volume('pv-data', {
        claim: 'shop/data',
        className: 'local',
        spec: onNode('node-7'),
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        template: DATA,
        pods: unplaced('3 node(s) had volume node affinity conflict'),
      }),
    ),
    expects: {
      roots: ['PersistentVolume//pv-data'],
      affected: ['Deployment/shop/cart'],
      says: ['node-7', 'pv-data'],
    },
  },
  {
    id: 'S040',
    fault: 'the volume is in a zone that has no node any more',
    objects: t.world(
      bystanders(),
      ['node-1', 'node-2', 'node-3'].map(name =>
        t.node(name, { zone: 'zone-b' }),
      ),
      t.storageClass('standard'),
      t.claim('shop/data'),
      t.volume('pv-data', {
        claim: 'shop/data',
        labels: { 'topology.kubernetes.io/zone': 'zone-a' },
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        template: DATA,
        pods: unplaced('3 node(s) had no available volume zone'),
      }),
    ),
    expects: {
      roots: ['PersistentVolume//pv-data'],
      affected: ['Deployment/shop/cart'],
      says: ['zone-a', 'zone-b'],
    },
  },
  {
    id: 'S040b',
    fault: 'the only node of the zone of a volume is cordoned',
    objects: t.world(
      bystanders(),
      t.node('node-1', { zone: 'zone-a', cordoned: true }),
      t.node('node-2', { zone: 'zone-b' }),
      t.node('node-3', { zone: 'zone-b' }),
      t.storageClass('standard'),
      t.claim('shop/data'),
      t.volume('pv-data', {
        claim: 'shop/data',
        labels: { 'topology.kubernetes.io/zone': 'zone-a' },
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        template: DATA,
        pods: unplaced(
          '1 node(s) were unschedulable, 2 node(s) had no available volume zone',
        ),
      }),
    ),
    expects: {
      roots: ['Node//node-1'],
      affected: ['Deployment/shop/cart'],
      says: ['zone-a', 'uncordon'],
    },
  },
];
