import {
  claim,
  LivingCluster,
  mounting,
  volume,
} from '../../testing/livingCluster';
import { pod } from '../../testing/objects';

const storageClass = (name: string, more: object = {}) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'csi.example.com',
  ...more,
});
const defaultClass = {
  ...storageClass('standard'),
  metadata: {
    name: 'standard',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
};
const driver = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSIDriver',
  metadata: { name: 'csi.example.com' },
  spec: {},
};

describe('a claim', () => {
  let cluster: LivingCluster;
  const phase = (name = 'c') =>
    cluster.get('PersistentVolumeClaim', name).status.phase;
  beforeEach(async () => {
    cluster = await LivingCluster.start();
  });
  afterEach(() => cluster.simulator.stop());

  it('binds to the smallest volume that satisfies it, both sides', () => {
    cluster.apply(
      volume('small', '1Gi'),
      volume('large', '9Gi'),
      volume('fits', '5Gi'),
      claim('c', { storageClassName: '' }),
    );
    cluster.pass(1);
    const bound = cluster.get('PersistentVolumeClaim', 'c');
    expect(bound.spec.volumeName).toBe('fits');
    expect(bound.status).toEqual({
      phase: 'Bound',
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '5Gi' },
    });
    expect(bound.metadata.annotations).toEqual({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    });
    expect(cluster.simulator.get('PersistentVolume', '', 'fits')).toMatchObject(
      {
        spec: {
          claimRef: {
            kind: 'PersistentVolumeClaim',
            namespace: 'default',
            name: 'c',
            uid: bound.metadata.uid,
          },
        },
        status: { phase: 'Bound' },
      },
    );
    expect(
      cluster.simulator.get('PersistentVolume', '', 'small')!.status.phase,
    ).toBe('Available');
  });

  it.each([
    ['too small', volume('v', '1Gi')],
    ['of another class', volume('v', '5Gi', { storageClassName: 'fast' })],
    [
      'of another access mode',
      volume('v', '5Gi', { accessModes: ['ReadOnlyMany'] }),
    ],
    [
      'reserved for another claim',
      volume('v', '5Gi', { claimRef: { namespace: 'default', name: 'other' } }),
    ],
  ])('does not take a volume that is %s', (_, candidate) => {
    cluster.apply(candidate, claim('c', { storageClassName: '' }));
    cluster.pass(1);
    expect(phase()).toBe('Pending');
  });

  it.each([
    [
      'no class',
      [],
      { storageClassName: '' },
      'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'neither class nor default',
      [],
      {},
      'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'a class that is not there',
      [],
      { storageClassName: 'manual' },
      'Warning ProvisioningFailed storageclass.storage.k8s.io "manual" not found',
    ],
    [
      'a class without provisioner',
      [storageClass('local', { provisioner: 'kubernetes.io/no-provisioner' })],
      { storageClassName: 'local' },
      'Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
    [
      'a provisioner that nobody runs',
      [storageClass('fast')],
      { storageClassName: 'fast' },
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'csi.example.com' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ],
    [
      'a class that waits for a pod',
      [
        driver,
        storageClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }),
      ],
      { storageClassName: 'late' },
      'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    ],
  ])('stays pending and says why: %s', (_, objects, spec, event) => {
    cluster.apply(...objects, claim('c', spec));
    cluster.pass(2);
    expect(phase()).toBe('Pending');
    expect(cluster.events('c')).toEqual([event]);
  });

  it('gets the default class and a volume made for it', () => {
    cluster.apply(driver, defaultClass, claim('c'));
    cluster.pass(0.3);
    expect(phase()).toBe('Pending');
    cluster.pass(1);
    const { metadata, spec } = cluster.get('PersistentVolumeClaim', 'c');
    expect([phase(), spec.storageClassName, spec.volumeName]).toEqual([
      'Bound',
      'standard',
      `pvc-${metadata.uid}`,
    ]);
    expect(cluster.events('c').map(line => line.split(' ')[1])).toEqual([
      'ExternalProvisioning',
      'Provisioning',
      'ProvisioningSucceeded',
    ]);
  });

  it('of a class that waits is bound when a pod is scheduled, and the pod runs then', () => {
    cluster.apply(
      driver,
      storageClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }),
      claim('c', { storageClassName: 'late' }),
    );
    cluster.pass(2);
    cluster.apply(pod('p', { spec: mounting('c') }));
    cluster.pass(6);
    expect(phase()).toBe('Bound');
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe('True');
  });

  it('holds up its pod until a volume satisfies it', () => {
    cluster.apply(
      volume('v', '1Gi', { storageClassName: 'manual' }),
      claim('c', { storageClassName: 'manual' }),
      pod('p', { spec: mounting('c') }),
    );
    cluster.pass(30);
    expect(cluster.condition(cluster.get('Pod', 'p'), 'PodScheduled')).toBe(
      'False Unschedulable 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    );
    cluster.apply(volume('larger', '3Gi', { storageClassName: 'manual' }));
    cluster.pass(5);
    expect(phase()).toBe('Bound');
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe('True');
  });

  it('is lost when its volume goes', () => {
    cluster.apply(volume('v', '5Gi'), claim('c', { storageClassName: '' }));
    cluster.pass(1);
    cluster.simulator.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'v', finalizers: [] },
    });
    cluster.simulator.delete('PersistentVolume', '', 'v');
    cluster.pass(1);
    expect(phase()).toBe('Lost');
    expect(cluster.events('c')).toContain(
      'Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    );
  });

  it('that is deleted waits for the pods that use it, then releases its volume', () => {
    cluster.apply(
      volume('v', '5Gi'),
      claim('c', { storageClassName: '' }),
      pod('p', { spec: mounting('c') }),
    );
    cluster.pass(5);
    cluster.simulator.delete('PersistentVolumeClaim', 'default', 'c');
    cluster.pass(5);
    expect(cluster.get('PersistentVolumeClaim', 'c').metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      finalizers: ['kubernetes.io/pvc-protection'],
    });
    cluster.simulator.delete('Pod', 'default', 'p');
    cluster.pass(5);
    expect(cluster.simulator.list('PersistentVolumeClaim')).toEqual([]);
    expect(
      cluster.simulator.get('PersistentVolume', '', 'v')!.status.phase,
    ).toBe('Released');
  });

  it('takes a volume that was made for it along', () => {
    cluster.apply(driver, defaultClass, claim('c'));
    cluster.pass(2);
    expect(cluster.simulator.list('PersistentVolume')).toHaveLength(1);
    cluster.simulator.delete('PersistentVolumeClaim', 'default', 'c');
    cluster.pass(2);
    expect(cluster.simulator.list('PersistentVolume')).toEqual([]);
  });
});
