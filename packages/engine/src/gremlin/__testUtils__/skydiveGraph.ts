import { Json } from '../../kinds/observation';
import { StatusLevel } from '../../kinds/status';
import { FixtureDictionary, FixtureGraph } from './fixtureGraph';

/**
 * The fixture graph `k8s` of `skydive.md` section 3, rebuilt from what its text and its results say: 14 nodes, 26
 * edges. Kinds that have no `State` there are `unknown` here, which has none either.
 */
export const SKYDIVE_DICTIONARY: FixtureDictionary = {
  clusters: ['cl'],
  kinds: [
    'Cluster',
    'Namespace',
    'Node',
    'Deployment.apps',
    'ReplicaSet.apps',
    'Pod',
    'Service',
    'Ingress.networking.k8s.io',
    'NetworkPolicy.networking.k8s.io',
    'Secret',
    'Container',
  ],
  relations: [
    { name: 'contains', relationType: 'ownership' },
    ...['deployment', 'replicaset', 'node', 'service', 'ingress', 'pod'].map(
      type => ({ name: type, relationType: type }),
    ),
    ...['begin', 'end'].map(point => ({
      name: `networkpolicy-${point}`,
      relationType: 'networkpolicy',
      metadata: {
        PolicyType: 'ingress',
        PolicyTarget: 'allow',
        PolicyPoint: point,
      },
    })),
  ],
};

interface Given {
  name: string;
  namespace?: string;
  level?: StatusLevel;
  labels?: Record<string, string>;
  properties?: { [name: string]: Json };
}

const WEB = { app: 'web' };
const SHOP = 'shop';

const NODES: Record<string, [kind: string, given: Given]> = {
  cl: ['Cluster', { name: 'cl' }],
  ns1: ['Namespace', { name: SHOP, properties: { Status: 'Active' } }],
  ns2: ['Namespace', { name: 'ns2', properties: { Status: 'Active' } }],
  node1: ['Node', { name: 'node1' }],
  dep1: [
    'Deployment.apps',
    {
      name: 'web',
      namespace: SHOP,
      labels: WEB,
      properties: { DesiredReplicas: 2, ReadyReplicas: 1 },
    },
  ],
  rs1: ['ReplicaSet.apps', { name: 'web-6d4', namespace: SHOP, labels: WEB }],
  pod1: [
    'Pod',
    {
      name: 'web-6d4-a',
      namespace: SHOP,
      level: 'ok',
      labels: WEB,
      properties: { Status: 'Running', IP: '10.1.0.5' },
    },
  ],
  pod2: [
    'Pod',
    {
      name: 'web-6d4-b',
      namespace: SHOP,
      level: 'down',
      labels: WEB,
      properties: { Status: 'Pending' },
    },
  ],
  pod3: [
    'Pod',
    {
      name: 'db-0',
      namespace: SHOP,
      level: 'ok',
      labels: { app: 'db' },
      properties: { Status: 'Running', IP: '10.1.0.9' },
    },
  ],
  svc1: [
    'Service',
    {
      name: 'frontend',
      namespace: SHOP,
      properties: {
        Ports: [
          { Name: 'http', Port: 80 },
          { Name: 'https', Port: 443 },
        ],
      },
    },
  ],
  ing1: ['Ingress.networking.k8s.io', { name: 'front', namespace: SHOP }],
  np1: [
    'NetworkPolicy.networking.k8s.io',
    { name: 'db-only', namespace: SHOP },
  ],
  sec1: [
    'Secret',
    {
      name: 'db-pass',
      namespace: SHOP,
      properties: { Type: 'Opaque', Data: ['password', 'user'] },
    },
  ],
  ct1: [
    'Container',
    { name: 'nginx', namespace: SHOP, properties: { Image: 'nginx:1.27' } },
  ],
};

const EDGES = [
  ...['ns1', 'ns2', 'node1'].map(child => `cl contains ${child}`),
  ...'dep1 rs1 pod1 pod2 pod3 svc1 ing1 np1 sec1'
    .split(' ')
    .map(child => `ns1 contains ${child}`),
  'pod1 contains ct1',
  'dep1 deployment rs1',
  'rs1 replicaset pod1',
  'rs1 replicaset pod2',
  'node1 node pod1',
  'node1 node pod2',
  'node1 node pod3',
  'svc1 service pod1',
  'svc1 service pod2',
  'ing1 ingress svc1',
  'np1 networkpolicy-begin pod3',
  'np1 networkpolicy-end pod1',
  'np1 networkpolicy-end pod2',
  'pod3 pod sec1',
];

const IDS = Object.keys(NODES);

export const SKYDIVE_GRAPH: FixtureGraph = {
  nodes: Object.entries(NODES).map(([key, [kind, given]], index) => ({
    id: index + 1,
    key,
    cluster: 'cl',
    kind,
    namespace: given.namespace ?? '',
    name: given.name,
    level: given.level ?? 'unknown',
    labels: given.labels ?? {},
    properties: given.properties ?? {},
    createdAt: 1_000 + index,
    updatedAt: 2_000,
    revision: 1,
  })),
  edges: EDGES.map(text => {
    const [source, relation, target] = text.split(' ');
    return {
      source: IDS.indexOf(source) + 1,
      relation,
      target: IDS.indexOf(target) + 1,
      createdAt: 2_000,
    };
  }),
};
