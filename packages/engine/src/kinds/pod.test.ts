import { ago, observe } from './__testUtils__/objects';
import { RUNNING, conditions, pod } from './__testUtils__/pods';
import { deploymentKind } from './deployment';
import { KubernetesObject } from './kindDefinition';
import { Reference } from './observation';
import { podKind } from './pod';
import { relationByName } from './relations';

/** `relation name! {details}`; `!` marks a required one. */
function referenceText({
  relation,
  other,
  required,
  details,
}: Reference): string {
  const told = details ? ` ${JSON.stringify(details)}` : '';
  return `${relation} ${other.name}${required ? '!' : ''}${told}`;
}

function configReferences(spec: { [field: string]: unknown }): string[] {
  return observe(podKind, pod({ container: RUNNING, spec }))
    .references.filter(({ relation }) => /^pod-/.test(relation))
    .map(referenceText);
}

const app = (fields: { [field: string]: unknown }) => ({
  containers: [{ name: 'app', image: 'i', ...fields }],
});
const volume = (source: { [field: string]: unknown }, mount = {}) => ({
  volumes: [{ name: 'v', ...source }],
  ...app({ volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] }),
});

describe('a pod needs', () => {
  it.each<[string, { [field: string]: unknown }, string[]]>([
    [
      'R019 a key of a ConfigMap',
      app({
        env: [
          {
            name: 'A',
            valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } },
          },
        ],
      }),
      [
        'pod-configmap c! {"keys":["k"],"requiredKeys":["k"],"via":["env"],"containers":["app"]}',
      ],
    ],
    [
      'R020 all of a ConfigMap',
      app({ envFrom: [{ configMapRef: { name: 'c' } }] }),
      ['pod-configmap c! {"via":["envFrom"],"containers":["app"]}'],
    ],
    [
      'R021 a ConfigMap as files',
      volume({ configMap: { name: 'c', items: [{ key: 'k', path: 'p' }] } }),
      [
        'pod-configmap c! {"keys":["k"],"requiredKeys":["k"],"via":["volume"],"containers":["app"],"volumes":["v"]}',
      ],
    ],
    [
      'R021 a ConfigMap as one file that never changes',
      volume({ configMap: { name: 'c' } }, { subPath: 'p' }),
      [
        'pod-configmap c! {"via":["subPath"],"containers":["app"],"volumes":["v"]}',
      ],
    ],
    [
      'R022, R026 projected ones',
      volume({
        projected: {
          sources: [
            { configMap: { name: 'c' } },
            { secret: { name: 's', optional: true } },
          ],
        },
      }),
      [
        'pod-configmap c! {"via":["projected"],"containers":["app"],"volumes":["v"]}',
        'pod-secret s {"via":["projected"],"containers":["app"],"volumes":["v"]}',
      ],
    ],
    [
      'R023 a key of a Secret',
      app({
        env: [
          { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        ],
      }),
      [
        'pod-secret s! {"keys":["k"],"requiredKeys":["k"],"via":["env"],"containers":["app"]}',
      ],
    ],
    [
      'R024 all of a Secret',
      app({ envFrom: [{ secretRef: { name: 's', optional: true } }] }),
      ['pod-secret s {"via":["envFrom"],"containers":["app"]}'],
    ],
    [
      'R025 a Secret as files',
      volume({ secret: { secretName: 's' } }),
      ['pod-secret s! {"via":["volume"],"containers":["app"],"volumes":["v"]}'],
    ],
    [
      'R027 for a debug container nothing',
      {
        ...app({}),
        ephemeralContainers: [
          { name: 'debug', envFrom: [{ secretRef: { name: 's' } }] },
        ],
      },
      ['pod-secret s {"via":["envFrom"],"containers":["debug"]}'],
    ],
    [
      'R028 a pull secret',
      { ...app({}), imagePullSecrets: [{ name: 'registry' }] },
      ['pod-imagepullsecret registry! {"via":["imagePullSecrets"]}'],
    ],
    [
      'R035 the Secret of an Azure file share',
      volume({ azureFile: { secretName: 's', shareName: 'x' } }),
      ['pod-secret s! {"via":["volume"],"containers":["app"],"volumes":["v"]}'],
    ],
    [
      'R036 the Secret of an inline CSI volume',
      volume({ csi: { driver: 'd', nodePublishSecretRef: { name: 's' } } }),
      ['pod-secret s! {"via":["volume"],"containers":["app"],"volumes":["v"]}'],
    ],
    [
      'R042 a claim',
      volume({ persistentVolumeClaim: { claimName: 'data' } }),
      [
        'pod-persistentvolumeclaim data! {"via":["volume"],"containers":["app"],"volumes":["v"]}',
      ],
    ],
    [
      'R043 a claim of its own',
      volume({ ephemeral: { volumeClaimTemplate: {} } }),
      [
        'pod-persistentvolumeclaim x-v! {"via":["volume"],"containers":["app"],"volumes":["v"]}',
      ],
    ],
    [
      'one Secret in several ways, and it is required if one of them is',
      {
        containers: [
          {
            name: 'app',
            env: [
              {
                name: 'A',
                valueFrom: {
                  secretKeyRef: { name: 's', key: 'a', optional: true },
                },
              },
            ],
          },
        ],
        initContainers: [
          {
            name: 'init',
            env: [
              {
                name: 'B',
                valueFrom: { secretKeyRef: { name: 's', key: 'b' } },
              },
            ],
          },
        ],
      },
      [
        'pod-secret s! {"keys":["a","b"],"requiredKeys":["b"],"via":["env"],"containers":["app","init"]}',
      ],
    ],
    [
      'no word about what every pod has',
      {
        volumes: [
          {
            name: 'kube-api-access-x1',
            projected: {
              sources: [{ configMap: { name: 'kube-root-ca.crt' } }],
            },
          },
          { name: 'ca', configMap: { name: 'kube-root-ca.crt' } },
        ],
        ...app({ env: [{ name: 'PASSWORD', value: 'hunter2' }] }),
      },
      [],
    ],
  ])('%s', (_, spec, expected) => {
    expect(configReferences(spec)).toEqual(expected);
  });
});

