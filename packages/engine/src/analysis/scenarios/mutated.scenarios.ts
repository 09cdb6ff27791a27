import { Scenario } from './scenario';
import { webhook } from './templateWebhooks';
import * as t from './templates';

export const mutatedScenarios: readonly Scenario[] = [
  {
    id: 'S049',
    fault: 'a mutating webhook gives all containers 4Mi of memory',
    objects: t.world(
      t.deployment('shop/cart', {
        pods: one =>
          t.crashing(
            137,
            'OOMKilled',
          )({
            ...one,
            spec: {
              ...one.spec,
              containers: one.spec.containers.map((each: any) => ({
                ...each,
                resources: { limits: { memory: '4Mi' } },
              })),
            },
          }),
      }),
      t.service('shop/cart'),
      webhook('sizer', {
        kind: 'Mutating',
        webhook: 'size.acme.io',
        more: { namespaceSelector: { matchLabels: { sized: 'yes' } } },
      }),
      webhook('labeller', {
        kind: 'Mutating',
        webhook: 'label.acme.io',
        more: { namespaceSelector: { matchLabels: { labelled: 'yes' } } },
      }),
      t.namespace('shop', { labels: { sized: 'yes' } }),
      t.deployment('acme/wh'),
      t.service('acme/wh'),
    ),
    expects: {
      roots: ['MutatingWebhookConfiguration//sizer'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['4Mi', '256Mi'],
    },
  },
  {
    id: 'S049b',
    fault:
      'the default of a LimitRange is too small for a container without limits',
    objects: t.world(
      t.deployment('shop/cart', {
        container: { resources: {} },
        pods: one =>
          t.crashing(
            137,
            'OOMKilled',
          )({
            ...one,
            spec: {
              ...one.spec,
              containers: one.spec.containers.map((each: any) => ({
                ...each,
                resources: { limits: { memory: '16Mi' } },
              })),
            },
          }),
      }),
      t.object('v1', 'LimitRange', 'shop/defaults', {
        spec: { limits: [{ type: 'Container', default: { memory: '16Mi' } }] },
      }),
      t.object('v1', 'LimitRange', 'other/defaults', {
        spec: { limits: [{ type: 'Container', default: { memory: '16Mi' } }] },
      }),
    ),
    expects: {
      roots: ['LimitRange/shop/defaults'],
      affected: ['Deployment/shop/cart'],
      says: ['16Mi'],
    },
  },
];
