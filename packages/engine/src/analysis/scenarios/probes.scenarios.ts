import { Scenario } from './scenario';
import { bystanders, rollout } from './templateRollout';
import * as t from './templates';

const probe = (
  name: 'liveness' | 'readiness' | 'startup',
  port: number | string,
  more: object = {},
  path = '/healthz',
) => ({
  [`${name}Probe`]: { httpGet: { path, port }, ...more },
});
const REFUSED = (port: number) =>
  `Get "http://10.244.0.7:${port}/healthz": dial tcp 10.244.0.7:${port}: connect: connection refused`;

export const probes: readonly Scenario[] = [
  {
    id: 'S022',
    fault: 'the liveness probe asks on a port that nobody listens on',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('liveness', 40),
        pods: t.probeKills(`Liveness probe failed: ${REFUSED(40)}`),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ProbeMisconfigured'],
      affected: ['Service/shop/cart'],
      says: ['liveness', '40', '8080'],
    },
  },
  {
    id: 'S022b',
    fault: 'a new revision asks for a path that the application does not have',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        before: { container: probe('liveness', 8080) },
        container: probe('liveness', 8080, {}, '/health'),
        pods: t.probeKills(
          'Liveness probe failed: HTTP probe failed with statuscode: 404',
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ProbeMisconfigured'],
      says: ['/health', '404', 'livenessProbe', 'revision 2'],
    },
  },
  {
    id: 'S023',
    fault: 'the liveness probe kills before the application is up',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('liveness', 8080, {
          initialDelaySeconds: 0,
          periodSeconds: 1,
          failureThreshold: 1,
        }),
        pods: t.probeKills(`Liveness probe failed: ${REFUSED(8080)}`),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ProbeTooImpatient'],
      says: ['liveness', '1 s', 'startupProbe'],
    },
  },
  {
    id: 'S024',
    fault: 'the readiness probe asks for a path that does not exist',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('readiness', 'http'),
        pods: t.notReady(
          'Readiness probe failed: HTTP probe failed with statuscode: 404',
        ),
      }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ProbeMisconfigured'],
      affected: ['Service/shop/cart', 'Ingress/shop/cart'],
      says: ['/healthz', '404'],
    },
  },
  {
    id: 'S024b',
    fault: 'the readiness probe asks on a port that no container declares',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('readiness', 9090),
        pods: t.notReady(`Readiness probe failed: ${REFUSED(9090)}`),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ProbeMisconfigured'],
      affected: ['Service/shop/cart'],
      says: ['9090', '8080'],
    },
  },
  {
    id: 'S024c',
    fault: 'the application answers 503 to its readiness probe',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('readiness', 8080),
        pods: t.notReady(),
      }),
      t.service('shop/cart'),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S025',
    fault: 'the startup probe gives up before the application is up',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('startup', 8080, {
          periodSeconds: 5,
          failureThreshold: 2,
        }),
        pods: t.probeKills(`Startup probe failed: ${REFUSED(8080)}`, {
          probe: 'startup',
        }),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['StartupBudgetTooShort'],
      says: ['startup', '10 s', 'failureThreshold'],
    },
  },
  {
    id: 'S022c',
    fault: 'one of several pods does not answer its liveness probe',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 3,
        container: probe('liveness', 8080, { periodSeconds: 1 }),
        pods: [
          t.probeKills(`Liveness probe failed: ${REFUSED(8080)}`),
          t.running,
          t.running,
        ],
      }),
    ),
    expects: {
      noCause: true,
      orLikely: ['Deployment/shop/cart', 'Pod/shop/cart-1f6d8c9b1-bks4c'],
    },
  },
  {
    id: 'S022d',
    fault:
      'the application ends with an error of its own, and its probes fail meanwhile',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('liveness', 40),
        pods: t.probeKills(`Liveness probe failed: ${REFUSED(40)}`, {
          exitCode: 1,
        }),
      }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S024d',
    fault:
      'a readiness probe on a port that no container declares; its events are gone',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: probe('readiness', 9090),
        pods: one => t.notReady()(one).slice(0, 1),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ProbeMisconfigured'],
      says: ['9090', '8080'],
    },
  },
];
