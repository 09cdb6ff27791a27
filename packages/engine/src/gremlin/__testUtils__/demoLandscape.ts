import { Json } from '../../kinds/observation';
import { StatusLevel } from '../../kinds/status';
import { FixtureDictionary, FixtureGraph, FixtureNode } from './fixtureGraph';

/** Every kind that a favourite names, and two that none does. */
export const DEMO_KINDS = [
  'Cluster',
  'Namespace',
  'Node',
  'Pod',
  'Container',
  'Deployment.apps',
  'ReplicaSet.apps',
  'ReplicationController',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Job.batch',
  'CronJob.batch',
  'Service',
  'Endpoints',
  'Ingress.networking.k8s.io',
  'NetworkPolicy.networking.k8s.io',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StorageClass.storage.k8s.io',
];

export const DEMO_DICTIONARY: FixtureDictionary = {
  clusters: ['demo'],
  kinds: DEMO_KINDS,
  relations: [
    { name: 'namespace-secret', relationType: 'ownership' },
    { name: 'pod-secret', relationType: 'pod' },
    { name: 'pod-persistentvolumeclaim', relationType: 'pod' },
    { name: 'deployment-secret', relationType: 'deployment' },
  ],
};

const nodes: FixtureNode[] = [];

function add(
  kind: string,
  name: string,
  given: {
    level?: StatusLevel;
    labels?: Record<string, string>;
    properties?: { [name: string]: Json };
  } = {},
): number {
  const id = nodes.length + 1;
  nodes.push({
    id,
    cluster: 'demo',
    kind,
    namespace: 'default',
    name,
    level: given.level ?? 'ok',
    labels: given.labels ?? {},
    properties: given.properties ?? {},
    updatedAt: 1,
    revision: 1,
  });
  return id;
}

// One of each kind, so that each favourite has something to find and something to leave out.
DEMO_KINDS.forEach(kind =>
  add(kind, `one-${kind.split('.')[0].toLowerCase()}`),
);
const hello = { labels: { app: 'hello-node' } };
add('Deployment.apps', 'hello-node', hello);
add('ReplicaSet.apps', 'hello-node-5b7', hello);
add('Pod', 'hello-node-5b7-x1', hello);
const namespace = add('Namespace', 'default');
const secret = add('Secret', 'mysql-pass');
// Same name, other kind: what tells Has("Type", "secret", …) and Has('Name', …) apart.
const claimOfThatName = add('PersistentVolumeClaim', 'mysql-pass');
const wordpress = add('Pod', 'wordpress-1', { labels: { app: 'wordpress' } });
const mysql = add('Pod', 'wordpress-mysql-1', { labels: { app: 'wordpress' } });
const deployment = add('Deployment.apps', 'wordpress-mysql');
const claim = add('PersistentVolumeClaim', 'task-pv-claim', { level: 'down' });
const task = add('Pod', 'task-pv-pod', { level: 'down' });
add('PersistentVolume', 'task-pv-volume', { level: 'idle' });

export const DEMO_LANDSCAPE: FixtureGraph = {
  nodes,
  edges: [
    [namespace, 'namespace-secret', secret] as const,
    [wordpress, 'pod-secret', secret] as const,
    [mysql, 'pod-secret', secret] as const,
    [deployment, 'deployment-secret', secret] as const,
    [mysql, 'pod-persistentvolumeclaim', claimOfThatName] as const,
    [task, 'pod-persistentvolumeclaim', claim] as const,
  ].map(([source, relation, target]) => ({
    source,
    relation,
    target,
    createdAt: 1,
  })),
};
