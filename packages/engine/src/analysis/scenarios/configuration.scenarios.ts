import { Scenario } from './scenario';
import * as t from './templates';

const FROM_MAP = {
  volumes: [{ name: 'c', configMap: { name: 'app-cfg' } }],
};
const MOUNT = { volumeMounts: [{ name: 'c', mountPath: '/etc/app' }] };

const FROM_SECRET = {
  env: [
    {
      name: 'PASSWORD',
      valueFrom: { secretKeyRef: { name: 'db-creds', key: 'password' } },
    },
  ],
};

export const changedScenarios: readonly Scenario[] = [
  {
    id: 'S138',
    fault: 'a ConfigMap was edited badly, and what reads it was restarted',
    objects: t.world(
      t.deployment('shop/cart', {
        template: FROM_MAP,
        container: MOUNT,
        pods: t.crashing(1),
      }),
      t.service('shop/cart'),
      t.configMap('shop/app-cfg', ['app.yaml'], {
        changed: 25,
        manager: 'kubectl-edit',
      }),
      t.configMap('shop/other', ['app.yaml'], { changed: 21 }),
      t.deployment('shop/well', {
        template: { volumes: [{ name: 'c', configMap: { name: 'other' } }] },
      }),
    ),
    expects: {
      roots: ['ConfigMap/shop/app-cfg'],
      faults: ['ConfigurationChanged'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['kubectl-edit', '09:35'],
    },
  },
  {
    id: 'S138b',
    fault: 'a rollout crashes; what it reads was changed long before',
    objects: t.world(
      t.deployment('shop/cart', {
        age: 60,
        template: FROM_MAP,
        container: MOUNT,
        pods: t.crashing(1, 'Error', { since: 59 }),
      }),
      t.configMap('shop/app-cfg', ['app.yaml'], { changed: 300 }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S138c',
    fault: 'one pod crashes; others that started after the change are well',
    objects: t.world(
      t.deployment('shop/cart', {
        template: FROM_MAP,
        container: MOUNT,
        pods: [
          t.crashing(1),
          one => [
            {
              ...one,
              metadata: { ...one.metadata, creationTimestamp: t.ago(10) },
            },
          ],
        ],
      }),
      t.configMap('shop/app-cfg', ['app.yaml'], { changed: 25 }),
    ),
    expects: {
      noCause: true,
      orLikely: ['Pod/shop/cart-1f6d8c9b1-bks4c', 'Deployment/shop/cart'],
    },
  },
  {
    id: 'S138d',
    fault:
      'a certificate was renewed as always; what reads it crashes for another reason',
    objects: t.world(
      t.deployment('shop/cart', {
        template: {
          volumes: [{ name: 's', secret: { secretName: 'cart-tls' } }],
        },
        pods: t.crashing(1),
      }),
      t.secret('shop/cart-tls', ['tls.crt', 'tls.key'], {
        changed: 25,
        manager: 'cert-manager-certificates-issuing',
      }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S138e',
    fault:
      'what crashes has done so since long before the ConfigMap was edited',
    objects: t.world(
      t.deployment('shop/cart', {
        template: FROM_MAP,
        container: MOUNT,
        pods: t.crashing(1, 'Error', { restarts: 60, since: 300 }),
      }),
      t.configMap('shop/app-cfg', ['app.yaml'], { changed: 25 }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S139',
    fault: 'flags are switched in a ConfigMap; errors are in traces only',
    objects: t.world(
      t.deployment('otel/flagd', {
        template: { volumes: [{ name: 'c', configMap: { name: 'flagd' } }] },
        container: MOUNT,
      }),
      t.service('otel/flagd'),
      t.configMap('otel/flagd', ['demo.flagd.json'], { changed: 1 }),
    ),
    expects: { noCause: true, orLikely: ['ConfigMap/otel/flagd'] },
  },
  {
    id: 'S140',
    fault:
      'a Secret was rotated, and pods that read it at start are not ready since',
    objects: t.world(
      t.deployment('shop/cart', {
        container: FROM_SECRET,
        pods: t.notReady(undefined, 20),
      }),
      t.service('shop/cart'),
      t.secret('shop/db-creds', ['password'], { changed: 25 }),
    ),
    expects: {
      roots: ['Secret/shop/db-creds'],
      affected: ['Deployment/shop/cart', 'Service/shop/cart'],
      says: ['09:35', 'kubectl rollout restart deployment/cart -n shop'],
    },
  },
  {
    id: 'S140b',
    fault: 'pods were not ready before the Secret was rotated',
    objects: t.world(
      t.deployment('shop/cart', {
        template: {
          volumes: [{ name: 's', secret: { secretName: 'db-creds' } }],
        },
        pods: t.notReady(undefined, 60),
      }),
      t.service('shop/cart'),
      t.secret('shop/db-creds', ['password'], { changed: 25 }),
    ),
    expects: { noCause: true },
  },
  {
    id: 'S141',
    fault: 'a template defines a variable twice',
    objects: t.world(
      t.deployment('shop/cart', {
        age: t.FAULT,
        container: {
          env: [
            { name: 'DB_HOST', value: 'db' },
            { name: 'MODE', value: 'x' },
            { name: 'DB_HOST', value: 'localhost' },
          ],
        },
        pods: t.crashing(1),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['EnvironmentShadowed'],
      affected: ['Service/shop/cart'],
      says: ['DB_HOST', 'twice'],
    },
  },
  {
    id: 'S141b',
    fault: 'a variable hides a key of the ConfigMap that gives all the others',
    objects: t.world(
      t.deployment('shop/cart', {
        age: t.FAULT,
        container: {
          env: [{ name: 'DB_HOST', value: 'localhost' }],
          envFrom: [{ configMapRef: { name: 'app-cfg' } }],
        },
        pods: t.crashing(1),
      }),
      t.configMap('shop/app-cfg', ['DB_HOST', 'DB_PORT']),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      says: ['hides key DB_HOST of ConfigMap app-cfg'],
    },
  },
  {
    id: 'S141c',
    fault: 'a variable is defined twice, and all is well',
    objects: t.world(
      t.deployment('shop/cart', {
        container: {
          env: [
            { name: 'A', value: 'x' },
            { name: 'A', value: 'y' },
          ],
        },
      }),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S142',
    fault: 'a wrong value was written into a Secret',
    objects: t.world(
      t.deployment('shop/cart', {
        container: FROM_SECRET,
        pods: t.crashing(1),
      }),
      t.secret('shop/db-creds', ['password'], { changed: 22 }),
    ),
    expects: { noCause: true, orLikely: ['Secret/shop/db-creds'] },
  },
  {
    id: 'S143',
    fault: 'a user was dropped in a database: all objects are healthy',
    objects: t.world(
      t.deployment('shop/cart'),
      t.service('shop/cart'),
      t.statefulSet('shop/mongo'),
      t.service('shop/mongo', { spec: { clusterIP: 'None' } }),
    ),
    expects: { nothing: true },
  },
];
