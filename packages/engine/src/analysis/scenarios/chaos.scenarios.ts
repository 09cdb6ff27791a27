import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import * as t from './templates';

/** An experiment of Chaos Mesh that was injected 20 minutes ago into the pods of `shop/cart`. */
function meshExperiment(
  kind: string,
  name: string,
  spec: object = {},
  status: object = {},
): KubernetesObject {
  return t.object('chaos-mesh.org/v1alpha1', kind, `chaos/${name}`, {
    age: 21,
    spec: {
      mode: 'all',
      duration: '1h',
      selector: { namespaces: ['shop'], labelSelectors: { app: 'cart' } },
      ...spec,
    },
    status: {
      conditions: [
        { type: 'Selected', status: 'True' },
        { type: 'AllInjected', status: 'True' },
        { type: 'AllRecovered', status: 'False' },
        { type: 'Paused', status: 'False' },
      ],
      experiment: { desiredPhase: 'Run' },
      ...status,
    },
  });
}

function engine(status: string): KubernetesObject {
  return t.object('litmuschaos.io/v1alpha1', 'ChaosEngine', 'shop/cart-chaos', {
    age: 21,
    spec: {
      appinfo: { appns: 'shop', applabel: 'app=cart', appkind: 'deployment' },
      engineState: 'active',
      experiments: [{ name: 'pod-delete' }],
    },
    status: { engineStatus: status },
  });
}

const around = () => [
  t.service('shop/cart'),
  t.ingress('shop/cart'),
  t.deployment('shop/web'),
  t.service('shop/web'),
];

/** Pods that were all made within the last minutes, over and over. */
function killedPods() {
  const pods = t.deployment('shop/cart', { replicas: 3 });
  const set = pods.find(({ kind }) => kind === 'ReplicaSet')!;
  return [
    pods.map(one =>
      one.kind === 'Pod'
        ? t.withParts(one, {
            metadata: { creationTimestamp: t.ago(0.7) },
            status: { startTime: t.ago(0.7) },
          })
        : one,
    ),
    t.event(set, 'SuccessfulCreate', 'Created pod: cart-1f6d8c9b1-bks4c', {
      type: 'Normal',
      count: 30,
      component: 'replicaset-controller',
    }),
  ];
}

export const chaosScenarios: readonly Scenario[] = [
  {
    id: 'S149',
    fault:
      'Chaos Mesh replaces the image of all pods of a workload (pod-failure)',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 3,
        pods: t.notReady(
          'Readiness probe failed: Get "http://10.244.0.9:8080/": dial tcp 10.244.0.9:8080: connect: connection refused',
        ),
      }),
      meshExperiment('PodChaos', 'pod-failure-x', { action: 'pod-failure' }),
      around(),
    ),
    expects: {
      roots: ['PodChaos/chaos/pod-failure-x'],
      faults: ['ChaosExperiment'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['pod-failure', 'kubectl delete podchaos'],
    },
  },
  {
    id: 'S150',
    fault: 'Chaos Mesh deletes pods again and again',
    objects: t.world(
      killedPods(),
      meshExperiment('PodChaos', 'pod-kill-x', { action: 'pod-kill' }),
      around(),
    ),
    expects: { roots: ['PodChaos/chaos/pod-kill-x'], says: ['pod-kill'] },
  },
  {
    id: 'S150b',
    fault: 'Litmus deletes pods again and again',
    objects: t.world(killedPods(), engine('initialized'), around()),
    expects: { roots: ['ChaosEngine/shop/cart-chaos'], says: ['pod-delete'] },
  },
  {
    id: 'S150c',
    fault: 'none: the Litmus experiment has been over for long',
    objects: t.world(t.deployment('shop/cart'), engine('completed'), around()),
    expects: { nothing: true },
  },
  {
    id: 'S151',
    fault: 'Chaos Mesh kills the processes of a container',
    objects: t.world(
      t.deployment('shop/cart', { pods: t.crashing(137, 'Error') }),
      meshExperiment('PodChaos', 'container-kill-x', {
        action: 'container-kill',
      }),
      around(),
    ),
    expects: { roots: ['PodChaos/chaos/container-kill-x'] },
  },
  {
    id: 'S151b',
    fault: 'somebody kills the process of a container from outside',
    objects: t.world(
      t.deployment('shop/cart', {
        replicas: 1,
        pods: t.crashing(137, 'Error'),
      }),
      around(),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S151c',
    fault:
      'an image does not exist, while an experiment of network delays selects the same pods',
    objects: t.world(
      t.deployment('shop/cart', {
        pods: t.imagePull(
          'registry.example/cart:9x',
          'rpc error: code = NotFound desc = failed to pull and unpack image "registry.example/cart:9x": not found',
        ),
        image: 'registry.example/cart:9x',
      }),
      meshExperiment('NetworkChaos', 'delay-x', { action: 'delay' }),
      around(),
    ),
    expects: {
      independentRoots: ['Deployment/shop/cart', 'NetworkChaos/chaos/delay-x'],
    },
  },
  {
    id: 'S152',
    fault: 'Chaos Mesh cuts the network, and probes across it fail',
    objects: t.world(
      t.deployment('shop/cart', {
        pods: t.notReady(
          'Readiness probe failed: Get "http://10.244.0.9:8080/": context deadline exceeded',
        ),
      }),
      meshExperiment('NetworkChaos', 'partition-x', { action: 'partition' }),
      around(),
    ),
    expects: {
      roots: ['NetworkChaos/chaos/partition-x'],
      affected: ['Service/shop/cart'],
    },
  },
  {
    id: 'S152b',
    fault: 'Chaos Mesh delays packets, and nothing shows',
    objects: t.world(
      t.deployment('shop/cart'),
      meshExperiment('NetworkChaos', 'delay-x', { action: 'delay' }),
      around(),
    ),
    expects: {
      roots: ['NetworkChaos/chaos/delay-x'],
      says: ['delay', 'cart-1f6d8c9b1'],
    },
  },
  {
    id: 'S153',
    fault: 'Chaos Mesh takes the memory of a pod, which is killed for it',
    objects: t.world(
      t.deployment('shop/cart', { pods: t.oomKilled() }),
      meshExperiment('StressChaos', 'memory-x', {
        stressors: { memory: { workers: 4, size: '512MB' } },
      }),
      around(),
    ),
    expects: { roots: ['StressChaos/chaos/memory-x'] },
  },
  {
    id: 'S154',
    fault: 'Chaos Mesh answers look-ups wrongly, and nothing shows',
    objects: t.world(
      t.deployment('shop/cart'),
      meshExperiment('DNSChaos', 'dns-x', { action: 'error' }),
      around(),
    ),
    expects: { roots: ['DNSChaos/chaos/dns-x'] },
  },
  {
    id: 'S154b',
    fault: 'none: the experiment has recovered',
    objects: t.world(
      t.deployment('shop/cart'),
      meshExperiment(
        'IOChaos',
        'io-x',
        { action: 'latency' },
        {
          conditions: [
            { type: 'AllInjected', status: 'False' },
            { type: 'AllRecovered', status: 'True' },
          ],
        },
      ),
      around(),
    ),
    expects: { nothing: true },
  },
];
