import { Scenario } from './scenario';
import * as t from './templates';

const APP = 'shop/cart';
const AFFECTED = ['Deployment/shop/cart', 'ReplicaSet/shop/cart-1f6d8c9b1'];

const PODS = {
  operations: ['CREATE'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['pods'],
};

interface WebhookParts {
  kind?: 'Validating' | 'Mutating';
  webhook?: string;
  service?: string;
  failurePolicy?: 'Fail' | 'Ignore';
  timeout?: number;
  more?: object;
  parts?: t.ObjectParts;
}

function webhook(name: string, options: WebhookParts = {}): t.Objects {
  const { kind = 'Validating', webhook: own = 'v.acme.io' } = options;
  const { namespace, name: service } = t.placeOf(options.service ?? 'acme/wh');
  return t.object(
    'admissionregistration.k8s.io/v1',
    `${kind}WebhookConfiguration`,
    name,
    {
      ...options.parts,
      fields: {
        webhooks: [
          {
            name: own,
            clientConfig: {
              service: {
                namespace,
                name: service,
                path: '/validate',
                port: 443,
              },
            },
            rules: [PODS],
            failurePolicy: options.failurePolicy ?? 'Fail',
            timeoutSeconds: options.timeout ?? 10,
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            ...options.more,
          },
        ],
      },
    },
  );
}

function unheard(why: string, own = 'v.acme.io', service = 'wh.acme'): string {
  return `Internal error occurred: failed calling webhook "${own}": failed to call webhook: Post "https://${service}.svc:443/validate?timeout=10s": ${why}`;
}

function refused(words: string): t.Objects {
  return [
    t.deployment(APP, { age: t.FAULT, refused: words }),
    t.service(APP),
    t.deployment('shop/well'),
    t.service('shop/well'),
  ];
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
        ...AFFECTED,
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
      affected: [...AFFECTED, 'ValidatingWebhookConfiguration//acme'],
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
      affected: [...AFFECTED, 'StatefulSet/shop/db', 'Service/acme/wh'],
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
        ...AFFECTED,
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
      t.deployment(APP),
      t.service(APP),
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
      affected: AFFECTED,
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
      affected: AFFECTED,
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
      t.deployment(APP),
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
    id: 'S049',
    fault: 'a mutating webhook gives all containers 4Mi of memory',
    objects: t.world(
      t.deployment(APP, {
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
      t.service(APP),
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
      t.deployment(APP, {
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
