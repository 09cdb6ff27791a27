import {
  NOW,
  ago,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { RUNNING, pod } from './__testUtils__/pods';
import { set } from './__testUtils__/workloads';
import { cronJobKind } from './cronJob';
import { deploymentKind } from './deployment';
import { jobKind } from './job';
import { KindDefinition, KubernetesObject } from './kindDefinition';
import { podKind } from './pod';
import { podTemplateKind } from './podTemplateObject';
import { replicaSetKind, replicationControllerKind } from './replicaSet';
import { resourceClaimKind, resourceClaimTemplateKind } from './resourceClaim';
import { resourceSliceKind } from './resourceSlice';
import { runtimeClassKind } from './runtimeClass';
import { statefulSetKind } from './statefulSet';
import { Verdict, verdictAt } from './status';

/** With what has come due. */
function now(found: Verdict | undefined): Verdict | undefined {
  return found && verdictAt(found, NOW);
}

/** All edges but those of containment, config and the node: `relation Kind[.group]/namespace/name`, `!` if required. */
function edges(definition: KindDefinition, item: KubernetesObject): string[] {
  const { references, selectors } = observe(definition, item);
  return [
    ...references
      .filter(({ relation }) => !/^(namespace|cluster|node)-/.test(relation))
      .map(
        ({ relation, other, required, details }) =>
          `${relation} ${[other.kind.kind, other.kind.group]
            .filter(Boolean)
            .join('.')}/${other.namespace}/${other.name}${required ? '!' : ''}${
            details ? ` ${JSON.stringify(details)}` : ''
          }`,
      ),
    ...selectors.map(
      ({ relation, namespaces, selector }) =>
        `${relation} in ${JSON.stringify(namespaces)} with ${selector
          .map(one => `${one.key} ${one.operator} ${one.values}`)
          .join()}`,
    ),
  ];
}

const bound = (spec: {}, metadata = {}) =>
  pod({ container: RUNNING, spec, metadata });
const waiting = (spec: {}, status = {}) =>
  pod({ spec: { nodeName: undefined, ...spec }, status });
const required = (terms: {}[]) => ({
  requiredDuringSchedulingIgnoredDuringExecution: terms,
});
const nodeAffinity = (...nodeSelectorTerms: {}[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
  },
});

