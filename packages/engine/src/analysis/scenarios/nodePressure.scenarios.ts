import { Scenario } from './scenario';
import * as t from './templates';

const others = [t.node('node-1'), t.node('node-3')];

const low = (
  resource: string,
  container: string,
  usage: string,
  request: string,
) =>
  `The node was low on resource: ${resource}. Threshold quantity: 100Mi, available: 51Mi. Container ${container} was using ${usage}, request is ${request}, has larger consumption of ${resource}. `;

/** A pod of the kubelet's own words, left behind. */
const left = (name: string, node: string, state: t.PodState) =>
  t.pod(
    `shop/${name}`,
    { containers: [{ name: 'app', image: 'registry.example/x:1.0' }] },
    { node, state, labels: { app: name } },
  );

/** Nodes that are short of something: S104–S107. */
export const nodePressureScenarios: readonly Scenario[] = [
  {
    id: 'S104',
    fault: 'a pod eats the memory of its node, others are put out with it',
    objects: t.world(
      ...others,
      t.node('node-2', { pressure: 'MemoryPressure' }),
      left('hog', 'node-2', t.evicted(low('memory', 'app', '3Gi', '64Mi'))),
      left('cart', 'node-2', t.evicted(low('memory', 'app', '90Mi', '64Mi'))),
      t.deployment('shop/docs', { nodes: ['node-1', 'node-3'] }),
    ),
    expects: {
      roots: ['Pod/shop/hog'],
      affected: ['Node//node-2', 'Pod/shop/cart'],
      says: ['3Gi', '64Mi', 'memory'],
    },
  },
  {
    id: 'S105',
    fault: "a node's disk is full",
    objects: t.world(
      ...others,
      t.node('node-2', { pressure: 'DiskPressure' }),
      left(
        'logger',
        'node-2',
        t.evicted(low('ephemeral-storage', 'app', '38Gi', '0')),
      ),
      t.deployment('shop/docs', { nodes: ['node-1', 'node-3'] }),
    ),
    expects: {
      roots: ['Pod/shop/logger'],
      affected: ['Node//node-2'],
      says: ['38Gi', 'ephemeral-storage'],
    },
  },
  {
    id: 'S105b',
    fault: "a node's disk is full, and nobody was put out yet",
    objects: t.world(
      ...others,
      t.node('node-2', { pressure: 'DiskPressure' }),
      t.deployment('shop/docs'),
    ),
    expects: { roots: ['Node//node-2'], says: ['DiskPressure'] },
  },
  {
    id: 'S106',
    fault: 'a pod writes more into an emptyDir than it may',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 1,
        template: {
          volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '10Mi' } }],
        },
        pods: t.evicted(
          'Usage of EmptyDir volume "tmp" exceeds the limit "10Mi". ',
        ),
      }),
      t.service('shop/cart'),
      t.deployment('shop/docs'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      affected: ['Service/shop/cart'],
      says: ['tmp', '10Mi', 'sizeLimit'],
    },
  },
  {
    id: 'S107',
    fault: 'a fork bomb on a node',
    objects: t.world(
      ...others,
      t.node('node-2', { pressure: 'PIDPressure' }),
      t.deployment('shop/docs'),
    ),
    expects: { noCause: true, orLikely: ['Node//node-2'] },
  },
];
