import { Scenario } from './scenario';
import * as t from './templates';

const ISSUED_BY = { name: 'letsencrypt', kind: 'ClusterIssuer' };

/** Well, unless it says why not. */
function clusterIssuer(trouble?: string): t.Objects {
  return t.object('cert-manager.io/v1', 'ClusterIssuer', 'letsencrypt', {
    spec: { acme: { server: 'https://acme.example.com', solvers: [] } },
    status: trouble
      ? t.readyStatus('False', 'ErrRegisterACMEAccount', trouble, 120)
      : t.readyStatus('True', 'ACMEAccountRegistered'),
  });
}

/** The chain from certificate to challenge, which is asked for and not answered. */
function pendingChallenge(reason: string): t.Objects {
  const waiting = 'Issuing certificate as Secret does not exist';
  const cert = t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
    age: 60,
    spec: {
      secretName: 'shop-tls',
      dnsNames: ['shop.example.com'],
      issuerRef: ISSUED_BY,
    },
    status: {
      conditions: [
        t.condition('Ready', 'False', 'DoesNotExist', waiting, 60),
        t.condition('Issuing', 'True', 'DoesNotExist', waiting, 60),
      ],
    },
  });
  const request = t.object(
    'cert-manager.io/v1',
    'CertificateRequest',
    'shop/tls-1',
    {
      age: 60,
      owner: cert,
      spec: { issuerRef: ISSUED_BY },
      status: t.readyStatus(
        'False',
        'Pending',
        'Waiting on certificate issuance from order shop/tls-1-1: "pending"',
        60,
      ),
    },
  );
  const order = t.object('acme.cert-manager.io/v1', 'Order', 'shop/tls-1-1', {
    age: 60,
    owner: request,
    spec: { issuerRef: ISSUED_BY },
    status: { state: 'pending' },
  });
  const challenge = t.object(
    'acme.cert-manager.io/v1',
    'Challenge',
    'shop/tls-1-1-1',
    {
      age: 60,
      owner: order,
      spec: {
        type: 'HTTP-01',
        dnsName: 'shop.example.com',
        issuerRef: ISSUED_BY,
      },
      status: { state: 'pending', presented: true, processing: true, reason },
    },
  );
  return [cert, request, order, challenge];
}

const CHAIN = [
  'Certificate/shop/tls',
  'CertificateRequest/shop/tls-1',
  'Order/shop/tls-1-1',
];

export const certificateScenarios: readonly Scenario[] = [
  {
    id: 'S144',
    fault: 'the challenge of a certificate is answered by somebody else',
    objects: t.world(
      pendingChallenge(
        "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'",
      ),
      clusterIssuer(),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { tls: 'shop-tls' }),
      t.ingress('shop/well', { backend: 'cart' }),
    ),
    expects: {
      roots: ['Challenge/shop/tls-1-1-1'],
      affected: CHAIN,
      says: ['404'],
    },
  },
  {
    id: 'S144b',
    fault:
      'an issuer has no account, so nothing is renewed, and a certificate has expired',
    objects: t.world(
      t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
        spec: {
          secretName: 'shop-tls',
          dnsNames: ['shop.example.com'],
          issuerRef: ISSUED_BY,
        },
        status: {
          notAfter: t.ago(30),
          conditions: [
            t.condition(
              'Ready',
              'False',
              'Expired',
              'Certificate expired on 2026-03-02T09:30:00Z',
              30,
            ),
          ],
        },
      }),
      t.secret('shop/shop-tls', ['tls.crt', 'tls.key']),
      clusterIssuer('Failed to register ACME account: 403 unauthorized'),
    ),
    expects: {
      roots: ['ClusterIssuer//letsencrypt'],
      affected: ['Certificate/shop/tls'],
      says: ['ACME account'],
    },
  },
  {
    id: 'S144c',
    fault: 'the key of an issuer does not exist',
    objects: t.world(
      t.object('cert-manager.io/v1', 'Issuer', 'shop/ca', {
        spec: { ca: { secretName: 'ca-key' } },
        status: t.readyStatus(
          'False',
          'ErrGetKeyPair',
          'Error getting keypair for CA issuer: secrets "ca-key" not found',
        ),
      }),
      t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
        age: 60,
        spec: {
          secretName: 'shop-tls',
          issuerRef: { name: 'ca', kind: 'Issuer' },
        },
        status: t.readyStatus(
          'False',
          'DoesNotExist',
          'Issuing certificate as Secret does not exist',
        ),
      }),
      t.deployment('shop/cart', {
        age: t.FAULT,
        template: {
          volumes: [{ name: 'tls', secret: { secretName: 'shop-tls' } }],
        },
        pods: t.mountFails(
          'MountVolume.SetUp failed for volume "tls" : secret "shop-tls" not found',
        ),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Secret/shop/ca-key'],
      affected: [
        'Issuer/shop/ca',
        'Certificate/shop/tls',
        'Deployment/shop/cart',
      ],
    },
  },
  {
    id: 'S144d',
    fault: 'a certificate is being issued since a minute (C24)',
    objects: t.world(
      t.object('cert-manager.io/v1', 'Certificate', 'shop/tls', {
        age: 1,
        spec: { secretName: 'shop-tls', issuerRef: ISSUED_BY },
        status: {
          conditions: [
            t.condition('Ready', 'False', 'DoesNotExist', 'Issuing', 0.8),
            t.condition('Issuing', 'True', 'DoesNotExist', 'Issuing', 0.8),
          ],
        },
      }),
      clusterIssuer(),
    ),
    expects: { nothing: true },
  },
];
