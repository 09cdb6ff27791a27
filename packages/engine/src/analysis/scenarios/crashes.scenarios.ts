import { Scenario } from './scenario';
import { bystanders, rollout } from './templateRollout';
import * as t from './templates';

const env = (value: string, name = 'DB_HOST') => ({
  env: [
    { name: 'MODE', value: 'production' },
    { name, value },
  ],
});
const memory = (limit: string) => ({
  resources: { requests: { memory: limit }, limits: { memory: limit } },
});

export const crashes: readonly Scenario[] = [
  {
    id: 'S014',
    fault: 'a variable was changed, and the application does not start with it',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        before: { container: env('db') },
        container: env('nowhere'),
        revision: 12,
        pods: t.crashing(1, 'Error', { message: 'FATAL: no such host' }),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ContainerCrashes'],
      says: ['DB_HOST', 'revision 12', 'revision 11'],
    },
  },
  {
    id: 'S015',
    fault: 'the memory limit was lowered',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        kept: 0,
        before: { container: memory('256Mi') },
        container: memory('10Mi'),
        revision: 4,
        pods: t.oomKilled(),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['OutOfMemory'],
      affected: ['Service/shop/cart'],
      says: ['256Mi', '10Mi', 'revision 4'],
    },
  },
  {
    id: 'S016',
    fault: 'a leak: memory grows until the limit, without any change',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 3,
        pods: [t.oomKilled(), t.running, t.running],
      }),
    ),
    expects: {
      noCause: true,
      orLikely: ['Deployment/shop/cart', 'Pod/shop/cart-1f6d8c9b1-bks4c'],
    },
  },
  {
    id: 'S017',
    fault: 'the process ends well, and should have stayed',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: { command: ['echo'] },
        pods: t.crashing(0, 'Completed'),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ContainerExits'],
      says: ['exit code 0', 'command'],
    },
  },
  {
    id: 'S018',
    fault:
      'an init container fails, for the Service that it asks does not exist',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        template: {
          initContainers: [
            { name: 'prepare', image: 'busybox' },
            {
              name: 'migrate',
              image: 'busybox',
              command: ['sh', '-c', 'nc -z db 5432 || exit 3'],
            },
          ],
        },
        pods: t.crashing(3, 'Error', { container: 'migrate' }),
      }),
    ),
    expects: {
      roots: ['Service/shop/db'],
      affected: ['Deployment/shop/cart'],
      says: ['migrate', 'exit code 3', 'db'],
    },
  },
  {
    id: 'S018b',
    fault: 'an init container fails since the rollout that changed its command',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        before: {
          template: {
            initContainers: [
              { name: 'migrate', image: 'busybox', command: ['true'] },
            ],
          },
        },
        template: {
          initContainers: [
            { name: 'migrate', image: 'busybox', command: ['false'] },
          ],
        },
        pods: t.crashing(1, 'Error', { container: 'migrate' }),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      says: ['migrate', 'exit code 1', 'command'],
    },
  },
  {
    id: 'S018c',
    fault: 'an init container waits for a database that crashes',
    objects: t.world(
      bystanders(),
      rollout('shop/db', {
        before: { container: env('a', 'MODE_2') },
        kept: 0,
        replicas: 1,
        container: env('b', 'MODE_2'),
        pods: t.crashing(1),
      }),
      t.service('shop/db'),
      t.deployment('shop/cart', {
        template: {
          initContainers: [
            {
              name: 'wait-for-db',
              image: 'busybox',
              command: ['sh', '-c', 'nc -z db 5432'],
            },
          ],
        },
        pods: t.crashing(1, 'Error', { container: 'wait-for-db' }),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/db'],
      affected: ['Service/shop/db', 'Deployment/shop/cart'],
      says: ['MODE_2'],
    },
  },
  {
    id: 'S019',
    fault: 'an init container waits for a Service that does not exist',
    objects: t.world(
      bystanders(),
      t.service('shop/orders-dbs', { selector: { app: 'web' } }),
      t.deployment('shop/cart', {
        template: {
          initContainers: [
            {
              name: 'wait-for-db',
              image: 'busybox',
              command: [
                'sh',
                '-c',
                'until nslookup orders-db; do sleep 2; done',
              ],
            },
          ],
        },
        pods: t.initRunning('wait-for-db'),
      }),
    ),
    expects: {
      roots: ['Service/shop/orders-db'],
      affected: ['Deployment/shop/cart'],
      says: ['wait-for-db', 'orders-db', 'orders-dbs'],
    },
  },
  {
    id: 'S019b',
    fault: 'an init container hangs, and nothing tells on what',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        template: {
          initContainers: [
            { name: 'warm-up', image: 'busybox', command: ['sleep', '1d'] },
          ],
        },
        pods: t.initRunning('warm-up'),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['InitHangs'],
      says: ['warm-up'],
    },
  },
  {
    id: 'S020',
    fault: 'two containers of a pod listen on one port',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        sidecars: [
          {
            name: 'proxy',
            image: 'registry.example/proxy:1',
            ports: [{ containerPort: 8080, protocol: 'TCP' }],
          },
        ],
        pods: t.crashing(1, 'Error', { container: 'proxy' }),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['PortConflict'],
      says: ['8080', 'proxy', 'app'],
    },
  },
  {
    id: 'S020b',
    fault: 'a sidecar crashes; its ports are its own',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        sidecars: [
          {
            name: 'proxy',
            image: 'registry.example/proxy:1',
            ports: [{ containerPort: 8081, protocol: 'TCP' }],
          },
        ],
        pods: t.crashing(1, 'Error', { container: 'proxy' }),
      }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S027',
    fault: 'an operator makes a StatefulSet with a user that cannot be',
    objects: (() => {
      const resource = t.object('mongo.example.com/v1', 'Mongo', 'shop/docs', {
        spec: { user: -1 },
        status: t.readyStatus('True', 'Reconciled'),
      });
      return t.world(
        bystanders(),
        t.definition('mongo.example.com', 'Mongo', 'mongos'),
        resource,
        t.statefulSet('shop/docs', {
          owner: resource,
          template: { securityContext: { runAsUser: -1 } },
          refused:
            'Pod "docs-0" is invalid: spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
        }),
      );
    })(),
    expects: {
      roots: ['Mongo/shop/docs'],
      affected: ['StatefulSet/shop/docs'],
      says: ['runAsUser', '-1'],
    },
  },
  {
    id: 'S014b',
    fault: 'pods of a rollout crash that only restarted them',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', { revision: 2, pods: t.crashing(1) }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
  {
    id: 'S018d',
    fault: 'an init container fails, and the Service that it asks is well',
    objects: t.world(
      bystanders(),
      t.service('shop/web'),
      t.deployment('shop/cart', {
        template: {
          initContainers: [
            {
              name: 'migrate',
              image: 'busybox',
              command: ['sh', '-c', 'nc -z web 80 && migrate'],
            },
          ],
        },
        pods: t.crashing(3, 'Error', { container: 'migrate' }),
      }),
    ),
    expects: { noCause: true, orLikely: ['Deployment/shop/cart'] },
  },
];
