import { KubernetesObject } from '../../kinds/kindDefinition';
import { Scenario } from './scenario';
import * as t from './templates';

const others = [t.node('node-1'), t.node('node-3')];

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

/** Nodes that are taken out of use: S108, S109. */
export const drainScenarios: readonly Scenario[] = [
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
];
