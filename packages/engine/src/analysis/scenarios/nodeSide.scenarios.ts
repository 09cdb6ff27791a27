import { Scenario } from './scenario';
import { bystanders } from './templateRollout';
import * as t from './templates';

const unplaced = (reasons: string) =>
  t.unschedulable(
    `0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  );
const GPU = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };

/** What the nodes do not let in. */
export const nodeSide: readonly Scenario[] = [
  {
    id: 'S032',
    fault: 'the nodes were tainted while pods ran on them',
    objects: t.world(
      bystanders(),
      ['node-1', 'node-2', 'node-3'].map(name =>
        t.node(name, { taints: [GPU] }),
      ),
      t.deployment('shop/cart', {
        replicas: 3,
        pods: [
          t.running,
          t.running,
          unplaced('3 node(s) had untolerated taint {dedicated: gpu}'),
        ],
      }),
    ),
    expects: {
      roots: ['Node//node-1', 'Node//node-2', 'Node//node-3'],
      faults: ['NodeTainted'],
      says: ['dedicated=gpu', '3 nodes'],
    },
  },
  {
    id: 'S032b',
    fault: 'pods are to run on tainted nodes and do not tolerate the taint',
    objects: t.world(
      bystanders(),
      t.node('node-1'),
      t.node('node-2'),
      t.node('node-3', { labels: { pool: 'gpu' }, taints: [GPU] }),
      t.deployment('shop/cart', {
        template: { nodeSelector: { pool: 'gpu' } },
        pods: unplaced(
          "1 node(s) had untolerated taint {dedicated: gpu}, 2 node(s) didn't match Pod's node affinity/selector",
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['TolerationMissing'],
      says: ['dedicated=gpu', 'node-3'],
    },
  },
  {
    id: 'S032c',
    fault: 'the nodes were tainted, and the scheduler does not say with what',
    objects: t.world(
      bystanders(),
      t.node('node-1', {
        taints: [
          {
            key: 'node-role.kubernetes.io/control-plane',
            effect: 'NoSchedule',
          },
        ],
      }),
      t.node('node-2', { taints: [GPU] }),
      t.node('node-3', { taints: [GPU] }),
      t.deployment('shop/cart', {
        replicas: 3,
        nodes: ['node-2', 'node-3'],
        pods: [
          t.running,
          t.running,
          unplaced('3 node(s) had untolerated taint(s)'),
        ],
      }),
    ),
    expects: {
      roots: ['Node//node-2', 'Node//node-3'],
      faults: ['NodeTainted'],
      says: ['dedicated=gpu', '2 nodes'],
    },
  },
  {
    id: 'S032d',
    fault: 'the toleration is of another value than the taint',
    objects: t.world(
      bystanders(),
      t.node('node-1'),
      t.node('node-2'),
      t.node('node-3', { labels: { pool: 'gpu' }, taints: [GPU] }),
      t.deployment('shop/cart', {
        template: {
          nodeSelector: { pool: 'gpu' },
          tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'cpu' }],
        },
        pods: unplaced(
          "1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node affinity/selector",
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['TolerationMissing'],
      says: ['dedicated=gpu', 'node-3'],
    },
  },
  {
    id: 'S032e',
    fault:
      'the only node is lost, and the scheduler does not say with what taint',
    objects: t.world(
      t.node('node-1', { lost: 20 }),
      t.deployment('shop/cart', {
        replicas: 1,
        pods: t.unschedulable(
          '0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
        ),
      }),
    ),
    expects: {
      roots: ['Node//node-1'],
      affected: ['Deployment/shop/cart'],
    },
  },
  {
    id: 'S033',
    fault: 'all nodes are cordoned',
    objects: t.world(
      bystanders(),
      ['node-1', 'node-2', 'node-3'].map(name =>
        t.node(name, { cordoned: true }),
      ),
      t.deployment('shop/cart', {
        replicas: 3,
        pods: [t.running, t.running, unplaced('3 node(s) were unschedulable')],
      }),
    ),
    expects: {
      roots: ['Node//node-1', 'Node//node-2', 'Node//node-3'],
      faults: ['NodesCordoned'],
      affected: ['Deployment/shop/cart'],
      says: ['uncordon', '3 nodes'],
    },
  },
  {
    id: 'S037',
    fault: 'nodes hold as many pods as they may',
    objects: t.world(
      bystanders(),
      ['node-1', 'node-2', 'node-3'].map(name =>
        t.node(name, { allocatable: { pods: '2' } }),
      ),
      t.deployment('shop/cart', {
        replicas: 1,
        pods: unplaced('3 Too many pods'),
      }),
    ),
    expects: {
      roots: ['Node//node-1', 'Node//node-2', 'Node//node-3'],
      faults: ['TooManyPods'],
      affected: ['Deployment/shop/cart'],
      says: ['pods', '2'],
    },
  },
];
