import { Scenario } from './scenario';
import { bystanders } from './templateRollout';
import * as t from './templates';

const unplaced = (reasons: string, since?: number) =>
  t.unschedulable(
    `0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    since,
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

const request = (deviceClassName: string) => ({
  devices: { requests: [{ name: 'gpu', exactly: { deviceClassName } }] },
});
const CLAIMED = { resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] };
const cannotAllocate = '3 cannot allocate all claims';

/** Devices (DRA). */
export const devices: readonly Scenario[] = [
  {
    id: 'S044',
    fault: 'a claim asks for a class of devices that does not exist',
    objects: t.world(
      bystanders(),
      t.object('resource.k8s.io/v1', 'DeviceClass', 'h100', { spec: {} }),
      t.object('resource.k8s.io/v1', 'ResourceClaim', 'shop/gpu', {
        spec: request('h200'),
        status: {},
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        template: CLAIMED,
        pods: t.unschedulable('request gpu: device class h200 does not exist'),
      }),
    ),
    expects: {
      roots: ['DeviceClass//h200'],
      affected: ['Deployment/shop/cart'],
      says: ['h200', 'h100'],
    },
  },
  {
    id: 'S044b',
    fault: 'all devices are taken',
    objects: t.world(
      bystanders(),
      t.object('resource.k8s.io/v1', 'DeviceClass', 'h100', { spec: {} }),
      t.object('resource.k8s.io/v1', 'ResourceClaim', 'ml/train', {
        spec: request('h100'),
        status: {
          allocation: {
            devices: {
              results: [
                { request: 'gpu', driver: 'gpu.x', pool: 'p', device: 'gpu-0' },
              ],
            },
          },
          reservedFor: [{ resource: 'pods', name: 'train-0', uid: 'u' }],
        },
      }),
      t.statefulSet('ml/train', { replicas: 1 }),
      t.service('ml/train', { spec: { clusterIP: 'None' } }),
      t.object('resource.k8s.io/v1', 'ResourceClaim', 'shop/gpu', {
        spec: request('h100'),
        status: {},
      }),
      t.deployment('shop/cart', {
        replicas: 1,
        template: CLAIMED,
        pods: unplaced(cannotAllocate),
      }),
    ),
    expects: {
      roots: ['ResourceClaim/shop/gpu', 'DeviceClass//h100'],
      faults: ['NoDeviceLeft'],
      affected: ['Deployment/shop/cart'],
      says: ['h100', 'train'],
    },
  },
  {
    id: 'S044c',
    fault: 'the template of a claim does not exist',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 1,
        template: {
          resourceClaims: [{ name: 'gpu', resourceClaimTemplateName: 'gpus' }],
        },
        pods: one => {
          const [set] = t.unschedulable(
            'waiting for dynamic resource controller to create the resourceclaim from template',
          )(one);
          return [
            set,
            t.event(
              set,
              'FailedResourceClaimCreation',
              'PodResourceClaim gpu: resource claim template "gpus": resourceclaimtemplates.resource.k8s.io "gpus" not found',
              { component: 'resource_claim' },
            ),
          ];
        },
      }),
    ),
    expects: {
      roots: ['ResourceClaimTemplate/shop/gpus'],
      affected: ['Deployment/shop/cart'],
      says: ['gpus'],
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
