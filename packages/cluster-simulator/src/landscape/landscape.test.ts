import path from 'path';
import { readdirSync } from 'fs';
import { ClusterSimulator } from '../clusterSimulator';
import { KubernetesObject } from '../objects/kubernetesObject';
import { send } from '../testing/httpClient';
import { LivingCluster } from '../testing/livingCluster';
import { demoLandscape } from './demo';
import { generateLandscape } from './generate';
import { readObjects, readObjectsFromFile } from './readObjects';

const CAPTURED = path.resolve(__dirname, '../../../../test/fixtures/clusters');

describe('captured states', () => {
  const files = readdirSync(CAPTURED).filter(
    file => file.endsWith('.json') && !file.endsWith('.truth.json'),
  );

  it.each(files)(
    '%s is served as it was captured, but for resource versions',
    async file => {
      const captured = readObjectsFromFile(path.join(CAPTURED, file));
      const simulator = await ClusterSimulator.start({ objects: captured });
      const unversioned = ({ metadata, ...object }: KubernetesObject) => {
        const { resourceVersion, ...rest } = metadata;
        return { ...object, metadata: rest };
      };
      for (const object of captured) {
        const { namespace = '', name } = object.metadata;
        const served = simulator.get(`${object.kind}`, namespace, name)!;
        expect(unversioned(served)).toEqual(unversioned(object));
      }
      await simulator.stop();
    },
  );
});

describe('reading objects', () => {
  it.each([
    [
      'JSON lists',
      '{"kind":"List","apiVersion":"v1","items":[{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}]}',
      ['Pod a'],
    ],
    [
      'lists whose items say no kind',
      '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}]}',
      ['Pod a'],
    ],
    [
      'YAML documents, empty ones too',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\n',
      ['Pod a', 'Secret b'],
    ],
  ])('takes %s', (_, text, expected) => {
    expect(
      readObjects(text, 'x').map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      ),
    ).toEqual(expected);
  });

  it.each([
    ['broken JSON', '{"kind":'],
    ['broken YAML', 'a: [b'],
    ['something else', 'kind: Pod'],
  ])('names the source of %s', (_, text) => {
    expect(() => readObjects(text, 'my-file')).toThrow(/^my-file: /);
  });
});

describe('a generated landscape', () => {
  const objects = [...generateLandscape({ pods: 300, seed: 3 })];
  const ofKind = (kind: string) =>
    objects.filter(object => object.kind === kind);

  it('is the same for the same seed, and another for another', () => {
    const text = (seed: number) =>
      JSON.stringify([...generateLandscape({ pods: 300, seed })]);
    expect(JSON.stringify(objects) === text(3)).toBe(true);
    expect(JSON.stringify(objects) === text(4)).toBe(false);
  });

  it('has as many pods as asked for, of about 8 KB, two fifths of them managedFields', () => {
    const pods = ofKind('Pod');
    const size = (value: unknown) => JSON.stringify(value).length;
    const mean = pods.reduce((sum, pod) => sum + size(pod), 0) / pods.length;
    const managed =
      pods.reduce((sum, pod) => sum + size(pod.metadata.managedFields), 0) /
      pods.length;
    expect(pods).toHaveLength(300);
    expect(mean).toBeGreaterThan(7000);
    expect(mean).toBeLessThan(10_000);
    expect(managed / mean).toBeGreaterThan(0.35);
    expect(managed / mean).toBeLessThan(0.5);
  });

  it('has unique uids and names, and owners that exist', () => {
    const uids = new Set(objects.map(({ metadata }) => metadata.uid));
    const keys = new Set(
      objects.map(
        ({ kind, metadata }) =>
          `${kind}/${metadata.namespace}/${metadata.name}`,
      ),
    );
    expect([uids.size, keys.size]).toEqual([objects.length, objects.length]);
    const owners = objects.flatMap(
      ({ metadata }) => metadata.ownerReferences ?? [],
    );
    expect(owners.length).toBeGreaterThan(300);
    expect(owners.every(({ uid }) => uids.has(uid))).toBe(true);
  });

  it('counts in status what is there', () => {
    for (const set of ofKind('ReplicaSet')) {
      const pods = ofKind('Pod').filter(
        ({ metadata }) => metadata.ownerReferences![0].uid === set.metadata.uid,
      );
      const ready = pods.filter(({ status }) =>
        status.containerStatuses.every((c: any) => c.ready),
      ).length;
      expect([set.status.replicas, set.status.readyReplicas ?? 0]).toEqual([
        pods.length,
        ready,
      ]);
    }
  });

  it('has all the kinds that a landscape is made of', () => {
    expect([...new Set(objects.map(({ kind }) => kind))].sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'EndpointSlice',
      'Ingress',
      'IngressClass',
      'Namespace',
      'NetworkPolicy',
      'Node',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'Pod',
      'ReplicaSet',
      'Secret',
      'Service',
      'ServiceAccount',
      'StorageClass',
    ]);
  });
});

