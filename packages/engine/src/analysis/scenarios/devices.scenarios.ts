import { Scenario } from './scenario';
import { bystanders } from './templateRollout';
import * as t from './templates';

const unplaced = (reasons: string) =>
  t.unschedulable(
    `0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
  );
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
