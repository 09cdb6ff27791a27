import { Scenario } from './scenario';
import * as t from './templates';

const NO_CNI =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

const others = [t.node('node-1'), t.node('node-3')];

/** Nodes without a network for pods: S101. */
export const nodeNetworkScenarios: readonly Scenario[] = [
  {
    id: 'S101',
    fault:
      'the network plugin crashes on one node, which is not ready any more',
    objects: t.world(
      ...others,
      t.node('node-2', { notReady: NO_CNI }),
      t.daemonSet('kube-system/calico-node', {
        pods: [
          t.running,
          t.crashing(1, 'Error', { message: 'bird: Unable to open config' }),
          t.running,
        ],
      }),
      t.deployment('shop/cart', {
        nodes: ['node-1', 'node-2'],
        pods: [t.running, t.lostWithNode(4)],
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: [
        'Pod/kube-system/calico-node-fpzbl',
        'DaemonSet/kube-system/calico-node',
      ],
      affected: ['Node//node-2'],
      says: ['Unable to open config'],
    },
  },
  {
    id: 'S101b',
    fault: 'a node has no address left for pods',
    objects: t.world(
      t.deployment('shop/cart', {
        nodes: ['node-1', 'node-2'],
        pods: [
          t.running,
          t.creating(
            'FailedCreatePodSandBox',
            'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0f2e": plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.62',
          ),
        ],
      }),
      t.daemonSet('kube-system/kindnet'),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Node//node-2'],
      faults: ['AddressesExhausted'],
      says: ['no IP addresses available'],
    },
  },
  {
    id: 'S101c',
    fault: 'a node that the network plugin leaves out',
    objects: t.world(
      ...others,
      t.node('node-2', { notReady: NO_CNI }),
      t.daemonSet('kube-system/calico-node', { nodes: ['node-1', 'node-3'] }),
    ),
    expects: {
      roots: ['Node//node-2'],
      faults: ['NetworkPluginMissing'],
      says: ['calico-node', 'has no pod there'],
    },
  },
  {
    id: 'C16',
    fault: 'nothing: a node joins',
    objects: t.world(
      ...others,
      t.node('node-2', { age: 0.6, notReady: NO_CNI, since: 0.5 }),
    ),
    expects: { nothing: true },
  },
];