it.each<[string, KubernetesObject, string[]]>([
  ['nothing of a static pod', bound({}), []],
  [
    'R132 its account',
    bound({ serviceAccountName: 'cart' }),
    ['pod-serviceaccount ServiceAccount/shop/cart!'],
  ],
  [
    'R031 a token for somebody else',
    bound({
      serviceAccountName: 'cart',
      volumes: [
        {
          name: 'vault',
          projected: {
            sources: [{ serviceAccountToken: { audience: 'vault' } }],
          },
        },
      ],
    }),
    [
      'pod-serviceaccount ServiceAccount/shop/cart! {"tokenAudiences":["vault"]}',
    ],
  ],
  [
    'R116 its priority',
    bound({ priorityClassName: 'high' }),
    ['pod-priorityclass PriorityClass.scheduling.k8s.io//high!'],
  ],
  [
    'R118 its runtime',
    bound({ runtimeClassName: 'gvisor' }),
    ['pod-runtimeclass RuntimeClass.node.k8s.io//gvisor!'],
  ],
  [
    'R120, R121 its devices, by a name that the status tells',
    pod({
      container: RUNNING,
      spec: {
        resourceClaims: [
          { name: 'a', resourceClaimName: 'gpu' },
          { name: 'b', resourceClaimTemplateName: 'nic' },
        ],
      },
      status: {
        resourceClaimStatuses: [{ name: 'b', resourceClaimName: 'x-b-1' }],
      },
    }),
    [
      'pod-resourceclaim ResourceClaim.resource.k8s.io/shop/gpu!',
      'pod-resourceclaimtemplate ResourceClaimTemplate.resource.k8s.io/shop/nic!',
      'pod-resourceclaim ResourceClaim.resource.k8s.io/shop/x-b-1!',
    ],
  ],
  [
    'R032 a bundle of certificates',
    bound({
      volumes: [
        {
          name: 'ca',
          projected: {
            sources: [{ clusterTrustBundle: { name: 'root', optional: true } }],
          },
        },
      ],
    }),
    [
      'pod-clustertrustbundle ClusterTrustBundle.certificates.k8s.io//root {"volumes":["ca"]}',
    ],
  ],
  [
    'R037 what the secrets store brings',
    bound({
      volumes: [
        {
          name: 'v',
          csi: {
            driver: 'secrets-store.csi.k8s.io',
            volumeAttributes: { secretProviderClass: 'azure' },
          },
        },
      ],
    }),
    [
      'pod-secretproviderclass SecretProviderClass.secrets-store.csi.x-k8s.io/shop/azure! {"volumes":["v"]}',
    ],
  ],
  [
    'R125 its group, of any scheduler, and its queue',
    bound(
      { schedulingGroup: { podGroupName: 'c' }, workloadRef: { name: 'w' } },
      {
        labels: {
          'scheduling.x-k8s.io/pod-group': 'a',
          'kueue.x-k8s.io/queue-name': 'q',
        },
        annotations: { 'scheduling.k8s.io/group-name': 'b' },
      },
    ),
    [
      'pod-podgroup PodGroup.scheduling.x-k8s.io/shop/a!',
      'pod-localqueue LocalQueue.kueue.x-k8s.io/shop/q!',
      'pod-podgroup PodGroup.scheduling.volcano.sh/shop/b!',
      'pod-podgroup PodGroup.scheduling.k8s.io/shop/c!',
      'pod-workload Workload.scheduling.k8s.io/shop/w!',
    ],
  ],
  [
    'R108 the one node that it may run on, and R107 the one that is made free for it',
    waiting(
      {
        affinity: nodeAffinity({
          matchFields: [
            { key: 'metadata.name', operator: 'In', values: ['node-7'] },
          ],
        }),
      },
      { nominatedNodeName: 'node-7' },
    ),
    ['pod-node-pinned Node//node-7!', 'pod-node-nominated Node//node-7'],
  ],
  [
    'R108 a node by its host name, which need not be its name',
    waiting({ nodeSelector: { 'kubernetes.io/hostname': 'node-7' } }),
    ['pod-node-pinned Node//node-7'],
  ],
  [
    'R108 nothing any more once it has a node',
    bound({ nodeSelector: { 'kubernetes.io/hostname': 'node-1' } }),
    [],
  ],
])('a pod needs %s', (_, item, expected) => {
  expect(edges(podKind, item)).toEqual(expected);
});

it('shows what the scheduler weighs only while there is no node (R108–R110, R113–R115)', () => {
  const spec = {
    schedulerName: 'mine',
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
    schedulingGates: [{ name: 'wait' }],
    topologySpreadConstraints: [
      { topologyKey: 'zone', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' },
    ],
  };
  const shown = {
    SchedulerName: 'mine',
    SchedulingGates: ['wait'],
    NodeSelector: { disk: 'ssd' },
    Tolerations: [{ key: 'gpu', operator: 'Exists' }],
    TopologySpread: ['zone: at most 1, DoNotSchedule'],
  };
  expect(observe(podKind, waiting(spec)).properties).toMatchObject(shown);
  const { properties } = observe(podKind, bound(spec));
  for (const name of Object.keys(shown)) {
    expect(properties).not.toHaveProperty(name);
  }
});

const TEMPLATE = {
  metadata: { labels: { app: 'cart' } },
  spec: { containers: [{ name: 'app' }], priorityClassName: 'high' },
};
const OWNED = {
  ownerReferences: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'd',
      uid: 'u',
      controller: true,
    },
  ],
};