describe('the demo landscape', () => {
  let cluster: LivingCluster;
  beforeAll(async () => {
    cluster = await LivingCluster.start(demoLandscape());
    cluster.pass(10);
  });
  afterAll(() => cluster.simulator.stop());
  const notReady = () =>
    cluster.simulator
      .list('Pod')
      .filter(pod => cluster.condition(pod, 'Ready') !== 'True')
      .map(({ metadata }) => metadata.name);

  it('is up, but for the pod whose claim no volume satisfies', () => {
    expect(notReady()).toEqual(['task-pv-pod']);
    expect(
      cluster.condition(cluster.get('Pod', 'task-pv-pod'), 'PodScheduled'),
    ).toBe(
      'False Unschedulable 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    );
    expect(cluster.events('task-pv-claim')).toEqual([
      'Warning ProvisioningFailed storageclass.storage.k8s.io "manual" not found',
    ]);
    expect(
      cluster.simulator.get('PersistentVolume', '', 'task-pv-volume')!.status
        .phase,
    ).toBe('Available');
    for (const name of ['mysql-pv-claim', 'wp-pv-claim']) {
      expect(
        cluster.get('PersistentVolumeClaim', name, 'wordpress').status.phase,
      ).toBe('Bound');
    }
  });

  it('has what keeps the cluster itself going, each part referring to what is there', () => {
    const bindings = ['ClusterRoleBinding', 'RoleBinding'].flatMap(kind =>
      cluster.simulator.list(kind),
    );
    for (const { metadata, roleRef, subjects } of bindings) {
      const { namespace = '' } = metadata;
      const within = roleRef.kind === 'Role' ? namespace : '';
      cluster.get(roleRef.kind, roleRef.name, within);
      cluster.get(subjects[0].kind, subjects[0].name, subjects[0].namespace);
    }
    expect(bindings).toHaveLength(3);
    expect(
      cluster.get('PodDisruptionBudget', 'coredns', 'kube-system').status
        .disruptionsAllowed,
    ).toBe(1);
    for (const { metadata } of cluster.simulator.list('Node')) {
      const [driver] = cluster.get('CSINode', metadata.name, '').spec.drivers;
      cluster.get('CSIDriver', driver.name, '');
      cluster.get('Lease', metadata.name, 'kube-node-lease');
    }
  });

  it('has objects for each entity of the catalog', () => {
    const ids = new Set(
      cluster.simulator
        .list('Pod')
        .map(({ metadata }) => metadata.labels?.['backstage.io/kubernetes-id'])
        .filter(Boolean),
    );
    expect([...ids].sort()).toEqual([
      'details',
      'hello-node',
      'productpage',
      'ratings',
      'reviews',
      'task-pv',
      'wordpress',
      'wordpress-mysql',
    ]);
  });

  it('serves a Secret whose metadata holds its value, as kubectl apply leaves it', async () => {
    const { text } = await send(
      cluster.simulator.url,
      'GET',
      '/api/v1/namespaces/wordpress/secrets/mysql-pass',
      {
        headers: {
          accept:
            'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
        },
      },
    );
    expect(text).toContain('not-a-real-password');
  });

  it('shows the restart of all that reads mysql-pass', () => {
    const dependents = () => cluster.pods('wordpress');
    const old = dependents().map(({ metadata }) => metadata.uid);
    dependents().forEach(({ metadata }) =>
      cluster.simulator.delete('Pod', 'wordpress', metadata.name),
    );
    cluster.pass(1);
    expect(
      dependents().filter(({ metadata }) => !old.includes(metadata.uid)),
    ).toHaveLength(2);
    expect(
      notReady().filter(name => name.startsWith('wordpress')).length,
    ).toBeGreaterThanOrEqual(2);
    cluster.pass(6);
    expect(dependents()).toHaveLength(2);
    expect(
      dependents().every(({ metadata }) => !old.includes(metadata.uid)),
    ).toBe(true);
    expect(notReady()).toEqual(['task-pv-pod']);
  });
});
