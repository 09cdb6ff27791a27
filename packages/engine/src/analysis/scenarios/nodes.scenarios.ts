import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import * as t from './templates';

const others = [t.node('node-1'), t.node('node-3')];

function csr(
  name: string,
  node: string,
  parts: t.ObjectParts & { signer?: string } = {},
): KubernetesObject {
  return t.object('certificates.k8s.io/v1', 'CertificateSigningRequest', name, {
    age: 180,
    ...parts,
    spec: {
      username: `system:node:${node}`,
      signerName: parts.signer ?? 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['digital signature', 'client auth'],
    },
    status: parts.status ?? {},
  });
}

/** Nodes that are lost and what they take along: S102, S103, S110–S114. */
export const nodeScenarios: readonly Scenario[] = [
  {
    id: 'S102',
    fault: 'a kubelet is dead; what was on its node is lost',
    objects: t.world(
      ...others,
      t.node('node-2', { lost: 20 }),
      t.deployment('shop/cart', {
        replicas: 1,
        nodes: ['node-2'],
        pods: t.lostWithNode(20),
      }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
      t.statefulSet('shop/db', {
        replicas: 1,
        nodes: ['node-2'],
        pods: t.lostWithNode(20),
      }),
      t.daemonSet('kube-system/agent', {
        pods: [t.running, t.lostWithNode(20), t.running],
      }),
      t.deployment('shop/docs', { nodes: ['node-1', 'node-3'] }),
    ),
    expects: {
      roots: ['Node//node-2'],
      faults: ['NodeUnreachable'],
      affected: [
        'Deployment/shop/cart',
        'StatefulSet/shop/db',
        'Service/shop/cart',
        'Ingress/shop/cart',
      ],
      says: ['Kubelet stopped posting', 'unreachable'],
    },
  },
  {
    id: 'S102b',
    fault: 'a kubelet is dead, and a replacement fits nowhere',
    objects: t.world(
      ...others,
      t.node('node-2', { lost: 20 }),
      t.deployment('shop/cart', {
        replicas: 2,
        nodes: ['node-2', 'node-2'],
        pods: [
          t.lostWithNode(20),
          t.unschedulable(
            '0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 2 Insufficient memory. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
            14,
          ),
        ],
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Node//node-2'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['Insufficient memory'],
    },
  },
  {
    id: 'S103',
    fault: "a node's container runtime hangs",
    objects: t.world(
      ...others,
      t.node('node-2', {
        notReady:
          'PLEG is not healthy: pleg was last seen active 4m12s ago; threshold is 3m0s',
      }),
      t.deployment('shop/cart', {
        nodes: ['node-1', 'node-2'],
        pods: [t.running, t.lostWithNode(20)],
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Node//node-2'],
      faults: ['NodeNotReady'],
      says: ['PLEG'],
    },
  },
  {
    id: 'S110',
    fault: 'a node was deleted, pods still name it',
    objects: t.world(
      t.node('node-1'),
      t.deployment('shop/cart', {
        replicas: 1,
        nodes: ['node-9'],
        pods: t.terminating(0, {
          reason: 'DeletionByPodGC',
          message: 'PodGC: node no longer exists',
        }),
      }),
      t.statefulSet('shop/db', { replicas: 1, nodes: ['node-9'] }),
      t.service('shop/db'),
    ),
    expects: {
      roots: ['Node//node-9'],
      affected: ['Pod/shop/db-0'],
      says: ['node-9', 'does not exist'],
    },
  },
  {
    id: 'S111',
    fault: 'a zone is out: all of its three nodes are lost',
    objects: t.world(
      t.node('node-1'),
      ...['b-1', 'b-2', 'b-3'].map(name =>
        t.node(name, { lost: 20, zone: 'zone-b' }),
      ),
      t.deployment('shop/cart', {
        replicas: 3,
        nodes: ['b-1', 'b-2', 'b-3'],
        pods: t.lostWithNode(20),
      }),
      t.service('shop/cart'),
      t.statefulSet('shop/db', {
        replicas: 1,
        nodes: ['b-2'],
        pods: t.lostWithNode(20),
      }),
      t.deployment('shop/docs', { nodes: ['node-1'] }),
    ),
    expects: {
      roots: ['Zone//zone-b'],
      affected: [
        'Node//b-1',
        'Node//b-3',
        'Service/shop/cart',
        'Pod/shop/db-0',
      ],
      says: ['all 3 nodes'],
    },
  },
  {
    id: 'S111b',
    fault: 'two nodes of a zone are lost hours apart, the third is well',
    objects: t.world(
      t.node('node-1'),
      t.node('b-1', { lost: 20, zone: 'zone-b' }),
      t.node('b-2', { lost: 300, zone: 'zone-b' }),
      t.node('b-3', { zone: 'zone-b' }),
    ),
    expects: { independentRoots: ['Node//b-1', 'Node//b-2'] },
  },
  {
    id: 'S112',
    fault:
      "a kubelet's certificate has expired: its request for a new one is open",
    objects: t.world(
      ...others,
      t.node('node-2', { lost: 20 }),
      csr('csr-x7k2p', 'node-2'),
      csr('csr-old', 'node-2', {
        age: 5000,
        status: {
          certificate: 'LS0t',
          conditions: [t.condition('Approved', 'True', 'AutoApproved')],
        },
      }),
      csr('csr-serving', 'node-1', {
        signer: 'kubernetes.io/kubelet-serving',
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        nodes: ['node-2'],
        pods: t.lostWithNode(20),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['CertificateSigningRequest//csr-x7k2p'],
      affected: ['Node//node-2', 'Service/shop/cart'],
      says: ['pending approval', '3 h', 'kubectl certificate approve'],
    },
  },
  {
    id: 'S113',
    fault: 'a label was taken from a node that a selector asks for',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2'),
      t.node('node-3'),
      t.deployment('shop/cart', {
        nodes: ['node-3', 'node-3'],
        template: { nodeSelector: { disk: 'ssd' } },
        pods: [
          t.running,
          t.unschedulable(
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
          ),
        ],
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Node//node-3'],
      faults: ['NodeLabelRemoved'],
      says: ['disk=ssd', 'kubectl label node node-3'],
    },
  },
  {
    id: 'S114',
    fault: 'all replicas of a Service are on one node, which is lost',
    objects: t.world(
      ...others,
      t.node('node-2', { lost: 4 }),
      t.deployment('shop/cart', {
        replicas: 3,
        nodes: ['node-2', 'node-2', 'node-2'],
        pods: t.lostWithNode(4),
      }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Node//node-2'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['node-2'],
    },
  },
];