it('has its node, its namespace and its containers around it', () => {
  const observed = observe(podKind, pod({ container: RUNNING }));
  expect(observed.references.map(referenceText)).toEqual([
    'node-pod node-1!',
    'namespace-pod shop!',
  ]);
  expect(observed.references.every(({ end }) => end === 'target')).toBe(true);
  const [container] = observed.parts;
  expect(container).toMatchObject({
    key: 'c/Container/shop/x/app',
    name: 'app',
    labels: { app: 'cart' },
    parts: [],
    references: [
      { relation: 'pod-container', end: 'target', other: { name: 'x' } },
    ],
  });
});

it('shows what Skydive shows of a pod, and more', () => {
  const { properties } = observe(
    podKind,
    pod({
      container: RUNNING,
      status: { podIP: '10.0.0.1', phase: 'Running' },
    }),
  );
  expect(properties).toMatchObject({
    Node: 'node-1',
    IP: '10.0.0.1',
    Status: 'Running',
    Ready: '1/1',
    Restarts: 0,
    Images: ['shop/cart:1'],
    Conditions: { Ready: 'True' },
  });
});

it('shows init containers, sidecars and debug containers with their roles', () => {
  const { parts } = observe(
    podKind,
    pod({
      container: { ...RUNNING, containerID: 'containerd://abc' },
      spec: {
        initContainers: [
          { name: 'init', image: 'i' },
          { name: 'proxy', image: 'p', restartPolicy: 'Always' },
        ],
        ephemeralContainers: [{ name: 'debug', image: 'd' }],
      },
    }),
  );
  expect(parts.map(({ name, properties }) => [name, properties.Role])).toEqual([
    ['init', 'init'],
    ['proxy', 'sidecar'],
    ['app', 'container'],
    ['debug', 'ephemeral'],
  ]);
  expect(parts[2].properties).toMatchObject({
    Pod: 'x',
    Image: 'shop/cart:1',
    Runtime: 'containerd',
    ContainerID: 'abc',
    State: 'running',
  });
});

it('does not take a heartbeat for a change', () => {
  const heard = (secondsAgo: number) => {
    const item = pod({ container: RUNNING });
    item.status.conditions = conditions('True').map(entry => ({
      ...entry,
      lastProbeTime: ago(secondsAgo),
      lastHeartbeatTime: ago(secondsAgo),
    }));
    item.metadata.resourceVersion = undefined;
    return observe(podKind, item);
  };
  expect(heard(1)).toEqual(heard(100));
});

it('keeps nothing of environment, commands and unknown annotations', () => {
  const item: KubernetesObject = pod({
    container: RUNNING,
    spec: app({
      env: [{ name: 'PASSWORD', value: 'hunter2' }],
      command: ['sh', '-c', 'hunter2'],
      args: ['--password=hunter2'],
    }),
    metadata: {
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': 'hunter2',
        note: 'hunter2',
        'backstage.io/kubernetes-id': 'cart',
      },
    },
  });
  const observed = observe(podKind, item);
  expect(JSON.stringify(observed)).not.toContain('hunter2');
  expect(observed.properties.Annotations).toEqual({
    'backstage.io/kubernetes-id': 'cart',
  });
});

it('has relations for all that a template needs (R038)', () => {
  const spec = {
    imagePullSecrets: [{ name: 'registry' }],
    ...volume({ persistentVolumeClaim: { claimName: 'data' } }),
    initContainers: [
      {
        name: 'i',
        envFrom: [
          { secretRef: { name: 's' } },
          { configMapRef: { name: 'c' } },
        ],
      },
    ],
  };
  const { references } = observe(deploymentKind, {
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { template: { spec } },
  });
  const relations = references.map(({ relation }) => relation);
  expect(relations).toEqual([
    'deployment-secret',
    'deployment-configmap',
    'deployment-persistentvolumeclaim',
    'deployment-imagepullsecret',
    'deployment-serviceaccount',
    'namespace-deployment',
  ]);
  for (const relation of relations.slice(0, 4)) {
    // It matters to the next pod only: a running workload is not down by it.
    expect(relationByName(relation).bitesAt).toEqual(['start']);
  }
});