it.each<[string, KindDefinition, KubernetesObject, string[]]>([
  [
    'deployment',
    deploymentKind,
    object({ spec: { template: TEMPLATE } }),
    ['serviceaccount', 'priorityclass'],
  ],
  [
    'statefulset',
    statefulSetKind,
    object({ spec: { template: TEMPLATE } }),
    ['serviceaccount', 'priorityclass'],
  ],
  [
    'job',
    jobKind,
    object({ spec: { template: TEMPLATE } }),
    ['serviceaccount', 'priorityclass'],
  ],
  [
    'cronjob',
    cronJobKind,
    object({ spec: { jobTemplate: { spec: { template: TEMPLATE } } } }),
    ['serviceaccount', 'priorityclass'],
  ],
  [
    'replicaset of nobody',
    replicaSetKind,
    object({ spec: { template: TEMPLATE } }),
    ['serviceaccount', 'priorityclass'],
  ],
  [
    'replicaset of a Deployment, which says it',
    replicaSetKind,
    object({ metadata: OWNED, spec: { template: TEMPLATE } }),
    [],
  ],
  [
    'replicationcontroller',
    replicationControllerKind,
    object({ spec: { template: TEMPLATE } }),
    ['serviceaccount', 'priorityclass'],
  ],
  [
    'podtemplate',
    podTemplateKind,
    object({ template: TEMPLATE }),
    ['serviceaccount', 'priorityclass'],
  ],
])('R038: the next pod of a %s', (what, definition, item, expected) => {
  const [type] = what.split(' ');
  const relations = edges(definition, item).map(text => text.split(' ')[0]);
  expect(relations).toEqual(expected.map(target => `${type}-${target}`));
});

it('uses the default account where a template names none (R132)', () => {
  expect(
    edges(deploymentKind, object({ spec: { template: { spec: {} } } })),
  ).toEqual(['deployment-serviceaccount ServiceAccount/shop/default!']);
});

const affine = (kind: string, ...terms: {}[]) =>
  object({
    spec: {
      template: {
        metadata: { labels: { app: 'cart', tier: 'web' } },
        spec: { affinity: { [kind]: required(terms) } },
      },
    },
  });
const term = (labels: {} | null, rest = {}) => ({
  labelSelector: labels && { matchLabels: labels },
  topologyKey: 'zone',
  ...rest,
});

it.each<[string, KubernetesObject, string[]]>([
  [
    'R111 near those',
    affine('podAffinity', term({ app: 'db' })),
    ['deployment-pod-affinity in "own" with app In db'],
  ],
  [
    'R112 away from others',
    affine('podAntiAffinity', term({ app: 'db' })),
    ['deployment-pod-antiaffinity in "own" with app In db'],
  ],
  [
    'R112 apart from each other, which are too many edges',
    affine('podAntiAffinity', term({ app: 'cart' })),
    [],
  ],
  ['a null selector is nobody', affine('podAffinity', term(null)), []],
  [
    'an empty selector is everybody',
    affine('podAffinity', term({})),
    ['deployment-pod-affinity in "own" with '],
  ],
  [
    'namespaces by name and by label are united',
    affine(
      'podAffinity',
      term(
        { app: 'db' },
        {
          namespaces: ['blog'],
          namespaceSelector: { matchLabels: { team: 'x' } },
        },
      ),
    ),
    [
      'deployment-pod-affinity in [{"key":"kubernetes.io/metadata.name","operator":"In","values":["blog"]}] with app In db',
      'deployment-pod-affinity in [{"key":"team","operator":"In","values":["x"]}] with app In db',
    ],
  ],
  [
    'every namespace',
    affine('podAffinity', term({ app: 'db' }, { namespaceSelector: {} })),
    ['deployment-pod-affinity in "all" with app In db'],
  ],
  [
    'the same, or another, value of a label of its own',
    affine(
      'podAffinity',
      term(
        { app: 'db' },
        { matchLabelKeys: ['tier', 'none'], mismatchLabelKeys: ['app'] },
      ),
    ),
    [
      'deployment-pod-affinity in "own" with app In db,tier In web,app NotIn cart',
    ],
  ],
])('a template wants its pods %s', (_, item, expected) => {
  expect(
    edges(deploymentKind, item).filter(text => text.includes('affinity')),
  ).toEqual(expected);
});

