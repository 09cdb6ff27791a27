import { Scenario } from './scenario';
import { bystanders, rollout } from './templateRollout';
import * as t from './templates';

const fromConfigMap = (name: string, key: string, more: object = {}) => ({
  env: [{ name: key, valueFrom: { configMapKeyRef: { name, key, ...more } } }],
});
const fromSecret = (name: string, key: string) => ({
  env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name, key } } }],
});
const NOPE =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/nope": stat /nope: no such file or directory: unknown';

/** What a container needs before it can start. */
export const configReferences: readonly Scenario[] = [
  {
    id: 'S007',
    fault:
      'a ConfigMap that the environment is read from does not exist; one has nearly its name',
    objects: t.world(
      bystanders(),
      t.configMap('shop/app-cfgs', ['URL']),
      t.deployment('shop/cart', {
        container: fromConfigMap('app-cfg', 'URL'),
        pods: t.waiting(
          'CreateContainerConfigError',
          'configmap "app-cfg" not found',
        ),
      }),
      t.service('shop/cart'),
      t.ingress('shop/cart'),
    ),
    expects: {
      roots: ['ConfigMap/shop/app-cfg', 'Deployment/shop/cart'],
      affected: ['Service/shop/cart', 'Ingress/shop/cart'],
      says: ['app-cfg', 'app-cfgs'],
    },
  },
  {
    id: 'S008',
    fault: 'a key was removed from a ConfigMap',
    objects: t.world(
      bystanders(),
      t.configMap('shop/app-cfg', ['DB_HOST', 'DB_PORT'], {
        changed: 30,
        manager: 'kubectl-edit',
      }),
      t.deployment('shop/cart', {
        container: fromConfigMap('app-cfg', 'DB_URL'),
        pods: t.waiting(
          'CreateContainerConfigError',
          "couldn't find key DB_URL in ConfigMap shop/app-cfg",
        ),
      }),
    ),
    expects: {
      roots: ['ConfigMap/shop/app-cfg'],
      faults: ['MissingConfigMapKey'],
      says: ['DB_URL', 'DB_HOST', 'kubectl-edit', '09:30'],
    },
  },
  {
    id: 'S009',
    fault:
      'a Secret was deleted, and some of the pods that read it were restarted',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        replicas: 5,
        container: fromSecret('db-creds', 'password'),
        pods: [
          t.waiting(
            'CreateContainerConfigError',
            'secret "db-creds" not found',
          ),
          t.waiting(
            'CreateContainerConfigError',
            'secret "db-creds" not found',
          ),
          t.running,
          t.running,
          t.running,
        ],
      }),
    ),
    expects: {
      roots: ['Secret/shop/db-creds'],
      faults: ['MissingSecret'],
      affected: ['Deployment/shop/cart'],
      says: ['3 more'],
    },
  },
  {
    id: 'S010',
    fault: 'a Secret that is mounted does not exist',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        template: {
          volumes: [{ name: 'certs', secret: { secretName: 'tls-a' } }],
        },
        container: { volumeMounts: [{ name: 'certs', mountPath: '/certs' }] },
        pods: t.mountFails(
          'MountVolume.SetUp failed for volume "certs" : secret "tls-a" not found',
        ),
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Secret/shop/tls-a'],
      affected: ['Service/shop/cart'],
      says: ['tls-a'],
    },
  },
  {
    id: 'S011',
    fault: 'a volume asks for a key that its Secret does not have',
    objects: t.world(
      bystanders(),
      t.secret('shop/tls-a', ['tls.crt', 'tls.key']),
      t.deployment('shop/cart', {
        template: {
          volumes: [
            {
              name: 'v',
              secret: {
                secretName: 'tls-a',
                items: [{ key: 'ca.crt', path: 'ca.crt' }],
              },
            },
          ],
        },
        container: { volumeMounts: [{ name: 'v', mountPath: '/certs' }] },
        pods: t.mountFails(
          'MountVolume.SetUp failed for volume "v" : references non-existent secret key: ca.crt',
        ),
      }),
    ),
    expects: {
      roots: ['Secret/shop/tls-a', 'Deployment/shop/cart'],
      says: ['ca.crt', 'tls.crt'],
    },
  },
  {
    id: 'S012',
    fault: 'an optional ConfigMap is absent',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: fromConfigMap('flags', 'BETA', { optional: true }),
      }),
    ),
    expects: { nothing: true },
  },
];

/** Containers that cannot be started, or whose start fails. */
export const starting: readonly Scenario[] = [
  {
    id: 'S013',
    fault: 'the command of a new revision does not exist in the image',
    objects: t.world(
      bystanders(),
      rollout('shop/cart', {
        before: { container: { command: ['/app'] } },
        container: { command: ['/nope'] },
        revision: 5,
        pods: t.crashing(128, 'StartError', { message: NOPE }),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['CommandNotRunnable'],
      says: ['/nope', 'revision 5', 'command'],
    },
  },
  {
    id: 'S021',
    fault: 'the postStart hook fails',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: {
          lifecycle: { postStart: { exec: { command: ['false'] } } },
        },
        pods: one => {
          const [set, ...events] = t.crashing(137)(one);
          return [
            set,
            ...events,
            t.event(set, 'FailedPostStartHook', 'PostStartHook failed'),
            t.event(set, 'Killing', 'FailedPostStartHook', { type: 'Normal' }),
          ];
        },
      }),
      t.service('shop/cart'),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['PostStartHookFails'],
      says: ['postStart'],
    },
  },
  {
    id: 'S021b',
    fault: 'the postStart hook fails, as the container says itself',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        pods: t.waiting('PostStartHookError', 'PostStartHook failed'),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['PostStartHookFails'],
      says: ['postStart'],
    },
  },
  {
    id: 'S026',
    fault: 'runAsNonRoot, and the image runs as root',
    objects: t.world(
      bystanders(),
      t.deployment('shop/cart', {
        container: { securityContext: { runAsNonRoot: true } },
        pods: t.waiting(
          'CreateContainerConfigError',
          'container has runAsNonRoot and image will run as root (pod: "cart_shop(uid)", container: app)',
        ),
      }),
    ),
    expects: {
      roots: ['Deployment/shop/cart'],
      faults: ['SecurityContextConflict'],
      says: ['runAsNonRoot', 'runAsUser'],
    },
  },
  {
    id: 'S028',
    fault: 'a directory that a hostPath volume demands is absent on one node',
    objects: t.world(
      bystanders(),
      t.daemonSet('shop/agent', {
        template: {
          volumes: [
            { name: 'x', hostPath: { path: '/data', type: 'Directory' } },
          ],
        },
        pods: [
          t.running,
          t.running,
          t.mountFails(
            'MountVolume.SetUp failed for volume "x" : hostPath type check failed: /data is not a directory',
          ),
        ],
      }),
    ),
    expects: {
      roots: ['DaemonSet/shop/agent', 'Node//node-3'],
      says: ['/data', 'node-3'],
    },
  },
];
