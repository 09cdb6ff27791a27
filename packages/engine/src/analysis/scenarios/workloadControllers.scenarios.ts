import { Scenario } from './scenario';
import { bystanders, rollout } from './templateRollout';
import * as t from './templates';

const NO_TAG =
  'rpc error: code = NotFound desc = registry.example/cart:v9x: not found';
const QUOTA =
  'pods "cart-2f6d8c9b2-bks4c" is forbidden: exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=1500m, limited: requests.cpu=1500m';

export const workloadControllers: readonly Scenario[] = [
  {
    id: 'S115',
    fault: 'a workload behind an Ingress was scaled to zero',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', { replicas: 0, changed: 20 }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ScaledToZero'],
      affected: ['Service/shop/cart'],
      says: ['scaled to zero', 'Ingress cart', 'kubectl scale'],
    },
  },
  {
    id: 'S115b',
    fault: 'a workload that nobody needs is scaled to zero',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', { replicas: 0, changed: 20 }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S116',
    fault: 'a bad image, and a strategy that replaces all pods at once',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        kept: 0,
        before: { image: 'registry.example/cart:v9' },
        image: 'registry.example/cart:v9x',
        spec: {
          strategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxSurge: 0, maxUnavailable: '100%' },
          },
        },
        pods: t.imagePull('registry.example/cart:v9x', NO_TAG),
      }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['ImageNotFound'],
      affected: ['Service/shop/cart', 'Ingress/shop/cart'],
      says: ['v9x', 'maxUnavailable', '100%'],
    },
  },
  {
    id: 'S117',
    fault: 'a Deployment was paused with a change of its template',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        image: 'registry.example/cart:v9',
        spec: { paused: true },
        changed: 20,
      }),
      t.service('shop/cart'),
    ),
    expects: { nothing: true },
  },
  {
    id: 'S118',
    fault: 'the surge pod of a rollout does not fit into the quota',
    objects: t.world(
      bystanders(),
      t.object('v1', 'ResourceQuota', 'shop/compute', {
        spec: { hard: { 'requests.cpu': '1500m' } },
        status: {
          hard: { 'requests.cpu': '1500m' },
          used: { 'requests.cpu': '1500m' },
        },
      }),
      rollout('shop/cart', {
        before: { container: { resources: { requests: { cpu: '500m' } } } },
        image: 'registry.example/cart:2.0',
        container: { resources: { requests: { cpu: '500m' } } },
        refused: QUOTA,
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['ResourceQuota/shop/compute'],
      affected: ['Deployment/shop/cart'],
      says: ['compute', 'maxSurge'],
    },
  },
  {
    id: 'S119',
    fault: 'the first pod of a StatefulSet crashes, the others wait for it',
    objects: t.world(
      bystanders(),
      t.statefulSet('shop/web-db', {
        replicas: 3,
        created: 1,
        pods: t.crashing(1),
      }),
      t.service('shop/web-db', { spec: { clusterIP: 'None' } }),
    ),
    expects: {
      roots: ['StatefulSet/shop/web-db', 'Pod/shop/web-db-0'],
      affected: ['StatefulSet/shop/web-db', 'Service/shop/web-db'],
      says: ['2 more', 'order'],
    },
  },
  {
    id: 'S132',
    fault: 'a CronJob lowers the memory limit of a Deployment',
    objects: (() => {
      const cron = t.cronJob('shop/tuner', {
        age: t.OLD,
        schedule: '40 9 * * *',
        template: { serviceAccountName: 'tuner' },
        status: {
          lastScheduleTime: t.ago(20.5),
          lastSuccessfulTime: t.ago(19.5),
        },
      });
      return t.world(
        bystanders(),
        t.serviceAccount('shop/tuner'),
        t.object('rbac.authorization.k8s.io/v1', 'Role', 'shop/tuner', {
          fields: {
            rules: [
              {
                apiGroups: ['apps'],
                resources: ['deployments'],
                verbs: ['get', 'patch'],
              },
            ],
          },
        }),
        t.object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'shop/tuner', {
          fields: {
            roleRef: {
              apiGroup: 'rbac.authorization.k8s.io',
              kind: 'Role',
              name: 'tuner',
            },
            subjects: [
              { kind: 'ServiceAccount', name: 'tuner', namespace: 'shop' },
            ],
          },
        }),
        cron,
        t.job('shop/tuner-2890', {
          owner: cron,
          age: 20.5,
          replicas: 1,
          pods: t.done('Succeeded'),
          template: { serviceAccountName: 'tuner' },
          status: {
            succeeded: 1,
            startTime: t.ago(20.5),
            completionTime: t.ago(19.5),
            conditions: [t.condition('Complete', 'True')],
          },
        }),
        rollout('shop/cart', {
          kept: 0,
          since: 20,
          manager: 'kubectl-patch',
          before: {
            container: { resources: { limits: { memory: '256Mi' } } },
          },
          container: { resources: { limits: { memory: '20Mi' } } },
          pods: t.oomKilled(),
        }),
      );
    })(),
    expects: {
      roots: ['CronJob/shop/tuner'],
      affected: ['Deployment/shop/cart'],
      says: ['tuner', '256Mi', '20Mi'],
    },
  },
  {
    id: 'S133',
    fault: 'the storage driver has no pod on a tainted node',
    objects: t.world(
      bystanders(),
      t.node('node-1'),
      t.node('node-2'),
      t.node('node-3', {
        taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }],
      }),
      t.object('storage.k8s.io/v1', 'CSIDriver', 'csi.example.com', {
        spec: { attachRequired: false },
      }),
      t.daemonSet('kube-system/csi-node', {
        nodes: ['node-1', 'node-2'],
        template: {
          volumes: [
            {
              name: 'plugin',
              hostPath: { path: '/var/lib/kubelet/plugins/csi.example.com' },
            },
          ],
        },
      }),
      t.storageClass('standard'),
      t.claim('shop/data'),
      t.volume('pv-data', { claim: 'shop/data' }),
      t.deployment('shop/trainer', {
        replicas: 1,
        nodes: ['node-3'],
        template: {
          tolerations: [{ key: 'dedicated', operator: 'Exists' }],
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
          ],
        },
        pods: t.mountFails(
          'MountVolume.MountDevice failed for volume "pv-data" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name csi.example.com not found in the list of registered CSI drivers',
        ),
      }),
    ),
    expects: {
      roots: ['DaemonSet/kube-system/csi-node'],
      affected: ['Deployment/shop/trainer'],
      says: ['node-3', 'dedicated', 'csi.example.com'],
    },
  },
];