it('draws affinities of a pod only when nobody made it (R111)', () => {
  const spec = { affinity: { podAffinity: required([term({ app: 'db' })]) } };
  expect(edges(podKind, bound(spec))).toHaveLength(1);
  expect(edges(podKind, bound(spec, OWNED))).toEqual([]);
});

it('belongs to a set by its label (R018)', () => {
  const member = object({
    metadata: { labels: { 'jobset.sigs.k8s.io/jobset-name': 'train' } },
  });
  expect(edges(jobKind, member)).toContain(
    'jobset-job JobSet.jobset.x-k8s.io/shop/train',
  );
  const leader = object({
    metadata: { labels: { 'leaderworkerset.sigs.k8s.io/name': 'llm' } },
    spec: { template: {} },
  });
  expect(edges(statefulSetKind, leader)).toContain(
    'leaderworkerset-statefulset LeaderWorkerSet.leaderworkerset.x-k8s.io/shop/llm',
  );
});

it('is held back by the queue of the Job itself (R125)', () => {
  const job = object({
    metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'q' } },
  });
  expect(edges(jobKind, job)).toEqual([
    'job-localqueue LocalQueue.kueue.x-k8s.io/shop/q!',
  ]);
});

it('is rolled out anew when these change (R041)', () => {
  const item = object({
    metadata: {
      annotations: {
        'configmap.reloader.stakater.com/reload': 'a, b,a',
        'secret.reloader.stakater.com/reload': 'c',
      },
    },
  });
  expect(edges(deploymentKind, item)).toEqual([
    'deployment-configmap-reload ConfigMap/shop/a',
    'deployment-configmap-reload ConfigMap/shop/b',
    'deployment-secret-reload Secret/shop/c',
  ]);
});

const clusterScoped = (rest: {}) =>
  object({ metadata: { name: 'x', namespace: undefined }, ...rest });

it.each<[string, KindDefinition, KubernetesObject, string[]]>([
  [
    'R119 a runtime that some nodes have',
    runtimeClassKind,
    clusterScoped({ scheduling: { nodeSelector: { kata: 'true' } } }),
    ['runtimeclass-node in "all" with kata In true'],
  ],
  [
    'R119 a runtime that says nothing of nodes',
    runtimeClassKind,
    clusterScoped({ handler: 'runc' }),
    [],
  ],
  [
    'R122 one class',
    resourceClaimKind,
    object({
      spec: {
        devices: {
          requests: [{ name: 'g', exactly: { deviceClassName: 'gpu' } }],
        },
      },
    }),
    ['resourceclaim-deviceclass DeviceClass.resource.k8s.io//gpu!'],
  ],
  [
    'R122 alternatives, of which none is needed',
    resourceClaimTemplateKind,
    object({
      spec: {
        spec: {
          devices: {
            requests: [
              {
                name: 'g',
                firstAvailable: [
                  { deviceClassName: 'big' },
                  { deviceClassName: 'small' },
                ],
              },
            ],
          },
        },
      },
    }),
    [
      'resourceclaimtemplate-deviceclass DeviceClass.resource.k8s.io//big',
      'resourceclaimtemplate-deviceclass DeviceClass.resource.k8s.io//small',
    ],
  ],
  [
    'R122 in its first version',
    resourceClaimKind,
    object({
      spec: { devices: { requests: [{ name: 'g', deviceClassName: 'gpu' }] } },
    }),
    ['resourceclaim-deviceclass DeviceClass.resource.k8s.io//gpu!'],
  ],
  [
    'R123 who has reserved it',
    resourceClaimKind,
    object({ status: { reservedFor: [{ resource: 'pods', name: 'p' }] } }),
    ['pod-resourceclaim Pod/shop/p!'],
  ],
  [
    'R124 the node of the devices',
    resourceSliceKind,
    clusterScoped({ spec: { nodeName: 'node-1', driver: 'd' } }),
    ['resourceslice-node Node//node-1!'],
  ],
])('%s', (_, definition, item, expected) => {
  expect(edges(definition, item)).toEqual(expected);
});

