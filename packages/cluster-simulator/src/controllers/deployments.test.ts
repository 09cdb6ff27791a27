import { send } from '../testing/httpClient';
import { LivingCluster } from '../testing/livingCluster';
import { deployment } from '../testing/objects';

const withImage = (image: string, replicas = 4, strategy?: object) => {
  const object = deployment('web', {
    replicas,
    podSpec: { containers: [{ name: 'main', image }] },
  });
  return { ...object, spec: { ...object.spec, ...(strategy && { strategy }) } };
};

describe('a Deployment', () => {
  let cluster: LivingCluster;
  const web = () => cluster.get('Deployment', 'web');
  const replicaSets = () =>
    cluster.simulator
      .list('ReplicaSet')
      .map(({ metadata, spec, status }) => [
        metadata.annotations?.['deployment.kubernetes.io/revision'],
        spec.replicas,
        status.readyReplicas ?? 0,
      ])
      .sort();

  beforeEach(async () => {
    cluster = await LivingCluster.start();
  });
  afterEach(() => cluster.simulator.stop());

  it('comes up in 2 to 4 seconds, not ready at first', () => {
    cluster.apply(deployment('web', { replicas: 2 }));
    cluster.pass(1);
    expect(web().status).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      unavailableReplicas: 2,
    });
    expect(cluster.condition(web(), 'Available')).toBe(
      'False MinimumReplicasUnavailable Deployment does not have minimum availability.',
    );
    expect(cluster.condition(web(), 'Progressing')).toMatch(
      /^True ReplicaSetUpdated ReplicaSet "web-.*" is progressing\.$/,
    );
    cluster.pass(3);
    const { conditions, ...status } = web().status;
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    });
    expect(cluster.condition(web(), 'Available')).toMatch(
      /^True MinimumReplicasAvailable/,
    );
    expect(cluster.condition(web(), 'Progressing')).toMatch(
      /^True NewReplicaSetAvailable/,
    );
  });

  it('makes a ReplicaSet and pods that are owned, labelled and told in events', () => {
    cluster.apply(deployment('web'));
    cluster.pass(4);
    const [set] = cluster.simulator.list('ReplicaSet');
    const [pod] = cluster.pods();
    const hash = set.metadata.labels!['pod-template-hash'];
    expect(set.metadata.name).toBe(`web-${hash}`);
    expect(set.metadata.ownerReferences).toEqual([
      expect.objectContaining({
        kind: 'Deployment',
        uid: web().metadata.uid,
        controller: true,
      }),
    ]);
    expect(pod.metadata.name).toMatch(new RegExp(`^web-${hash}-[a-z0-9]{5}$`));
    expect(pod.metadata.labels).toEqual({
      app: 'web',
      'pod-template-hash': hash,
    });
    expect(pod.metadata.ownerReferences![0].uid).toBe(set.metadata.uid);
    expect(cluster.events('web')).toEqual([
      `Normal ScalingReplicaSet Scaled up replica set ${set.metadata.name} to 1`,
    ]);
    expect(cluster.events(set.metadata.name)).toEqual([
      `Normal SuccessfulCreate Created pod: ${pod.metadata.name}`,
    ]);
  });

  it('is at rest when it is up', () => {
    cluster.apply(deployment('web', { replicas: 3 }));
    cluster.pass(10);
    // Only leases never rest.
    const revisions = () =>
      ['Deployment', 'Event', 'Node', 'Pod', 'ReplicaSet'].flatMap(kind =>
        cluster.simulator
          .list(kind)
          .map(({ metadata }) => metadata.resourceVersion),
      );
    const before = revisions();
    cluster.pass(200);
    expect(revisions()).toEqual(before);
  });

  it('rolls a new template out without falling below what must be available', () => {
    cluster.apply(withImage('nginx:1'));
    cluster.pass(5);
    cluster.apply(withImage('nginx:2'));
    const available: number[] = [];
    const pods: number[] = [];
    for (let step = 0; step < 300; step++) {
      cluster.pass(0.1);
      available.push(web().status.availableReplicas ?? 0);
      pods.push(
        cluster.pods().filter(({ metadata }) => !metadata.deletionTimestamp)
          .length,
      );
    }
    expect(Math.min(...available)).toBe(3);
    expect(Math.max(...pods)).toBe(5);
    expect(replicaSets()).toEqual([
      ['1', 0, 0],
      ['2', 4, 4],
    ]);
    expect(cluster.pods().map(({ spec }) => spec.containers[0].image)).toEqual(
      Array(4).fill('nginx:2'),
    );
    expect(
      web().metadata.annotations!['deployment.kubernetes.io/revision'],
    ).toBe('2');
  });

  it('goes back to the ReplicaSet of an earlier template', () => {
    for (const image of ['nginx:1', 'nginx:2', 'nginx:1']) {
      cluster.apply(withImage(image));
      cluster.pass(30);
    }
    expect(replicaSets()).toEqual([
      ['2', 0, 0],
      ['3', 4, 4],
    ]);
  });

  it('recreates only when all old pods are gone', () => {
    const recreate = { type: 'Recreate' };
    cluster.apply(withImage('nginx:1', 2, recreate));
    cluster.pass(5);
    cluster.apply(withImage('nginx:2', 2, recreate));
    const images = new Set<string>();
    for (let step = 0; step < 100; step++) {
      cluster.pass(0.1);
      images.add(
        [
          ...new Set(
            cluster.pods().map(({ spec }) => spec.containers[0].image),
          ),
        ].join('+'),
      );
    }
    expect([...images].filter(Boolean)).toEqual(['nginx:1', 'nginx:2']);
  });

  it('gets stuck on a bad image while the old pods serve, and misses its deadline', () => {
    cluster.apply(withImage('nginx:1'));
    cluster.pass(5);
    cluster.apply(withImage('nginx:nonexistent'));
    cluster.pass(60);
    expect(cluster.condition(web(), 'Available')).toMatch(/^True/);
    expect(cluster.condition(web(), 'Progressing')).toMatch(
      /^True ReplicaSetUpdated/,
    );
    cluster.pass(600);
    expect(cluster.condition(web(), 'Available')).toMatch(/^True/);
    expect(cluster.condition(web(), 'Progressing')).toMatch(
      /^False ProgressDeadlineExceeded ReplicaSet "web-.*" has timed out progressing\.$/,
    );
  });

  it('remembers that a rollout was complete when all its pods die later', () => {
    cluster.apply(
      deployment('web', {
        podSpec: {
          containers: [
            {
              name: 'main',
              image: 'nginx:1',
              envFrom: [{ secretRef: { name: 's' } }],
            },
          ],
        },
      }),
    );
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
    });
    cluster.pass(5);
    cluster.simulator.delete('Secret', 'default', 's');
    cluster.simulator.delete('Pod', 'default', cluster.pods()[0].metadata.name);
    cluster.pass(1000);
    expect(cluster.condition(web(), 'Available')).toMatch(/^False/);
    expect(cluster.condition(web(), 'Progressing')).toMatch(
      /^True NewReplicaSetAvailable/,
    );
  });

  it('scales up, down and to zero', () => {
    cluster.apply(withImage('nginx:1', 1));
    cluster.pass(5);
    for (const replicas of [3, 1, 0]) {
      cluster.apply(withImage('nginx:1', replicas));
      cluster.pass(5);
      expect(cluster.pods()).toHaveLength(replicas);
    }
    const { name } = cluster.simulator.list('ReplicaSet')[0].metadata;
    expect(
      cluster.events('web').map(line => line.replace(name, 'SET')),
    ).toEqual([
      'Normal ScalingReplicaSet Scaled up replica set SET to 1',
      'Normal ScalingReplicaSet Scaled up replica set SET to 3 from 1',
      'Normal ScalingReplicaSet Scaled down replica set SET to 1 from 3',
      'Normal ScalingReplicaSet Scaled down replica set SET to 0 from 1',
    ]);
  });

  it('replaces an evicted pod: terminating with its grace first, the new one ready after', async () => {
    cluster.apply(deployment('web'));
    cluster.pass(5);
    const old = cluster.pods()[0].metadata;
    const { status } = await send(
      cluster.simulator.url,
      'POST',
      `/api/v1/namespaces/default/pods/${old.name}/eviction`,
      { body: {} },
    );
    expect(status).toBe(201);
    cluster.pass(0.1);
    expect(cluster.get('Pod', old.name).metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
    });
    expect(cluster.events(old.name)).toContain(
      'Normal Killing Stopping container main',
    );
    cluster.pass(0.4);
    expect(cluster.pods()).toHaveLength(2);
    expect(web().status.unavailableReplicas).toBe(1);
    cluster.pass(4);
    expect(cluster.pods()).toHaveLength(1);
    expect(cluster.pods()[0].metadata.uid).not.toBe(old.uid);
    expect(web().status.readyReplicas).toBe(1);
  });

  it.each(['Background', 'Foreground'] as const)(
    'takes all it owns with it (%s)',
    propagationPolicy => {
      cluster.apply(deployment('web', { replicas: 2 }));
      cluster.pass(5);
      cluster.simulator.delete('Deployment', 'default', 'web', {
        propagationPolicy,
      });
      cluster.pass(5);
      for (const kind of ['Deployment', 'ReplicaSet', 'Pod']) {
        expect(cluster.simulator.list(kind)).toEqual([]);
      }
    },
  );

  it('leaves what it owns when told to orphan it', () => {
    cluster.apply(deployment('web', { replicas: 2 }));
    cluster.pass(5);
    cluster.simulator.delete('Deployment', 'default', 'web', {
      propagationPolicy: 'Orphan',
    });
    cluster.pass(5);
    const [set] = cluster.simulator.list('ReplicaSet');
    expect(set.metadata.ownerReferences).toBeUndefined();
    expect(cluster.pods()).toHaveLength(2);
  });

  it('says why no pod can be created', () => {
    cluster.apply(
      deployment('web', { podSpec: { serviceAccountName: 'nobody' } }),
    );
    cluster.pass(2);
    expect(cluster.pods()).toEqual([]);
    const [set] = cluster.simulator.list('ReplicaSet');
    const why = `pods "${set.metadata.name}-" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found`;
    expect(cluster.condition(set, 'ReplicaFailure')).toBe(
      `True FailedCreate ${why}`,
    );
    expect(cluster.condition(web(), 'ReplicaFailure')).toBe(
      `True FailedCreate ${why}`,
    );
    expect(cluster.events(set.metadata.name)).toEqual([
      `Warning FailedCreate Error creating: ${why}`,
    ]);
    cluster.apply({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'nobody', namespace: 'default' },
    });
    cluster.pass(15);
    expect(web().status.readyReplicas).toBe(1);
    expect(cluster.condition(web(), 'ReplicaFailure')).toBeUndefined();
  });
});
