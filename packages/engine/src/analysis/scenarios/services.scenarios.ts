import { Scenario } from './scenario';
import * as t from './templates';

/** Services that select nobody: S076. */
export const serviceScenarios: readonly Scenario[] = [
  {
    id: 'S076',
    fault:
      'a Service selects app=cart2, its pods are app=cart, and an Ingress is in front',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', { selector: { app: 'cart2' }, changed: 20 }),
      t.ingress('shop/cart'),
      t.deployment('shop/api'),
      t.service('shop/api'),
      t.ingress('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['SelectorMatchesNothing'],
      affected: ['Ingress/shop/cart'],
      says: ['app=cart2', '3 pods have app=cart', 'kubectl set selector'],
    },
  },
  {
    id: 'S076b',
    fault: 'a selector with a typo, and nobody known calls the Service',
    objects: t.world(
      t.deployment('shop/checkout'),
      t.service('shop/checkout', { selector: { app: 'chekout' } }),
      t.deployment('shop/api'),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/checkout'],
      says: ['app=chekout', 'app=checkout'],
    },
  },
  {
    id: 'S076c',
    fault:
      'a selector asks for the right value under a label that the pods do not have',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', {
        selector: { 'app.kubernetes.io/name': 'cart' },
      }),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      affected: ['Ingress/shop/cart'],
      says: ['app=cart', '3 pods'],
    },
  },
  {
    id: 'S076d',
    fault:
      'a selector asks for one label more than the pods have, and its callers are not ready',
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { track: 'canary' } }),
      t.service('shop/cart', { selector: { app: 'cart', track: 'stable' } }),
      t.deployment('shop/web', {
        container: { env: [{ name: 'CART', value: 'http://cart:80' }] },
        pods: t.notReady(),
      }),
      t.service('shop/web'),
      t.ingress('shop/web'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      affected: ['Deployment/shop/web', 'Service/shop/web', 'Ingress/shop/web'],
      says: ['track=stable', 'track=canary'],
    },
  },
  {
    id: 'S076e',
    fault: 'a selector asks for a label that no pod has, beside the right ones',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', {
        selector: { app: 'cart', current_service_name: 'cart' },
        changed: 20,
      }),
      t.deployment('shop/api'),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      says: ['current_service_name', '3 pods have app=cart'],
    },
  },
  {
    id: 'S076f',
    fault:
      'a Service selects something else altogether, while pods are called as it is',
    objects: t.world(
      t.deployment('shop/cart', { replicas: 3 }),
      t.service('shop/cart', { selector: { app: 'wrong-label' } }),
      t.deployment('shop/api'),
      t.service('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      says: ['wrong-label', '3 pods have app=cart'],
    },
  },
  {
    id: 'S076y',
    fault: 'nothing: a Service for a leader waits, the pods have another one',
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { role: 'follower' } }),
      t.service('shop/cart'),
      t.service('shop/cart-leader', {
        selector: { app: 'cart', role: 'leader' },
      }),
      t.service('shop/cart-backup', {
        selector: { app: 'cart', backup: 'true' },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S076z',
    fault:
      'nothing: a Service waits for the next release, which nobody calls yet',
    objects: t.world(
      t.deployment('shop/cart', { templateLabels: { version: 'v1' } }),
      t.service('shop/cart', { selector: { app: 'cart' } }),
      t.service('shop/cart-next', {
        selector: { app: 'cart', version: 'v2' },
      }),
      t.service('shop/shard-2', { selector: { app: 'shard-2' } }),
      t.deployment('shop/shard-1'),
    ),
    expects: { nothing: true },
  },
];
