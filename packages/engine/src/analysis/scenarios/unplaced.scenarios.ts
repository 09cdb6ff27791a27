import { Scenario } from './scenario';
import { bystanders } from './templateRollout';
import * as t from './templates';

const unplaced = (reasons: string) =>
  t.unschedulable(
    `0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  );

function gated(name: string): t.PodState {
  return one => {
    const [set] = t.unschedulable('')(one);
    return [
      t.withParts(set, {
        spec: { schedulingGates: [{ name }] },
        status: {
          conditions: [
            t.condition(
              'PodScheduled',
              'False',
              'SchedulingGated',
              'Scheduling is blocked due to non-empty scheduling gates',
            ),
          ],
        },
      }),
    ];
  };
}

const preempted = (pod: string) =>
  t.terminating(0, {
    reason: 'PreemptionByScheduler',
    message: `default-scheduler: preempting to accommodate a higher priority pod ${pod}`,
  });

/** What keeps pods from being placed at all. */
export const unplacedPods: readonly Scenario[] = [
  {
    id: 'S041',
    fault: 'a workload of higher priority put pods out',
    objects: (() => {
      const batch = t.deployment('jobs/batch', {
        replicas: 3,
        age: 20,
        template: { priorityClassName: 'urgent', priority: 1_000_000 },
        container: { resources: { requests: { cpu: '3' } } },
      });
      const [by] = batch.filter(({ kind }) => kind === 'Pod');
      const victim: t.PodState = one => {
        const [set] = preempted('')(one);
        return [
          set,
          t.event(
            set,
            'Preempted',
            `Preempted by pod ${by.metadata.uid} on node node-1`,
            {
              type: 'Normal',
              count: 1,
              last: 1,
              component: 'default-scheduler',
            },
          ),
        ];
      };
      return t.world(
        bystanders(),
        t.object('scheduling.k8s.io/v1', 'PriorityClass', 'urgent', {
          fields: { value: 1_000_000 },
        }),
        batch,
        t.deployment('shop/checkout', {
          replicas: 2,
          container: { resources: { requests: { cpu: '2' } } },
          pods: [victim, unplaced('3 Insufficient cpu')],
        }),
        t.service('shop/checkout'),
      );
    })(),
    expects: {
      roots: ['PriorityClass//urgent', 'Deployment/jobs/batch'],
      faults: ['Preempted'],
      affected: ['Deployment/shop/checkout'],
      says: ['batch', 'urgent'],
    },
  },
  {
    id: 'S042',
    fault:
      'a scheduling gate is never lifted, for its controller is scaled to zero',
    objects: t.world(
      bystanders(),
      t.deployment('acme-system/acme-quota', { replicas: 0 }),
      t.deployment('shop/cart', {
        template: { schedulingGates: [{ name: 'acme.io/quota' }] },
        pods: gated('acme.io/quota'),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart', 'Deployment/acme-system/acme-quota'],
      affected: ['Deployment/shop/cart'],
      says: ['acme.io/quota'],
    },
  },
  {
    id: 'S042b',
    fault: 'a scheduling gate was left behind in the template',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        template: { schedulingGates: [{ name: 'example.com/wait' }] },
        pods: gated('example.com/wait'),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['GateNotLifted'],
      says: ['example.com/wait'],
    },
  },
  {
    id: 'S043',
    fault: 'the template names a scheduler that does not exist',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        template: { schedulerName: 'default-schedular' },
        pods: t.unheeded(),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['SchedulerUnknown'],
      says: ['default-schedular', 'default-scheduler'],
    },
  },
  {
    id: 'S043b',
    fault: 'the scheduler that the template names crashes',
    objects: t.world(
      bystanders(),
      t.deployment('kube-system/gang-scheduler', {
        replicas: 1,
        pods: t.crashing(1),
      }),
      t.deployment('shop/cart', {
        template: { schedulerName: 'gang-scheduler' },
        pods: t.unheeded(),
      }),
    ),
    expects: {
      roots: ['Deployment/kube-system/gang-scheduler'],
      affected: ['Deployment/shop/cart'],
    },
  },
];

/** Look-alikes: somebody waits, and nobody is to blame. */
export const waitingWell: readonly Scenario[] = [
  {
    id: 'S042c',
    fault: 'a queue that runs has not lifted the gate yet',
    objects: t.world(
      bystanders(),
      t.deployment('kueue-system/kueue-controller-manager', { replicas: 1 }),
      t.deployment('shop/cart', {
        template: { schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] },
        pods: gated('kueue.x-k8s.io/admission'),
      }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S043c',
    fault: 'the scheduler runs under a longer name, and has not placed the pod',
    objects: t.world(
      bystanders(),
      t.deployment('volcano-system/volcano-scheduler', { replicas: 1 }),
      t.deployment('shop/cart', {
        template: { schedulerName: 'volcano' },
        pods: t.unheeded(),
      }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S034b',
    fault: 'pods of others keep the pod away by their anti-affinity',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 1,
        pods: unplaced(
          "3 node(s) didn't satisfy existing pods anti-affinity rules",
        ),
      }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S031c',
    fault: 'one node is cordoned, the others are full',
    objects: t.world(
      bystanders(),
      t.node('node-1', { cordoned: true }),
      t.node('node-2'),
      t.node('node-3'),
      t.deployment('shop/cart', {
        replicas: 1,
        pods: unplaced('1 node(s) were unschedulable, 2 Insufficient cpu'),
      }),
    ),
    expects: {
      noCause: true,
      orLikely: ['Deployment/shop/cart', 'Node//node-1'],
    },
  },
  {
    id: 'S031d',
    fault: 'nodes of the control plane take no pods, and the others are full',
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
      t.node('node-2'),
      t.node('node-3'),
      t.deployment('shop/cart', {
        replicas: 1,
        container: { resources: { requests: { cpu: '64' } } },
        pods: unplaced(
          '1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu',
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['InsufficientResources'],
      says: ['64', 'never fit'],
    },
  },
];
