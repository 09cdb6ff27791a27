import { Scenario } from './scenario';
import { clusterDns as dns } from './templateDns';
import * as t from './templates';

const NO_CNI =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

const calls = (url: string) => ({ env: [{ name: 'BACKEND', value: url }] });

/** Several faults at once, and look-alikes, of nodes and networks: section 4 of `rca-scenarios.md`. */
export const manyFaultScenarios: readonly Scenario[] = [
  {
    id: 'M2n',
    fault: 'a node is lost, its database cannot move, and a budget is not met',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', { lost: 40 }),
      t.statefulSet('shop/db', {
        replicas: 2,
        nodes: ['node-1', 'node-2'],
        pods: [t.running, t.lostWithNode(40)],
      }),
      t.service('shop/db'),
      t.object('policy/v1', 'PodDisruptionBudget', 'shop/db', {
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'db' } } },
        status: {
          observedGeneration: 1,
          currentHealthy: 1,
          desiredHealthy: 2,
          expectedPods: 2,
          disruptionsAllowed: 0,
          conditions: [
            t.condition(
              'DisruptionAllowed',
              'False',
              'InsufficientPods',
              undefined,
              40,
            ),
          ],
        },
      }),
    ),
    expects: {
      roots: ['Node//node-2'],
      affected: ['PodDisruptionBudget/shop/db', 'StatefulSet/shop/db'],
    },
  },
  {
    id: 'M5n',
    fault:
      'a network plugin crashes everywhere: nodes, CoreDNS and all callers go with it',
    objects: t.world(
      ...['node-1', 'node-2'].map(name => t.node(name, { notReady: NO_CNI })),
      t.daemonSet('kube-system/calico-node', {
        nodes: ['node-1', 'node-2'],
        pods: t.crashing(1, 'Error', {
          since: 25,
          message: 'unable to read config: unknown field "ipPool"',
        }),
      }),
      dns({ pods: t.lostWithNode(4) }),
      t.deployment('shop/cart', { pods: t.lostWithNode(4) }),
      t.service('shop/cart'),
      t.deployment('shop/web', {
        container: calls('http://cart'),
        pods: t.lostWithNode(4),
      }),
      t.service('shop/web'),
      t.ingress('shop/web'),
    ),
    expects: {
      roots: ['DaemonSet/kube-system/calico-node'],
      affected: [
        'Node//node-1',
        'Node//node-2',
        'Service/kube-system/kube-dns',
        'Ingress/shop/web',
      ],
      says: ['unknown field'],
    },
  },
  {
    id: 'M8n',
    fault:
      'two namespaces have a Service of one name, one of them selects nothing',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart', { selector: { app: 'carts' } }),
      t.ingress('shop/cart'),
      t.deployment('test/cart'),
      t.service('test/cart'),
      t.ingress('test/cart'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      affected: ['Ingress/shop/cart'],
    },
  },
  {
    id: 'M1n',
    fault:
      'a Service of one namespace selects nothing, a policy of another denies a caller',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart', { selector: { app: 'carts' } }),
      t.ingress('shop/cart'),
      t.deployment('bank/ledger'),
      t.service('bank/ledger'),
      t.deployment('bank/app', {
        container: calls('http://ledger'),
        pods: t.notReady(),
      }),
      t.object('networking.k8s.io/v1', 'NetworkPolicy', 'bank/deny', {
        age: 21,
        spec: {
          podSelector: { matchLabels: { app: 'ledger' } },
          policyTypes: ['Ingress'],
        },
      }),
    ),
    expects: {
      independentRoots: ['NetworkPolicy/bank/deny', 'Service/shop/cart'],
    },
  },
  {
    id: 'M16',
    fault: 'a drain puts pods out, and one budget holds it up',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', { cordoned: true, since: 30 }),
      t.node('node-3'),
      t.deployment('shop/cart', {
        replicas: 3,
        nodes: ['node-1', 'node-3', 'node-3'],
        age: 25,
      }),
      t.deployment('shop/docs', { replicas: 1, nodes: ['node-2'] }),
      t.service('shop/docs'),
      t.object('policy/v1', 'PodDisruptionBudget', 'shop/docs', {
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'docs' } } },
        status: {
          observedGeneration: 1,
          currentHealthy: 1,
          desiredHealthy: 1,
          expectedPods: 1,
          disruptionsAllowed: 0,
        },
      }),
      t.daemonSet('kube-system/agent'),
    ),
    expects: { roots: ['PodDisruptionBudget/shop/docs'], says: ['node-2'] },
  },
  {
    id: 'M18n',
    fault:
      'a cache is down that only half of the shop calls; the other half has its own trouble',
    objects: t.world(
      t.deployment('shop/cache', {
        pods: t.imagePull(
          'registry.example/cache:9.9',
          'rpc error: code = NotFound desc = failed to pull and unpack image: registry.example/cache:9.9: not found',
        ),
      }),
      t.service('shop/cache'),
      t.deployment('shop/web', {
        container: calls('http://cache:80'),
        pods: t.notReady(),
      }),
      t.service('shop/web'),
      t.deployment('shop/mail', {
        container: {
          env: [
            {
              name: 'PASSWORD',
              valueFrom: { secretKeyRef: { name: 'smtp', key: 'password' } },
            },
            { name: 'CACHE', value: 'http://cache:80' },
          ],
        },
        pods: t.waiting(
          'CreateContainerConfigError',
          'secret "smtp" not found',
        ),
      }),
      t.service('shop/mail'),
    ),
    expects: {
      independentRoots: ['Deployment/shop/cache', 'Secret/shop/smtp'],
    },
  },
  {
    id: 'M19n',
    fault:
      'nothing: everything rolls at once: some pods start, others end, a node is cordoned',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', { cordoned: true, since: 2 }),
      t.node('node-3'),
      dns(),
      t.deployment('shop/cart', { age: 2 }),
      t.service('shop/cart'),
      t.deployment('shop/web', { container: calls('http://cart') }),
      t.service('shop/web', { ports: [{ port: 80, targetPort: 8080 }] }),
      t.ingress('shop/web'),
      t.object('networking.k8s.io/v1', 'NetworkPolicy', 'shop/web', {
        spec: {
          podSelector: { matchLabels: { app: 'cart' } },
          policyTypes: ['Ingress'],
          ingress: [
            { from: [{ podSelector: { matchLabels: { app: 'web' } } }] },
          ],
        },
      }),
      t.daemonSet('kube-system/agent'),
    ),
    expects: { nothing: true },
  },
];
