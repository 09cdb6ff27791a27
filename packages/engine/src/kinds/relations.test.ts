import { KindId } from './identity';
import {
  CRON_JOB,
  DEPLOYMENT,
  JOB,
  POD,
  REPLICA_SET,
  SECRET,
  STATEFUL_SET,
} from './kindIds';
import {
  RELATIONS,
  UnknownRelationError,
  ownerRelation,
  relationByName,
} from './relations';

it('has each relation once', () => {
  const names = RELATIONS.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

it('cites its source for each, but for containment in a cluster', () => {
  const uncited = RELATIONS.filter(({ rules }) => rules.length === 0);
  expect(
    uncited.filter(
      ({ name, relationType }) =>
        !name.startsWith('cluster-') || relationType !== 'ownership',
    ),
  ).toEqual([]);
});

/** `skydive.md` sections 2.2 and 2.3: parent, child, RelationType. */
it.each([
  ['cluster', 'namespace', 'ownership'],
  ['cluster', 'node', 'ownership'],
  ['cluster', 'persistentvolume', 'ownership'],
  ['cluster', 'storageclass', 'ownership'],
  ['namespace', 'configmap', 'ownership'],
  ['namespace', 'cronjob', 'ownership'],
  ['namespace', 'daemonset', 'ownership'],
  ['namespace', 'deployment', 'ownership'],
  ['namespace', 'endpoints', 'ownership'],
  ['namespace', 'ingress', 'ownership'],
  ['namespace', 'job', 'ownership'],
  ['namespace', 'networkpolicy', 'ownership'],
  ['namespace', 'persistentvolumeclaim', 'ownership'],
  ['namespace', 'pod', 'ownership'],
  ['namespace', 'replicaset', 'ownership'],
  ['namespace', 'replicationcontroller', 'ownership'],
  ['namespace', 'secret', 'ownership'],
  ['namespace', 'service', 'ownership'],
  ['namespace', 'statefulset', 'ownership'],
  ['pod', 'container', 'ownership'],
  ['deployment', 'replicaset', 'deployment'],
  ['replicaset', 'pod', 'replicaset'],
  ['daemonset', 'pod', 'daemonset'],
  ['statefulset', 'pod', 'statefulset'],
  ['node', 'pod', 'node'],
  ['service', 'pod', 'service'],
  ['service', 'endpoints', 'service'],
  ['ingress', 'service', 'ingress'],
  ['pod', 'configmap', 'pod'],
  ['pod', 'secret', 'pod'],
  ['pod', 'persistentvolumeclaim', 'pod'],
  ['persistentvolumeclaim', 'persistentvolume', 'persistentvolumeclaim'],
  ['storageclass', 'persistentvolumeclaim', 'storageclass'],
  ['storageclass', 'persistentvolume', 'storageclass'],
])('keeps %s → %s of Skydive, with its RelationType', (parent, child, type) => {
  expect(relationByName(`${parent}-${child}`).relationType).toBe(type);
});

it.each(['ingress', 'egress'])('has both points of %s policies', type => {
  for (const point of ['begin', 'end']) {
    expect(relationByName(`networkpolicy-pod-${type}-${point}`)).toMatchObject({
      relationType: 'networkpolicy',
      metadata: { PolicyType: type, PolicyPoint: point },
    });
  }
});

/** Who suffers, whichever way the arrow points. */
it.each([
  ['pod-secret', 'source', 'a pod without its Secret'],
  ['node-pod', 'target', 'a pod without its node'],
  ['storageclass-persistentvolumeclaim', 'target', 'a claim without its class'],
  [
    'persistentvolumeclaim-persistentvolume',
    'source',
    'a claim without its volume',
  ],
  ['service-pod', 'source', 'a Service without pods'],
  ['ingress-service', 'source', 'an Ingress without its Service'],
  [
    'deployment-replicaset',
    'source',
    'a Deployment whose ReplicaSet is broken',
  ],
  ['pod-container', 'source', 'a pod whose container is broken'],
  ['namespace-pod', 'target', 'what is to be created in a namespace that goes'],
  ['cluster-namespace', 'none', 'nobody'],
])('over %s suffers the %s: %s', (name, end) => {
  expect(relationByName(name).suffers).toBe(end);
});

it.each<[string, KindId, KindId, string]>([
  ['a Deployment', DEPLOYMENT, REPLICA_SET, 'deployment-replicaset'],
  ['a ReplicaSet', REPLICA_SET, POD, 'replicaset-pod'],
  ['a StatefulSet', STATEFUL_SET, POD, 'statefulset-pod'],
  ['a Job', JOB, POD, 'job-pod'],
  ['a CronJob', CRON_JOB, JOB, 'cronjob-job'],
  [
    'a custom resource',
    { group: 'example.com', kind: 'Vault' },
    SECRET,
    'owner',
  ],
  [
    'a namesake in another group',
    { group: 'example.com', kind: 'Job' },
    POD,
    'owner',
  ],
])('owned by %s', (_, owner, owned, expected) => {
  expect(ownerRelation(owner, owned).name).toBe(expected);
});

it('refuses a name that it does not have', () => {
  expect(() => relationByName('pod-moon')).toThrow(UnknownRelationError);
});
