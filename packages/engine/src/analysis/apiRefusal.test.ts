import * as fc from 'fast-check';
import { ApiRefusal, readRefusal } from './apiRefusal';

/** As a controller's event has it: `Error creating: pods "…" is forbidden: …`. */
const forbidden = (why: string) =>
  `Error creating: pods "cart-x7k2p" is forbidden: ${why}`;
const unheard = (why: string) =>
  `Internal error occurred: failed calling webhook "v.acme.io": failed to call webhook: Post "https://wh.acme.svc:443/validate?timeout=10s": ${why}`;
const called = (silence: string, words: string) => ({
  type: 'webhookUnheard',
  webhook: 'v.acme.io',
  service: { namespace: 'acme', name: 'wh', port: '443' },
  silence,
  words: `failed to call webhook: Post "https://wh.acme.svc:443/validate?timeout=10s": ${words}`,
});

it.each<[string, string, unknown]>([
  [
    'a quota of one resource',
    forbidden(
      'exceeded quota: compute, requested: limits.memory=512Mi, used: limits.memory=1Gi, limited: limits.memory=1Gi',
    ),
    {
      type: 'quotaExceeded',
      quota: 'compute',
      requested: [{ resource: 'limits.memory', quantity: '512Mi' }],
      used: [{ resource: 'limits.memory', quantity: '1Gi' }],
      limited: [{ resource: 'limits.memory', quantity: '1Gi' }],
    },
  ],
  [
    'a quota of several resources',
    forbidden(
      'exceeded quota: a.b-c, requested: pods=1,requests.nvidia.com/gpu=2, used: pods=4,requests.nvidia.com/gpu=8, limited: pods=4,requests.nvidia.com/gpu=8',
    ),
    {
      type: 'quotaExceeded',
      quota: 'a.b-c',
      requested: [
        { resource: 'pods', quantity: '1' },
        { resource: 'requests.nvidia.com/gpu', quantity: '2' },
      ],
      used: [
        { resource: 'pods', quantity: '4' },
        { resource: 'requests.nvidia.com/gpu', quantity: '8' },
      ],
      limited: [
        { resource: 'pods', quantity: '4' },
        { resource: 'requests.nvidia.com/gpu', quantity: '8' },
      ],
    },
  ],
  [
    'a quota that demands values',
    forbidden(
      'failed quota: mem: must specify limits.memory for: app,proxy; requests.cpu for: app',
    ),
    {
      type: 'quotaDemands',
      quota: 'mem',
      demands: 'limits.memory for: app,proxy; requests.cpu for: app',
    },
  ],
  [
    'a quota that demands values, as older servers say it',
    forbidden('failed quota: mem: must specify limits.cpu,limits.memory'),
    {
      type: 'quotaDemands',
      quota: 'mem',
      demands: 'limits.cpu,limits.memory',
    },
  ],
  [
    'a LimitRange that is broken in two ways',
    forbidden(
      '[maximum memory usage per Container is 512Mi, but limit is 1Gi, minimum cpu usage per Pod is 200m, but request is 100m]',
    ),
    {
      type: 'limits',
      violations: [
        expect.objectContaining({
          bound: 'max',
          resource: 'memory',
          type: 'Container',
          allowed: '512Mi',
          asked: '1Gi',
        }),
        expect.objectContaining({
          bound: 'min',
          resource: 'cpu',
          type: 'Pod',
          allowed: '200m',
          asked: '100m',
        }),
      ],
    },
  ],
  [
    'a LimitRange where nothing was asked for',
    forbidden(
      'minimum cpu usage per Container is 100m.  No request is specified',
    ),
    {
      type: 'limits',
      violations: [
        expect.objectContaining({
          bound: 'min',
          resource: 'cpu',
          allowed: '100m',
          asked: undefined,
        }),
      ],
    },
  ],
  [
    'Pod Security',
    forbidden(
      'violates PodSecurity "baseline:v1.31": hostPort (container "app" uses hostPort 80)',
    ),
    {
      type: 'podSecurity',
      level: 'baseline',
      violations: 'hostPort (container "app" uses hostPort 80)',
    },
  ],
  [
    'a webhook without endpoints',
    unheard('no endpoints available for service "wh"'),
    called('no endpoints', 'no endpoints available for service "wh"'),
  ],
  [
    'a webhook without a Service',
    unheard('service "wh" not found'),
    called('no Service', 'service "wh" not found'),
  ],
  [
    'a webhook that is not trusted',
    unheard('x509: certificate has expired or is not yet valid'),
    called('certificate', 'x509: certificate has expired or is not yet valid'),
  ],
  [
    'a webhook that takes too long',
    unheard('context deadline exceeded'),
    called('timeout', 'context deadline exceeded'),
  ],
  [
    'a webhook that does not listen',
    unheard('dial tcp 10.96.0.9:443: connect: connection refused'),
    called('connection', 'dial tcp 10.96.0.9:443: connect: connection refused'),
  ],
  [
    'a webhook by its URL',
    'Internal error occurred: failed calling webhook "v.acme.io": failed to call webhook: Post "https://hooks.example.com/validate": EOF',
    {
      type: 'webhookUnheard',
      webhook: 'v.acme.io',
      service: undefined,
      silence: 'connection',
      words:
        'failed to call webhook: Post "https://hooks.example.com/validate": EOF',
    },
  ],
  [
    'a webhook that denies',
    'admission webhook "policy.acme" denied the request: no: thanks',
    { type: 'webhookDenied', webhook: 'policy.acme', words: 'no: thanks' },
  ],
  [
    'a policy that denies',
    forbidden(
      "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: object.spec",
    ),
    {
      type: 'policyDenied',
      policy: 'p',
      binding: 'b',
      words: 'failed expression: object.spec',
    },
  ],
  [
    'an account that is gone',
    forbidden(
      'error looking up service account shop/api: serviceaccount "api" not found',
    ),
    expect.objectContaining({
      type: 'notFound',
      namespace: 'shop',
      name: 'api',
    }),
  ],
  [
    'a token of an account that is gone',
    'MountVolume.SetUp failed for volume "kube-api-access-x" : failed to fetch token: serviceaccounts "api" not found',
    expect.objectContaining({ type: 'notFound', name: 'api' }),
  ],
  [
    'a priority that is gone',
    forbidden('no PriorityClass with name gold was found'),
    expect.objectContaining({ type: 'notFound', name: 'gold' }),
  ],
  [
    'a runtime that is gone',
    forbidden('pod rejected: RuntimeClass "gvisor" not found'),
    expect.objectContaining({ type: 'notFound', name: 'gvisor' }),
  ],
  [
    'a namespace that ends',
    forbidden(
      'unable to create new content in namespace shop because it is being terminated',
    ),
    { type: 'namespaceTerminating', namespace: 'shop' },
  ],
  [
    'a permission',
    'pods is forbidden: User "system:serviceaccount:shop:op" cannot list resource "pods" in API group "" in the namespace "shop"',
    {
      type: 'noPermission',
      user: 'system:serviceaccount:shop:op',
      words: 'list resource "pods" in API group "" in the namespace "shop"',
    },
  ],
  [
    'a field',
    'create Pod web-0 in StatefulSet web failed error: Pod "web-0" is invalid: spec.containers[0].image: Required value',
    { type: 'invalid', words: 'spec.containers[0].image: Required value' },
  ],
  ['something else', forbidden('not today'), { type: 'other' }],
])('reads %s', (_, text, expected) => {
  expect(readRefusal(text)).toEqual(expected);
});

it.each([
  '',
  'Created pod: cart-x7k2p',
  'Back-off pulling image "cart:1"',
  '0/3 nodes are available: 3 Insufficient cpu.',
])('reads no refusal from %j', text => {
  expect(readRefusal(text)).toBeUndefined();
});

it('reads any text, and what was cut anywhere, without failing', () => {
  const sentences = [
    forbidden(
      'exceeded quota: compute, requested: cpu=1, used: cpu=1, limited: cpu=1',
    ),
    forbidden('[maximum memory usage per Container is 512Mi, but limit is 1Gi'),
    unheard('no endpoints available for service "wh"'),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...sentences),
      fc.nat(300),
      fc.string(),
      (sentence, length, more) => {
        const found: ApiRefusal | undefined = readRefusal(
          sentence.slice(0, length) + more,
        );
        expect(found === undefined || typeof found.type === 'string').toBe(
          true,
        );
      },
    ),
  );
});
