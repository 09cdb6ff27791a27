import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import * as t from './templates';

const NO_CNI =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';
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

function budget(
  reference: string,
  spec: object,
  status: object,
): KubernetesObject {
  const { name } = t.placeOf(reference);
  return t.object('policy/v1', 'PodDisruptionBudget', reference, {
    spec: { selector: { matchLabels: { app: name } }, ...spec },
    status: {
      observedGeneration: 1,
      conditions: [
        t.condition(
          'DisruptionAllowed',
          'False',
          'InsufficientPods',
          undefined,
          600,
        ),
      ],
      ...status,
    },
  });
}

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

/** Nodes and what they take along: S101–S105, S107, S110–S112, S114. */
export const nodeScenarios: readonly Scenario[] = [
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
  {
    id: 'S108',
    fault: 'nothing: a node was drained, its pods are elsewhere',
    objects: t.world(
      ...others,
      t.node('node-2', { cordoned: true }),
      t.deployment('shop/cart', {
        nodes: ['node-1', 'node-3'],
        age: 15,
      }),
      t.service('shop/cart'),
      budget(
        'shop/cart',
        { minAvailable: 1 },
        {
          currentHealthy: 2,
          desiredHealthy: 1,
          expectedPods: 2,
          disruptionsAllowed: 1,
        },
      ),
      t.daemonSet('kube-system/agent'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S109',
    fault: 'a drain waits: a budget wants all three of three replicas',
    objects: t.world(
      ...others,
      t.node('node-2', { cordoned: true, since: 30 }),
      t.deployment('shop/cart', { replicas: 3 }),
      budget(
        'shop/cart',
        { minAvailable: 3 },
        {
          currentHealthy: 3,
          desiredHealthy: 3,
          expectedPods: 3,
          disruptionsAllowed: 0,
        },
      ),
      t.daemonSet('kube-system/agent'),
    ),
    expects: {
      roots: ['PodDisruptionBudget/shop/cart'],
      faults: ['DrainBlocked'],
      says: ['node-2', 'minAvailable 3', '0 disruptions'],
    },
  },
  {
    id: 'C08',
    fault:
      'nothing: a cordoned node with healthy pods, some of them under a strict budget',
    objects: t.world(
      ...others,
      t.node('node-2', { cordoned: true, since: 60 }),
      t.deployment('shop/cart', { replicas: 3 }),
      t.deployment('shop/docs', { replicas: 3 }),
      budget(
        'shop/cart',
        { minAvailable: 3 },
        {
          currentHealthy: 3,
          desiredHealthy: 3,
          expectedPods: 3,
          disruptionsAllowed: 0,
        },
      ),
    ),
    expects: { nothing: true },
  },
  {
    id: 'C07',
    fault: 'nothing: a budget that allows no disruption, and all is well',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 1 }),
      budget(
        'shop/cart',
        { minAvailable: 1 },
        {
          currentHealthy: 1,
          desiredHealthy: 1,
          expectedPods: 1,
          disruptionsAllowed: 0,
        },
      ),
    ),
    expects: { nothing: true },
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
