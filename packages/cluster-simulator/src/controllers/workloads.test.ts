import { LivingCluster, node } from '../testing/livingCluster';
import { pod } from '../testing/objects';

const template = (
  app: string,
  spec: object = {},
  annotations?: Record<string, string>,
) => ({
  metadata: { labels: { app }, annotations },
  spec: { containers: [{ name: 'main', image: 'nginx:1' }], ...spec },
});

describe('workloads', () => {
  let cluster: LivingCluster;
  beforeEach(async () => {
    cluster = await LivingCluster.start();
  });
  afterEach(() => cluster.simulator.stop());
  const names = () =>
    cluster
      .pods()
      .map(({ metadata }) => metadata.name)
      .sort();

  describe('StatefulSet', () => {
    const set = (more: object = {}, image = 'nginx:1') => ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        replicas: 3,
        serviceName: 'db',
        selector: { matchLabels: { app: 'db' } },
        template: template('db', { containers: [{ name: 'main', image }] }),
        ...more,
      },
    });
    const driver = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'csi' },
      spec: {},
    };
    const standard = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'standard',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'csi',
    };
    const volumeClaimTemplates = [
      {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ];

    it('starts its pods one after the other, each with its name', () => {
      cluster.apply(set());
      cluster.pass(2);
      expect(names()).toEqual(['db-0']);
      cluster.pass(12);
      expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
      expect(cluster.get('Pod', 'db-1')).toMatchObject({
        metadata: {
          labels: {
            'apps.kubernetes.io/pod-index': '1',
            'statefulset.kubernetes.io/pod-name': 'db-1',
          },
        },
        spec: { hostname: 'db-1', subdomain: 'db' },
      });
      expect(cluster.get('StatefulSet', 'db').status).toMatchObject({
        observedGeneration: 1,
        replicas: 3,
        readyReplicas: 3,
        currentReplicas: 3,
        updatedReplicas: 3,
        availableReplicas: 3,
      });
    });

    it('starts all at once when it may', () => {
      cluster.apply(set({ podManagementPolicy: 'Parallel' }));
      cluster.pass(1);
      expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
    });

    it('gives each pod its claim and keeps it when the pod goes', () => {
      cluster.apply(
        driver,
        standard,
        set({ replicas: 1, volumeClaimTemplates }),
      );
      cluster.pass(6);
      const claim = cluster.get('PersistentVolumeClaim', 'data-db-0');
      expect(claim.status.phase).toBe('Bound');
      expect(cluster.get('Pod', 'db-0').spec.volumes[0]).toEqual({
        name: 'data',
        persistentVolumeClaim: { claimName: 'data-db-0' },
      });
      expect(cluster.events('db')).toEqual([
        'Normal SuccessfulCreate create Claim data-db-0 Pod db-0 in StatefulSet db success',
        'Normal SuccessfulCreate create Pod db-0 in StatefulSet db successful',
      ]);
      cluster.simulator.delete('Pod', 'default', 'db-0');
      cluster.pass(8);
      expect(cluster.condition(cluster.get('Pod', 'db-0'), 'Ready')).toBe(
        'True',
      );
      expect(
        cluster.get('PersistentVolumeClaim', 'data-db-0').metadata.uid,
      ).toBe(claim.metadata.uid);
    });

    it('updates from the highest ordinal down to its partition', () => {
      cluster.apply(set());
      cluster.pass(15);
      const updateStrategy = {
        type: 'RollingUpdate',
        rollingUpdate: { partition: 1 },
      };
      cluster.apply(set({ updateStrategy }, 'nginx:2'));
      cluster.pass(40);
      expect(
        cluster
          .pods()
          .map(({ metadata, spec }) => [
            metadata.name,
            spec.containers[0].image,
          ])
          .sort(),
      ).toEqual([
        ['db-0', 'nginx:1'],
        ['db-1', 'nginx:2'],
        ['db-2', 'nginx:2'],
      ]);
      const { status } = cluster.get('StatefulSet', 'db');
      expect([
        status.updatedReplicas,
        status.currentReplicas,
        status.currentRevision === status.updateRevision,
      ]).toEqual([2, 1, false]);
    });

    it('stops at the first pod that does not become ready', () => {
      cluster.apply(
        set({
          template: template(
            'db',
            {},
            { 'cluster-simulator/behaviour': 'crash' },
          ),
        }),
      );
      cluster.pass(60);
      expect(names()).toEqual(['db-0']);
      expect(
        cluster.get('StatefulSet', 'db').status.readyReplicas,
      ).toBeUndefined();
    });

    it('scales down from the highest', () => {
      cluster.apply(set());
      cluster.pass(15);
      cluster.apply(set({ replicas: 1 }));
      cluster.pass(10);
      expect(names()).toEqual(['db-0']);
    });
  });

  describe('DaemonSet', () => {
    const set = (image = 'agent:1') => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: template('agent', { containers: [{ name: 'main', image }] }),
      },
    });
    const nodes = () =>
      cluster
        .pods()
        .map(({ spec }) => spec.nodeName)
        .sort();

    it('has a pod on each node, a new one and a cordoned one too', () => {
      cluster.apply(set());
      cluster.pass(5);
      cluster.apply(
        node('node-c', { unschedulable: true }),
        node('node-d', { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }),
      );
      cluster.pass(5);
      expect(nodes()).toEqual(['node-a', 'node-b', 'node-c']);
      expect(cluster.get('DaemonSet', 'agent').status).toEqual({
        currentNumberScheduled: 3,
        numberMisscheduled: 0,
        desiredNumberScheduled: 3,
        numberReady: 3,
        observedGeneration: 1,
        updatedNumberScheduled: 3,
        numberAvailable: 3,
      });
    });

    it('replaces its pods one after the other when its template changes', () => {
      cluster.apply(set());
      cluster.pass(5);
      cluster.apply(set('agent:2'));
      let fewest = 2;
      for (let step = 0; step < 200; step++) {
        cluster.pass(0.1);
        fewest = Math.min(
          fewest,
          cluster.get('DaemonSet', 'agent').status.numberReady,
        );
      }
      expect(fewest).toBe(1);
      expect(
        cluster.pods().map(({ spec }) => spec.containers[0].image),
      ).toEqual(['agent:2', 'agent:2']);
    });
  });

  describe('Job', () => {
    const job = (spec: object = {}, behaviour?: string) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'report', namespace: 'default' },
      spec: {
        template: template(
          'report',
          { restartPolicy: 'Never' },
          behaviour === undefined
            ? undefined
            : { 'cluster-simulator/behaviour': behaviour },
        ),
        ...spec,
      },
    });

    it('completes', () => {
      cluster.apply(job());
      cluster.pass(2);
      expect(cluster.get('Job', 'report').status).toMatchObject({
        active: 1,
        startTime: expect.any(String),
      });
      cluster.pass(6);
      const done = cluster.get('Job', 'report');
      expect(done.status).toMatchObject({
        succeeded: 1,
        completionTime: expect.any(String),
      });
      expect(done.status.active).toBeUndefined();
      expect(cluster.condition(done, 'SuccessCriteriaMet')).toMatch(
        /^True CompletionsReached/,
      );
      expect(cluster.condition(done, 'Complete')).toMatch(
        /^True CompletionsReached/,
      );
      expect(cluster.events('report').map(line => line.split(' ')[1])).toEqual([
        'SuccessfulCreate',
        'Completed',
      ]);
      expect(cluster.pods()[0].metadata.labels).toMatchObject({
        'job-name': 'report',
        'batch.kubernetes.io/controller-uid': done.metadata.uid,
      });
    });

    it('runs as many at once and in all as it should', () => {
      cluster.apply(job({ parallelism: 2, completions: 5 }));
      let most = 0;
      for (let step = 0; step < 300; step++) {
        cluster.pass(0.1);
        most = Math.max(most, cluster.get('Job', 'report').status.active ?? 0);
      }
      expect(most).toBe(2);
      expect(cluster.get('Job', 'report').status.succeeded).toBe(5);
    });

    it('fails after its retries, with a growing pause between them', () => {
      cluster.apply(job({ backoffLimit: 2 }, 'crash'));
      cluster.pass(8);
      expect(cluster.get('Job', 'report').status.failed).toBe(1);
      cluster.pass(60);
      const failed = cluster.get('Job', 'report');
      expect(failed.status.failed).toBe(3);
      expect(cluster.condition(failed, 'FailureTarget')).toMatch(
        /^True BackoffLimitExceeded/,
      );
      expect(cluster.condition(failed, 'Failed')).toBe(
        'True BackoffLimitExceeded Job has reached the specified backoff limit',
      );
      expect(cluster.events('report')).toContain(
        'Warning BackoffLimitExceeded Job has reached the specified backoff limit',
      );
    });

    it('fails at its deadline', () => {
      cluster.apply(job({ activeDeadlineSeconds: 20 }, 'unready'));
      cluster.pass(30);
      expect(cluster.condition(cluster.get('Job', 'report'), 'Failed')).toMatch(
        /^True DeadlineExceeded/,
      );
      expect(cluster.pods()).toEqual([]);
    });

    it('waits while it is suspended', () => {
      cluster.apply(job({ suspend: true }));
      cluster.pass(5);
      expect(cluster.pods()).toEqual([]);
      expect(
        cluster.condition(cluster.get('Job', 'report'), 'Suspended'),
      ).toMatch(/^True JobSuspended/);
      cluster.apply(job({ suspend: false }));
      cluster.pass(8);
      expect(
        cluster.condition(cluster.get('Job', 'report'), 'Complete'),
      ).toMatch(/^True/);
    });

    it('goes with its pods some time after its end, if it says so', () => {
      cluster.apply(job({ ttlSecondsAfterFinished: 30 }));
      cluster.pass(10);
      expect(cluster.simulator.list('Job')).toHaveLength(1);
      cluster.pass(40);
      expect([cluster.simulator.list('Job'), cluster.pods()]).toEqual([[], []]);
    });
  });

  describe('CronJob', () => {
    const cronJob = (spec: object = {}) => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'default' },
      spec: {
        schedule: '*/3 * * * *',
        jobTemplate: {
          spec: {
            template: template('nightly', { restartPolicy: 'OnFailure' }),
          },
        },
        ...spec,
      },
    });
    const jobs = () =>
      cluster.simulator.list('Job').map(({ metadata }) => metadata.name);

    it('makes a Job at each time, and keeps the last three', () => {
      cluster.apply(cronJob());
      cluster.pass(170);
      expect(jobs()).toEqual([]);
      cluster.pass(20);
      const minute = Date.parse('2026-03-01T12:03:00Z') / 60_000;
      expect(jobs()).toEqual([`nightly-${minute}`]);
      expect(cluster.get('CronJob', 'nightly').status).toMatchObject({
        lastScheduleTime: '2026-03-01T12:03:00Z',
        lastSuccessfulTime: expect.any(String),
      });
      cluster.pass(15 * 60);
      expect(jobs()).toEqual(
        [9, 12, 15].map(later => `nightly-${minute + later}`),
      );
      expect(cluster.events('nightly')).toContain(
        `Normal SawCompletedJob Saw completed job: nightly-${minute}, condition: Complete`,
      );
    });

    it.each([
      ['suspended', { suspend: true }, []],
      [
        'not understood',
        { schedule: 'at noon' },
        [
          'Warning UnparseableSchedule unparseable schedule: at noon : expected exactly 5 fields, found 2: [at noon]',
        ],
      ],
    ])('that is %s makes none', (_, spec, events) => {
      cluster.apply(cronJob(spec));
      cluster.pass(600);
      expect([jobs(), cluster.events('nightly')]).toEqual([[], events]);
    });

    it('does not start a second one when it must not', () => {
      const slow = {
        jobTemplate: {
          spec: {
            template: template(
              'nightly',
              { restartPolicy: 'Never' },
              { 'cluster-simulator/behaviour': 'unready' },
            ),
          },
        },
      };
      cluster.apply(cronJob({ concurrencyPolicy: 'Forbid', ...slow }));
      cluster.pass(600);
      expect(jobs()).toHaveLength(1);
      expect(cluster.get('CronJob', 'nightly').status.active).toHaveLength(1);
      expect(cluster.events('nightly')).toContain(
        'Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid',
      );
    });
  });

  it('empties a namespace that is deleted, and says what it waits for', () => {
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'team' },
    });
    cluster.apply(pod('p', { namespace: 'team' }));
    const held = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'held',
        namespace: 'team',
        finalizers: ['example.com/wait'],
      },
    };
    cluster.apply(held);
    cluster.pass(5);
    cluster.simulator.delete('Namespace', '', 'team');
    cluster.pass(10);
    const namespace = cluster.simulator.get('Namespace', '', 'team')!;
    expect(namespace.status.phase).toBe('Terminating');
    expect(cluster.condition(namespace, 'NamespaceContentRemaining')).toBe(
      'True SomeResourcesRemain Some resources are remaining: configmaps has 1 resource instances',
    );
    cluster.simulator.apply({
      ...held,
      metadata: { ...held.metadata, finalizers: [] },
    });
    cluster.pass(5);
    expect(cluster.simulator.get('Namespace', '', 'team')).toBeUndefined();
    expect(cluster.pods('team')).toEqual([]);
  });
});
