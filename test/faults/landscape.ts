import { KubernetesObject } from '@kubernetes-topology/cluster-simulator';

/** A namespace of the landscape; `lab` comes and goes as a whole. */
export const NAMESPACES = ['shop', 'bank', 'lab'] as const;
/** Deployments of each namespace; each has all that it refers to. */
export const APPLICATIONS = ['web', 'api', 'worker'] as const;
export const NODES = ['node-a', 'node-b', 'node-c'] as const;
export const STATEFUL = 'queue';

type Place = { namespace: string; app: string };

/** What storms begin with: about a hundred objects once the controllers have made pods of it. */
export function landscape(): KubernetesObject[] {
  return [
    ...NODES.map(node),
    storageClass(),
    ...NAMESPACES.flatMap(namespaced),
  ];
}

export function namespaced(namespace: string): KubernetesObject[] {
  const apps =
    namespace === 'lab' ? APPLICATIONS.slice(0, 1) : [...APPLICATIONS];
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { team: namespace } },
    },
    ...apps.flatMap(app => application({ namespace, app })),
    ...(namespace === 'bank' ? statefulSet(namespace) : []),
    networkPolicy(namespace, 'web'),
  ];
}

/** What `web` and its like refer to comes with them; `worker` asks for a Secret that may be absent. */
export function application({ namespace, app }: Place): KubernetesObject[] {
  return [
    configMap({ namespace, app }, ['mode']),
    secret({ namespace, app }, ['password']),
    serviceAccount({ namespace, app }),
    ...(app === 'api' ? [claim({ namespace, app })] : []),
    deployment({ namespace, app }),
    service({ namespace, app }),
    ...(app === 'web' ? [ingress(namespace), budget({ namespace, app })] : []),
  ];
}

export function deployment({ namespace, app }: Place): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, namespace, labels: { app } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app, tier: 'one' } },
        spec: podSpec(app),
      },
    },
  };
}

export function barePod({ namespace, app }: Place, name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app, bare: 'yes' } },
    spec: podSpec(app),
  };
}

function podSpec(app: string): KubernetesObject['spec'] {
  return {
    serviceAccountName: app,
    containers: [
      {
        name: 'main',
        image: 'registry.example/app:1',
        envFrom: [
          { configMapRef: { name: `${app}-config` } },
          {
            secretRef: {
              name: `${app}-secret`,
              optional: app === 'worker',
            },
          },
        ],
      },
    ],
    volumes:
      app === 'api'
        ? [{ name: 'data', persistentVolumeClaim: { claimName: 'api-data' } }]
        : undefined,
  };
}

export function configMap(
  { namespace, app }: Place,
  keys: readonly string[],
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${app}-config`, namespace },
    data: Object.fromEntries(keys.map(key => [key, 'value'])),
  };
}

export function secret(
  { namespace, app }: Place,
  keys: readonly string[],
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${app}-secret`, namespace },
    stringData: Object.fromEntries(
      keys.map(key => [key, 'not-a-real-password']),
    ),
  };
}

function serviceAccount({ namespace, app }: Place): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: app, namespace },
  };
}

export function claim({ namespace, app }: Place): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `${app}-data`, namespace },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'standard',
      resources: { requests: { storage: '1Gi' } },
    },
  };
}

export function service({ namespace, app }: Place): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app, namespace },
    spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

export function ingress(namespace: string, backend: string = 'web') {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'front', namespace },
    spec: {
      rules: [
        {
          host: `${namespace}.example.com`,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: backend, port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  };
}

function budget({ namespace, app }: Place): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: app, namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app } } },
  };
}

export function networkPolicy(
  namespace: string,
  app: string,
): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'guard', namespace },
    spec: {
      podSelector: { matchLabels: { app } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { team: 'shop' } } },
            { podSelector: { matchLabels: { tier: 'one' } } },
          ],
        },
      ],
    },
  };
}

function statefulSet(namespace: string): KubernetesObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: STATEFUL, namespace },
      spec: {
        clusterIP: 'None',
        selector: { app: STATEFUL },
        ports: [{ port: 5672 }],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: STATEFUL, namespace },
      spec: {
        serviceName: STATEFUL,
        replicas: 2,
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: { app: STATEFUL } },
        template: {
          metadata: { labels: { app: STATEFUL } },
          spec: {
            containers: [{ name: 'main', image: 'registry.example/queue:1' }],
          },
        },
      },
    },
  ];
}

export function node(name: string): KubernetesObject {
  const amounts = { cpu: '16', memory: '64Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    spec: { podCIDR: `10.244.${NODES.indexOf(name as 'node-a')}.0/24` },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

export const DEFINITION = 'widgets.example.com';

/** A kind that nobody has described, and an object of it that a Deployment owns. */
export function widgetDefinition(): KubernetesObject {
  const names = { plural: 'widgets', singular: 'widget', kind: 'Widget' };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: DEFINITION },
    spec: {
      group: 'example.com',
      names: { ...names, listKind: 'WidgetList' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true }],
    },
  };
}

export function widget(namespace: string, ready: boolean): KubernetesObject {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'gadget', namespace },
    spec: { size: 1 },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          reason: 'ByStorm',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    },
  };
}

function storageClass(): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard' },
    provisioner: 'hostpath.csi.example',
    volumeBindingMode: 'Immediate',
  };
}