describe('a claim of devices (H153)', () => {
  const since = (seconds: number) => ({ since: NOW - seconds * 1000 });
  const open = object({ spec: {}, status: {} });
  it.each([
    ['for which nobody waits', [], 'keeps its own'],
    [
      'for which a pod has waited for a minute',
      [neighbour('Pod', 'p', 'progressing', {}, since(60))],
      'progressing NotAllocated H153 > 60: down NotAllocated H153',
    ],
    [
      'for which a pod has waited for three minutes',
      [neighbour('Pod', 'p', 'down', {}, since(180))],
      'down NotAllocated H153',
    ],
    [
      'whose pod has ended',
      [neighbour('Pod', 'p', 'ok', { terminal: true }, since(180))],
      'keeps its own',
    ],
  ])('%s', (_, pods, expected) => {
    const found = judged(resourceClaimKind, open, {
      'pod-resourceclaim in': pods,
    });
    expect(verdictText(now(found))).toBe(expected);
  });
  it('is well once it has some', () => {
    const item = object({
      status: {
        allocation: {
          devices: { results: [{ driver: 'd', pool: 'p', device: '0' }] },
        },
      },
    });
    const { verdict, properties } = observe(resourceClaimKind, item);
    expect(verdictText(verdict)).toBe('ok Allocated');
    expect(properties.Devices).toEqual(['d/p/0']);
  });
});

describe('a volume whose content is missing (H015 without its event)', () => {
  const creating = (seconds: number, key?: string) =>
    pod({
      container: {
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'ContainerCreating' } },
      },
      spec: {
        volumes: [
          {
            name: 'v',
            secret: {
              secretName: 'db',
              ...(key ? { items: [{ key, path: 'p' }] } : {}),
            },
          },
        ],
      },
      status: {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'True',
            lastTransitionTime: ago(seconds),
          },
        ],
      },
    });
  const secret = (level: 'ok' | 'missing' | 'unknown', keys?: string[]) => ({
    'pod-secret out': [neighbour('Secret', 'db', level, keys ? { keys } : {})],
  });
  it.each([
    [
      'the Secret, just now',
      creating(10),
      secret('missing'),
      'progressing ContainerCreating H014 > 20: down MountFailed H015',
    ],
    ['the Secret', creating(45), secret('missing'), 'down MountFailed H015'],
    [
      'a key of it',
      creating(45, 'password'),
      secret('ok', ['user']),
      'down MountFailed H015',
    ],
    [
      'nothing',
      creating(45, 'password'),
      secret('ok', ['password']),
      'keeps its own',
    ],
    [
      'what cannot be told',
      creating(45, 'password'),
      secret('ok'),
      'keeps its own',
    ],
    ['what may not be read', creating(45), secret('unknown'), 'keeps its own'],
  ])('%s', (_, item, around, expected) => {
    const found = judged(podKind, item, around);
    expect(verdictText(now(found))).toBe(expected);
  });
  it('leaves a pod that runs alone', () => {
    const item = pod({
      container: RUNNING,
      spec: { volumes: [{ name: 'v', secret: { secretName: 'db' } }] },
    });
    expect(verdictText(judged(podKind, item, secret('missing')))).toBe(
      'keeps its own',
    );
  });
});

it.each([
  [
    'in order',
    {},
    1,
    '1 of 3 ready; db-1 keeps those after it from being created',
  ],
  ['all at once', { podManagementPolicy: 'Parallel' }, 1, '1 of 3 ready'],
  ['in order, and all are there', {}, 3, '1 of 3 ready'],
])(
  'a StatefulSet that creates its pods %s tells what holds it up (R004, H051)',
  (_, spec, replicas, message) => {
    const item = set(spec, { replicas, readyReplicas: 1 });
    const found = judged(statefulSetKind, item, {
      'statefulset-pod out': [
        neighbour('Pod', 'db-10', 'progressing', { ready: false }),
        neighbour('Pod', 'db-1', 'down', { ready: false }),
        neighbour('Pod', 'db-0', 'ok', { ready: true }),
      ],
    });
    expect(verdictText(found)).toBe('degraded PodsNotReady H051');
    expect(found?.message).toBe(message);
  },
);
