import { Scenario } from './scenario';
import * as t from './templates';

export const firstScenarios: readonly Scenario[] = [
  {
    id: 'H1',
    fault: 'nothing: everything is well',
    objects: t.world(
      t.deployment('shop/api'),
      t.service('shop/api'),
      t.ingress('shop/api'),
      t.statefulSet('shop/db'),
      t.service('shop/db', { spec: { clusterIP: 'None' } }),
      t.daemonSet('kube-system/agent'),
      t.claim('shop/data'),
      t.volume('pv-data', { claim: 'shop/data' }),
      t.storageClass('standard'),
      t.autoscaler('shop/api'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'H2',
    fault: 'a Secret that pods read was deleted, and they were restarted',
    objects: t.world(
      t.deployment('shop/api', {
        container: {
          env: [
            {
              name: 'PASSWORD',
              valueFrom: {
                secretKeyRef: { name: 'db-creds', key: 'password' },
              },
            },
          ],
        },
        pods: t.waiting(
          'CreateContainerConfigError',
          'secret "db-creds" not found',
        ),
      }),
      t.service('shop/api'),
      t.ingress('shop/api'),
    ),
    expects: {
      roots: ['Secret/shop/db-creds'],
      faults: ['MissingSecret'],
      affected: ['Deployment/shop/api', 'Service/shop/api', 'Ingress/shop/api'],
      says: ['db-creds'],
    },
  },
  {
    id: 'H3',
    fault: 'a node is lost',
    objects: t.world(
      t.node('node-1'),
      t.node('node-2', { lost: 20 }),
      t.deployment('shop/api', {
        nodes: ['node-2'],
        pods: t.lostWithNode(20),
      }),
      t.service('shop/api'),
    ),
    expects: { roots: ['Node//node-2'], affected: ['Service/shop/api'] },
  },
];
