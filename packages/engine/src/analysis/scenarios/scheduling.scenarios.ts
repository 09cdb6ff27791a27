import { Scenario } from './scenario';
import { bystanders, rollout } from './templateRollout';
import * as t from './templates';

const unplaced = (reasons: string) =>
  t.unschedulable(
    `0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  );
const requests = (cpu: string, memory: string) => ({
  resources: { requests: { cpu, memory } },
});
const SELECTOR = "3 node(s) didn't match Pod's node affinity/selector";
const HOSTNAME = 'kubernetes.io/hostname';
const ANTI_AFFINITY = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: HOSTNAME,
          labelSelector: { matchLabels: { app: 'cart' } },
        },
      ],
    },
  },
};
const SPREAD = {
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'cart' } },
    },
  ],
};
const GPU = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };

/** What the template asks for, and no node has. */
export const placement: readonly Scenario[] = [
  {
    id: 'S029',
    fault: 'a nodeSelector that no node matches; one has nearly its value',
    objects: t.world(
      bystanders(),
      t.node('node-1'),
      t.node('node-2', { labels: { disk: 'ssdd' } }),
      t.node('node-3'),
      t.deployment('shop/cart', {
        template: { nodeSelector: { disk: 'ssd' } },
        pods: unplaced(SELECTOR),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['NoMatchingNode'],
      affected: ['Service/shop/cart'],
      says: ['disk=ssd', 'disk=ssdd'],
    },
  },
  {
    id: 'S029b',
    fault: 'a rollout brought a node affinity that no node matches',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        before: { template: {} },
        template: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  {
                    matchExpressions: [
                      { key: 'pool', operator: 'In', values: ['fast'] },
                    ],
                  },
                ],
              },
            },
          },
        },
        pods: unplaced(SELECTOR),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['NoMatchingNode'],
      says: ['pool', 'revision 2', 'affinity'],
    },
  },
  {
    id: 'S030',
    fault: 'the template names a node that does not exist',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        nodes: ['node-33'],
        template: { nodeName: 'node-33' },
        pods: t.unheeded(0.4, true),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart', 'Node//node-33'],
      says: ['node-33', 'node-3'],
    },
  },
  {
    id: 'S031',
    fault: 'a request that is larger than any node',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        before: { container: requests('100m', '1Gi') },
        container: requests('100m', '64Gi'),
        pods: unplaced('3 Insufficient memory'),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['InsufficientResources'],
      says: ['64Gi', '16Gi', '1Gi → 64Gi'],
    },
  },
  {
    id: 'S031b',
    fault: 'more replicas than the cluster has room for',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 4,
        container: requests('3', '1Gi'),
        pods: [t.running, t.running, t.running, unplaced('3 Insufficient cpu')],
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['InsufficientResources'],
      says: ['cpu', 'left'],
    },
  },
  {
    id: 'S034',
    fault: 'more replicas than nodes, with required anti-affinity',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 4,
        template: ANTI_AFFINITY,
        pods: [
          t.running,
          t.running,
          t.running,
          unplaced("3 node(s) didn't match pod anti-affinity rules"),
        ],
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['AntiAffinityImpossible'],
      says: ['4', '3 nodes'],
    },
  },
  {
    id: 'S035',
    fault: 'pods must be spread over zones, and one zone takes none',
    objects: t.world(
      bystanders(),
      t.node('node-1', { zone: 'zone-a' }),
      t.node('node-2', { zone: 'zone-b' }),
      t.node('node-3', { zone: 'zone-c', taints: [GPU] }),
      t.deployment('shop/cart', {
        replicas: 3,
        template: SPREAD,
        pods: [
          t.running,
          t.running,
          unplaced(
            "1 node(s) had untolerated taint {dedicated: gpu}, 2 node(s) didn't match pod topology spread constraints",
          ),
        ],
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['TopologySpreadImpossible'],
      says: ['zone-c'],
    },
  },
  {
    id: 'S035b',
    fault: 'pods must be spread over a label that no node has',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        template: {
          topologySpreadConstraints: [
            {
              ...SPREAD.topologySpreadConstraints[0],
              topologyKey: 'example.com/rack',
            },
          ],
        },
        pods: unplaced(
          "3 node(s) didn't match pod topology spread constraints (missing required label)",
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      says: ['example.com/rack'],
    },
  },
  {
    id: 'S036',
    fault: 'more replicas than nodes, with a hostPort',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 4,
        container: { ports: [{ containerPort: 8080, hostPort: 9100 }] },
        pods: [
          t.running,
          t.running,
          t.running,
          unplaced(
            "3 node(s) didn't have free ports for the requested pod ports",
          ),
        ],
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['HostPortTaken'],
      says: ['9100', 'cart-'],
    },
  },
];
