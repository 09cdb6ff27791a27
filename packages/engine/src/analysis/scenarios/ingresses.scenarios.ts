import { Scenario } from './scenario';
import * as t from './templates';

const web = { name: 'http', port: 80, protocol: 'TCP' };

/** What is in front of Services: S080–S083. */
export const ingressScenarios: readonly Scenario[] = [
  {
    id: 'S080',
    fault: 'a Service was deleted, an Ingress still sends to it',
    objects: t.world(
      t.deployment('shop/cart'),
      t.ingress('shop/cart'),
      t.deployment('shop/api'),
      t.service('shop/api'),
      t.ingress('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      faults: ['MissingService'],
      affected: ['Ingress/shop/cart'],
      says: ['does not exist'],
    },
  },
  {
    id: 'S080b',
    fault: 'a Service was deleted that an init container waits for',
    objects: t.world(
      t.deployment('shop/db'),
      t.deployment('shop/api', {
        template: {
          initContainers: [
            {
              name: 'wait',
              image: 'busybox:1.36',
              command: ['sh', '-c', 'until nc -z db 5432; do sleep 1; done'],
            },
          ],
        },
        pods: t.initRunning('wait'),
      }),
      t.service('shop/api'),
      t.ingress('shop/api'),
    ),
    expects: {
      roots: ['Service/shop/db'],
      affected: ['Deployment/shop/api', 'Service/shop/api', 'Ingress/shop/api'],
      says: ['does not exist', 'db'],
    },
  },
  {
    id: 'S080c',
    fault: 'a Service was deleted, and who calls it ends with a failed look-up',
    objects: t.world(
      t.deployment('shop/cart'),
      t.deployment('shop/web', {
        container: {
          env: [
            { name: 'CART_ADDR', value: 'cart:8080' },
            { name: 'OTEL', value: 'http://otel-collector:4317' },
          ],
        },
        pods: t.crashing(1, 'Error', {
          message: 'dial tcp: lookup cart on 10.96.0.10:53: no such host',
        }),
      }),
      t.service('shop/web'),
    ),
    expects: {
      roots: ['Service/shop/cart'],
      affected: ['Deployment/shop/web', 'Service/shop/web'],
      says: ['no such host'],
    },
  },
  {
    id: 'S081',
    fault: 'an Ingress sends to port 9090, the Service has 80 and 9091',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart', {
        ports: [
          { ...web, targetPort: 'http' },
          { name: 'metrics', port: 9091, targetPort: 'http' },
        ],
      }),
      t.ingress('shop/cart', { port: 9090, changed: 20 }),
    ),
    expects: {
      roots: ['Ingress/shop/cart'],
      faults: ['BackendPortMissing'],
      says: ['9090', '80 (http), 9091 (metrics)'],
    },
  },
  {
    id: 'S082',
    fault: 'an Ingress names a class that does not exist',
    objects: t.world(
      ...['nginx', 'alb'].map(name =>
        t.object('networking.k8s.io/v1', 'IngressClass', name, {
          spec: { controller: `example.com/${name}` },
        }),
      ),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', {
        className: 'ngnix',
        status: { loadBalancer: {} },
      }),
      t.ingress('shop/other', { backend: 'cart', className: 'nginx' }),
    ),
    expects: {
      roots: ['IngressClass//ngnix', 'Ingress/shop/cart'],
      affected: ['Ingress/shop/cart'],
      says: ['ngnix', 'alb', 'nginx'],
    },
  },
  {
    id: 'S082b',
    fault: 'an Ingress names no class, and none is the default',
    objects: t.world(
      t.object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
        spec: { controller: 'k8s.io/ingress-nginx' },
      }),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { status: { loadBalancer: {} } }),
    ),
    expects: { roots: ['Ingress/shop/cart'], says: ['class', 'nginx'] },
  },
  {
    id: 'S083',
    fault: 'the Secret of a TLS certificate was deleted',
    objects: t.world(
      t.secret('shop/other-tls', ['tls.crt', 'tls.key']),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { tls: 'cart-tls' }),
      t.ingress('shop/other', { backend: 'cart', tls: 'other-tls' }),
    ),
    expects: {
      roots: ['Secret/shop/cart-tls'],
      affected: ['Ingress/shop/cart'],
      says: ['cart-tls', 'spec.tls', 'kubectl create secret tls'],
    },
  },
  {
    id: 'S083b',
    fault: 'a certificate has expired: its issuer cannot renew it',
    objects: t.world(
      t.secret('shop/cart-tls', ['tls.crt', 'tls.key']),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', { tls: 'cart-tls' }),
      t.object('cert-manager.io/v1', 'Issuer', 'shop/letsencrypt', {
        spec: { acme: { server: 'https://acme.example.com' } },
        status: t.readyStatus(
          'False',
          'ErrRegisterACMEAccount',
          'Failed to register ACME account: context deadline exceeded',
          3 * 24 * 60,
        ),
      }),
      t.object('cert-manager.io/v1', 'Certificate', 'shop/cart', {
        spec: {
          secretName: 'cart-tls',
          dnsNames: ['cart.example.com'],
          issuerRef: { name: 'letsencrypt', kind: 'Issuer' },
        },
        status: {
          notAfter: t.ago(120),
          conditions: [
            t.condition(
              'Ready',
              'False',
              'Expired',
              'Certificate expired on Mon, 02 Mar 2026 08:00:00 UTC',
              120,
            ),
          ],
        },
      }),
    ),
    expects: {
      roots: ['Issuer/shop/letsencrypt'],
      affected: ['Certificate/shop/cart'],
      says: ['ACME', 'notAfter'],
    },
  },
  {
    id: 'C13',
    fault: 'nothing: an Ingress without an address on bare metal',
    objects: t.world(
      t.object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
        spec: { controller: 'k8s.io/ingress-nginx' },
      }),
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.ingress('shop/cart', {
        className: 'nginx',
        status: { loadBalancer: {} },
      }),
    ),
    expects: { nothing: true },
  },
];
