import { KubernetesObject } from '../kindDefinition';
import { verdictAt } from '../status';
import { conditions, NOW, told } from './__testUtils__/shippedCatalog';

const certificate = (rest: KubernetesObject = {}): KubernetesObject => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  spec: {
    secretName: 'web-tls',
    dnsNames: ['web.example.com'],
    issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' },
  },
  ...rest,
});

it('a Certificate names its issuer and the Secret that it fills', async () => {
  const { references, observed } = await told(certificate());
  expect(references).toEqual([
    'certificate-issuer > ClusterIssuer.cert-manager.io /letsencrypt',
    'certificate-secret > Secret shop/web-tls?',
  ]);
  expect(observed.properties).toMatchObject({
    SecretName: 'web-tls',
    DnsNames: ['web.example.com'],
  });
});

it.each<[string, object, string]>([
  ['without a kind', { name: 'ca' }, 'Issuer.cert-manager.io shop/ca'],
  [
    'of the same kind',
    { name: 'ca', kind: 'Issuer', group: 'cert-manager.io' },
    'Issuer.cert-manager.io shop/ca',
  ],
  [
    'of another operator',
    { name: 'aws', kind: 'AWSPCAIssuer', group: 'awspca.cert-manager.io' },
    'AWSPCAIssuer.awspca.cert-manager.io shop/aws',
  ],
])('an issuer %s', async (_, issuerRef, expected) => {
  const { references } = await told(certificate({ spec: { issuerRef } }));
  expect(references).toEqual([`certificate-issuer > ${expected}`]);
});

it.each<[string, KubernetesObject, string]>([
  ['ready', conditions('Ready=True:Ready'), 'ok Ready'],
  ['being renewed', conditions('Ready=True:Ready', 'Issuing=True'), 'ok Ready'],
  [
    'not ready',
    conditions('Ready=False:DoesNotExist'),
    'degraded DoesNotExist',
  ],
  [
    'being issued for hours',
    conditions('Ready=False:DoesNotExist', 'Issuing=True:Issuing'),
    'degraded Issuing',
  ],
  [
    'expired',
    { ...conditions('Ready=True:Ready'), notAfter: '2026-01-01T23:00:00Z' },
    'down CertificateExpired',
  ],
])('a Certificate %s (H154)', async (_, status, expected) => {
  expect((await told(certificate({ status }))).status).toBe(expected);
});

it('gives an ACME challenge ten minutes', async () => {
  const issuing = certificate({
    status: conditions('Ready=False:DoesNotExist', 'Issuing=True:Issuing'),
  });
  const noon = Date.parse('2026-01-01T12:00:00Z');
  expect((await told(issuing, noon + 599_000)).status).toBe(
    'progressing Issuing',
  );
  expect((await told(issuing, noon + 600_000)).status).toBe('degraded Issuing');
});

it('knows when a Certificate that is well will expire', async () => {
  const { observed } = await told(
    certificate({
      status: { ...conditions('Ready=True'), notAfter: '2026-02-01T00:00:00Z' },
    }),
  );
  expect(observed.verdict.level).toBe('ok');
  expect(
    verdictAt(observed.verdict, Date.parse('2026-02-01T00:00:00Z')),
  ).toMatchObject({ level: 'down', reason: 'CertificateExpired' });
});

it('an Issuer needs the Secrets of its solvers', async () => {
  const { references } = await told({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    spec: {
      acme: {
        privateKeySecretRef: { name: 'account' },
        solvers: [
          { http01: { ingress: { ingressClassName: 'nginx' } } },
          {
            dns01: {
              cloudflare: { apiTokenSecretRef: { name: 'cf', key: 'token' } },
            },
          },
        ],
      },
    },
  });
  expect(references).toEqual([
    'issuer-secret > Secret shop/cf {"keys":["token"]}',
    'issuer-account-secret > Secret shop/account?',
  ]);
});

it('a ClusterIssuer has its Secrets where cert-manager is', async () => {
  const { references, status } = await told({
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { namespace: '' },
    spec: { ca: { secretName: 'root-ca' } },
    status: conditions('Ready=False:ErrGetKeyPair'),
  });
  expect(references).toEqual(['issuer-secret > Secret cert-manager/root-ca']);
  expect(status).toBe('degraded ErrGetKeyPair');
});

it.each([
  ['valid', 'ok Valid'],
  ['pending', 'degraded Pending'],
  ['errored', 'down errored'],
])('an Order that is %s', async (state, expected) => {
  const { status, observed } = await told({
    apiVersion: 'acme.cert-manager.io/v1',
    kind: 'Order',
    spec: { issuerRef: { name: 'ca' } },
    status: { state, reason: '429 too many certificates' },
  });
  expect(status).toBe(expected);
  expect(observed.verdict.message).toBe(
    state === 'valid' ? undefined : '429 too many certificates',
  );
});

it('a failed CertificateRequest is down, a pending one is not at once', async () => {
  const request = (...texts: string[]) => ({
    apiVersion: 'cert-manager.io/v1',
    kind: 'CertificateRequest',
    spec: { issuerRef: { name: 'ca' } },
    status: conditions(...texts),
  });
  expect((await told(request('Ready=False:Failed'))).status).toBe(
    'down Failed',
  );
  expect(
    (await told(request('Ready=False:Pending'), NOW - 12 * 3_600_000 + 1))
      .status,
  ).toBe('progressing Pending');
});

it('a webhook names who writes its caBundle (R160)', async () => {
  const { references } = await told({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      namespace: '',
      annotations: { 'cert-manager.io/inject-ca-from': 'gate/serving-cert' },
    },
    webhooks: [],
  });
  expect(references).toContain(
    'cabundle-certificate > Certificate.cert-manager.io gate/serving-cert',
  );
});
