import { Scenario } from './scenario';
import { REFUSED, refused } from './templateRefusals';
import { webhook } from './templateWebhooks';
import * as t from './templates';

function unheard(why: string, own = 'v.acme.io', service = 'wh.acme'): string {
  return `Internal error occurred: failed calling webhook "${own}": failed to call webhook: Post "https://${service}.svc:443/validate?timeout=10s": ${why}`;
}

const NO_ENDPOINTS = unheard('no endpoints available for service "wh"');

export const unheardScenarios: readonly Scenario[] = [
  {
    id: 'S045',
    fault: 'the Deployment behind a webhook was scaled to zero',
    objects: t.world(
      refused(NO_ENDPOINTS),
      webhook('acme'),
      webhook('other', { webhook: 'v.other.io', service: 'other/wh' }),
      t.deployment('acme/wh', { replicas: 0 }),
      t.service('acme/wh'),
      t.deployment('other/wh'),
      t.service('other/wh'),
    ),
    expects: {
      roots: ['Deployment/acme/wh'],
      faults: ['ScaledToZero'],
      affected: [
        ...REFUSED,
        'Service/acme/wh',
        'ValidatingWebhookConfiguration//acme',
      ],
      says: ['kubectl scale deployment/wh -n acme'],
    },
  },
  {
    id: 'S045b',
    fault: 'the Service behind a webhook was deleted',
    objects: t.world(
      refused(unheard('service "wh" not found')),
      webhook('acme'),
      t.deployment('acme/wh'),
    ),
    expects: {
      roots: ['Service/acme/wh'],
      affected: [...REFUSED, 'ValidatingWebhookConfiguration//acme'],
    },
  },
  {
    id: 'S045c',
    fault: 'the image of a webhook cannot be pulled',
    objects: t.world(
      refused(NO_ENDPOINTS),
      t.statefulSet('shop/db', {
        age: t.FAULT,
        refused: NO_ENDPOINTS,
      }),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      webhook('acme'),
      t.deployment('acme/wh', {
        replicas: 1,
        image: 'acme/wh:v9x',
        pods: t.imagePull(
          'acme/wh:v9x',
          'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/acme/wh:v9x": docker.io/acme/wh:v9x: not found',
        ),
      }),
      t.service('acme/wh'),
    ),
    expects: {
      roots: ['Deployment/acme/wh'],
      affected: [...REFUSED, 'StatefulSet/shop/db', 'Service/acme/wh'],
      says: ['v9x'],
    },
  },
  {
    id: 'S045d',
    fault:
      'a webhook that must answer judges its own pods, and they are gone (M3)',
    objects: t.world(
      refused(NO_ENDPOINTS),
      webhook('acme'),
      t.deployment('acme/wh', { refused: NO_ENDPOINTS }),
      t.service('acme/wh'),
    ),
    expects: {
      roots: ['ValidatingWebhookConfiguration//acme'],
      faults: ['WebhookDeadlock'],
      affected: [
        ...REFUSED,
        'Deployment/acme/wh',
        'Service/acme/wh',
        'Service/shop/cart',
      ],
      says: ['own pods', 'namespaceSelector', 'Ignore'],
    },
  },
  {
    id: 'S045e',
    fault: 'a webhook that may fail has nobody behind it: nothing is refused',
    objects: t.world(
      webhook('acme', { failurePolicy: 'Ignore' }),
      t.deployment('acme/wh', { replicas: 0 }),
      t.service('acme/wh'),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
    ),
    expects: { roots: ['Deployment/acme/wh'] },
  },
  {
    id: 'S046',
    fault: 'the caBundle of a webhook is not that of its certificate',
    objects: t.world(
      refused(
        unheard(
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
        ),
      ),
      webhook('acme'),
      webhook('other', { webhook: 'v.other.io', service: 'other/wh' }),
      t.deployment('acme/wh'),
      t.service('acme/wh'),
      t.deployment('other/wh'),
      t.service('other/wh'),
    ),
    expects: {
      roots: ['ValidatingWebhookConfiguration//acme'],
      affected: REFUSED,
      says: ['caBundle', 'unknown authority'],
    },
  },
  {
    id: 'S046b',
    fault:
      'the certificate of a webhook has expired, for its issuer is not ready',
    objects: t.world(
      refused(
        unheard(
          'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-02T10:00:00Z is after 2026-03-02T08:00:00Z',
        ),
      ),
      webhook('acme', {
        parts: {
          annotations: { 'cert-manager.io/inject-ca-from': 'acme/wh-tls' },
        },
      }),
      t.deployment('acme/wh'),
      t.service('acme/wh'),
      t.object('cert-manager.io/v1', 'Certificate', 'acme/wh-tls', {
        spec: {
          secretName: 'wh-tls',
          issuerRef: { name: 'acme-ca', kind: 'Issuer' },
        },
        status: {
          notAfter: t.ago(120),
          conditions: [
            t.condition(
              'Ready',
              'False',
              'Expired',
              'Certificate expired on 2026-03-02T08:00:00Z',
              120,
            ),
          ],
        },
      }),
      t.object('cert-manager.io/v1', 'Issuer', 'acme/acme-ca', {
        spec: { ca: { secretName: 'acme-ca' } },
        status: t.readyStatus('True', 'KeyPairVerified'),
      }),
      t.secret('acme/acme-ca'),
      t.secret('acme/wh-tls'),
    ),
    expects: {
      roots: ['Certificate/acme/wh-tls'],
      affected: REFUSED,
      says: ['expired'],
    },
  },
  {
    id: 'S046c',
    fault: 'a caBundle holds no certificate',
    objects: t.world(
      webhook('acme', {
        more: {
          clientConfig: {
            service: { namespace: 'acme', name: 'wh' },
            caBundle: 'Cg==',
          },
        },
      }),
      t.deployment('acme/wh'),
      t.service('acme/wh'),
      t.deployment('shop/cart'),
    ),
    expects: {
      roots: ['ValidatingWebhookConfiguration//acme'],
      says: ['caBundle'],
    },
  },
  {
    id: 'S047',
    fault: 'three webhooks are slow, and one does not answer in time',
    objects: t.world(
      refused(unheard('context deadline exceeded')),
      webhook('acme'),
      webhook('b', { webhook: 'b.acme.io', service: 'b/wh' }),
      webhook('c', { webhook: 'c.acme.io', service: 'c/wh' }),
      ['acme', 'b', 'c'].map(space => [
        t.deployment(`${space}/wh`),
        t.service(`${space}/wh`),
      ]),
    ),
    expects: {
      noCause: true,
      orLikely: ['ValidatingWebhookConfiguration//acme'],
    },
  },
  {
    id: 'S047b',
    fault: 'a webhook runs, and does not listen where it is asked',
    objects: t.world(
      refused(unheard('dial tcp 10.96.0.9:443: connect: connection refused')),
      webhook('acme'),
      t.deployment('acme/wh'),
      t.service('acme/wh'),
    ),
    expects: {
      noCause: true,
      orLikely: ['ValidatingWebhookConfiguration//acme'],
    },
  },
];
