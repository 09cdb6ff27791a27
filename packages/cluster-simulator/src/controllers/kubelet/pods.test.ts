import {
  claim,
  LivingCluster,
  mounting,
  node,
  secret,
  volume,
} from '../../testing/livingCluster';
import { configMap, pod } from '../../testing/objects';

const container = (more: object) => ({
  containers: [{ name: 'main', image: 'nginx:1.27', ...more }],
});
const fromSecret = (name: string, key = 'password', optional?: boolean) =>
  container({
    env: [{ name: 'P', valueFrom: { secretKeyRef: { name, key, optional } } }],
  });

describe('a pod', () => {
  let cluster: LivingCluster;
  beforeEach(async () => {
    cluster = await LivingCluster.start();
  });
  afterEach(() => cluster.simulator.stop());

  it('goes from Pending over ContainerCreating and Running to Ready', () => {
    cluster.apply(pod('p'));
    const seen: string[] = [];
    for (let step = 0; step < 400; step++) {
      cluster.pass(0.01);
      const { spec, status } = cluster.get('Pod', 'p');
      const state = status.containerStatuses?.[0].state;
      const line = [
        status.phase,
        spec.nodeName ? 'bound' : '',
        state?.waiting?.reason ?? (state?.running && 'running') ?? '',
        status.podIP ? 'address' : '',
        cluster.condition(cluster.get('Pod', 'p'), 'Ready')?.split(' ')[0] ??
          '',
      ]
        .filter(Boolean)
        .join(' ');
      if (seen[seen.length - 1] !== line) {
        seen.push(line);
      }
    }
    expect(seen).toEqual([
      'Pending',
      'Pending bound',
      'Pending bound ContainerCreating False',
      'Pending bound ContainerCreating address False',
      'Running bound running address False',
      'Running bound running address True',
    ]);
    expect(cluster.events('p')).toEqual([
      'Normal Scheduled Successfully assigned default/p to node-a',
      'Normal Pulling Pulling image "nginx:1.27"',
      expect.stringMatching(
        /^Normal Pulled Successfully pulled image "nginx:1.27" in \d+ms/,
      ),
      'Normal Created Created container main',
      'Normal Started Started container main',
    ]);
  });

  it('has the conditions of a real one when it is ready', () => {
    cluster.apply(pod('p'));
    cluster.pass(5);
    const { conditions, containerStatuses } = cluster.get('Pod', 'p').status;
    expect(
      conditions.map(({ type, status }: any) => `${type}=${status}`),
    ).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(containerStatuses).toEqual([
      expect.objectContaining({
        name: 'main',
        ready: true,
        started: true,
        restartCount: 0,
        lastState: {},
        image: 'docker.io/library/nginx:1.27',
        containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
      }),
    ]);
  });

  it.each([
    [
      'a missing Secret',
      fromSecret('s'),
      'secret "s" not found',
      () => secret('s'),
    ],
    [
      'a missing key',
      fromSecret('other', 'none'),
      "couldn't find key none in Secret default/other",
      () => secret('other', 'none'),
    ],
    [
      'a missing ConfigMap',
      container({ envFrom: [{ configMapRef: { name: 'c' } }] }),
      'configmap "c" not found',
      () => configMap('c'),
    ],
  ])(
    'waits for %s in its environment, and starts when it comes',
    (_, spec, message, cure) => {
      cluster.apply(secret('other'), pod('p', { spec }));
      cluster.pass(5);
      expect(cluster.waiting('p')).toEqual({
        reason: 'CreateContainerConfigError',
        message,
      });
      expect(cluster.events('p')).toContain(`Warning Failed Error: ${message}`);
      expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe(
        'False ContainersNotReady containers with unready status: [main]',
      );
      cluster.apply(cure());
      cluster.pass(3);
      expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe('True');
    },
  );

  it.each([
    ['an optional key', fromSecret('none', 'x', true)],
    [
      'an optional object',
      container({ envFrom: [{ secretRef: { name: 'none', optional: true } }] }),
    ],
  ])('does not wait for %s', (_, spec) => {
    cluster.apply(pod('p', { spec }));
    cluster.pass(5);
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe('True');
  });

  it.each([
    [
      'Secret',
      { secret: { secretName: 's' } },
      'secret "s" not found',
      () => secret('s'),
    ],
    [
      'ConfigMap',
      { configMap: { name: 'c' } },
      'configmap "c" not found',
      () => configMap('c'),
    ],
    [
      'projected Secret',
      { projected: { sources: [{ secret: { name: 's' } }] } },
      'secret "s" not found',
      () => secret('s'),
    ],
    [
      'key of a Secret',
      { secret: { secretName: 'other', items: [{ key: 'k', path: 'k' }] } },
      'references non-existent secret key: k',
      () => secret('other', 'k'),
    ],
  ])('cannot mount a missing %s', (_, source, problem, cure) => {
    cluster.apply(
      secret('other'),
      pod('p', { spec: { volumes: [{ name: 'v', ...source }] } }),
    );
    cluster.pass(5);
    expect(cluster.waiting('p')).toEqual({ reason: 'ContainerCreating' });
    expect(
      cluster.condition(cluster.get('Pod', 'p'), 'PodReadyToStartContainers'),
    ).toBe('False');
    expect(cluster.events('p')).toContain(
      `Warning FailedMount MountVolume.SetUp failed for volume "v" : ${problem}`,
    );
    cluster.apply(cure());
    cluster.pass(5);
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe('True');
  });

  it('counts repeated events instead of adding new ones', () => {
    cluster.apply(pod('p', { spec: fromSecret('s') }));
    cluster.pass(60);
    const failed = cluster.simulator
      .list('Event')
      .filter(({ reason }) => reason === 'Failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({
      count: expect.any(Number),
      source: { component: 'kubelet', host: 'node-a' },
      involvedObject: {
        kind: 'Pod',
        name: 'p',
        fieldPath: 'spec.containers{main}',
      },
    });
    expect(failed[0].count).toBeGreaterThan(3);
  });

  it('does not hold up a container for another that waits', () => {
    cluster.apply(
      pod('p', {
        spec: {
          containers: [
            ...fromSecret('s').containers,
            { name: 'side', image: 'envoy:1' },
          ],
        },
      }),
    );
    cluster.pass(8);
    const states = cluster
      .get('Pod', 'p')
      .status.containerStatuses.map(({ state }: any) => Object.keys(state)[0]);
    expect(states).toEqual(['waiting', 'running']);
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe(
      'False ContainersNotReady containers with unready status: [main]',
    );
  });

  it('runs its init containers first, one after the other', () => {
    cluster.apply(
      pod('p', {
        spec: {
          initContainers: ['one', 'two'].map(name => ({
            name,
            image: 'busybox:1',
          })),
        },
      }),
    );
    cluster.pass(1.5);
    expect(cluster.waiting('p')!.reason).toBe('PodInitializing');
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Initialized')).toMatch(
      /^False ContainersNotInitialized containers with incomplete status: \[/,
    );
    cluster.pass(6);
    const { initContainerStatuses } = cluster.get('Pod', 'p').status;
    expect(
      initContainerStatuses.map(({ state }: any) => state.terminated.exitCode),
    ).toEqual([0, 0]);
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe('True');
  });

  const behaving = (behaviour: string) => {
    const object = pod('p');
    return {
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { 'cluster-simulator/behaviour': behaviour },
      },
    };
  };

  it('crashes in a loop with a growing back-off', () => {
    cluster.apply(behaving('crash'));
    cluster.pass(4);
    const { uid } = cluster.get('Pod', 'p').metadata;
    expect(cluster.waiting('p')).toEqual({
      reason: 'CrashLoopBackOff',
      message: `back-off 10s restarting failed container=main pod=p_default(${uid})`,
    });
    cluster.pass(60);
    const { containerStatuses, phase } = cluster.get('Pod', 'p').status;
    expect(phase).toBe('Running');
    expect(containerStatuses[0]).toMatchObject({
      restartCount: 2,
      ready: false,
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    expect(cluster.waiting('p')!.message).toMatch(/^back-off 40s/);
    expect(cluster.events('p')).toContain(
      `Warning BackOff Back-off restarting failed container main in pod p_default(${uid})`,
    );
  });

  it('cannot pull an image that is not there', () => {
    cluster.apply(behaving('image-missing'));
    cluster.pass(2);
    expect(cluster.waiting('p')!.reason).toBe('ErrImagePull');
    cluster.pass(15);
    expect(cluster.waiting('p')).toEqual({
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "nginx:1.27"',
    });
    expect(cluster.get('Pod', 'p').status.phase).toBe('Pending');
  });

  it('runs without becoming ready', () => {
    cluster.apply(behaving('unready'));
    cluster.pass(30);
    expect(cluster.get('Pod', 'p').status.phase).toBe('Running');
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toMatch(
      /^False ContainersNotReady/,
    );
  });

  it('completes when it is not restarted', () => {
    cluster.apply(pod('p', { spec: { restartPolicy: 'Never' } }));
    cluster.pass(6);
    const done = cluster.get('Pod', 'p');
    expect(done.status.phase).toBe('Succeeded');
    expect(cluster.condition(done, 'Ready')).toBe('False PodCompleted');
    expect(cluster.condition(done, 'PodReadyToStartContainers')).toBe('False');
  });

  it('stays as it was last seen when its node is lost', () => {
    cluster.apply(pod('p'));
    cluster.pass(5);
    cluster.simulator.apply({ ...node('node-a'), status: undefined });
    const lost = cluster.simulator.get('Node', '', 'node-a')!;
    cluster.simulator.load([
      {
        ...lost,
        status: {
          ...lost.status,
          conditions: [{ type: 'Ready', status: 'Unknown' }],
        },
      },
    ]);
    cluster.simulator.delete('Pod', 'default', 'p');
    cluster.pass(120);
    expect(cluster.get('Pod', 'p').metadata.deletionTimestamp).toBeDefined();
    expect(
      cluster.get('Pod', 'p').status.containerStatuses[0].state.running,
    ).toBeDefined();
  });
});

describe('the scheduler', () => {
  let cluster: LivingCluster;
  afterEach(() => cluster.simulator.stop());

  const tail = (all: number, helpless: number) =>
    `preemption: 0/${all} nodes are available: ${helpless} Preemption is not helpful for scheduling.`;
  it.each([
    ['no node', [], {}, 'no nodes available to schedule pods'],
    [
      'too little CPU',
      [node('a'), node('b')],
      container({ resources: { requests: { cpu: '64' } } }),
      '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    ],
    [
      'a node selector',
      [node('a'), node('b')],
      { nodeSelector: { disk: 'ssd' } },
      `0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. ${tail(
        2,
        2,
      )}`,
    ],
    [
      'taints and cordons',
      [
        node('a', {
          taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
        }),
        node('b', { unschedulable: true }),
      ],
      {},
      `0/2 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 1 node(s) were unschedulable. ${tail(
        2,
        2,
      )}`,
    ],
    [
      'a mixture',
      [node('a', { cpu: '1' }), node('b', { unschedulable: true })],
      container({ resources: { requests: { cpu: '2' } } }),
      '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    ],
    [
      'a missing claim',
      [node('a')],
      mounting('none'),
      `0/1 nodes are available: persistentvolumeclaim "none" not found. ${tail(
        1,
        1,
      )}`,
    ],
  ])(
    'says in its own words why a pod runs nowhere: %s',
    async (_, nodes, spec, message) => {
      cluster = await LivingCluster.start(nodes);
      cluster.apply(pod('p', { spec }));
      cluster.pass(1);
      expect(cluster.condition(cluster.get('Pod', 'p'), 'PodScheduled')).toBe(
        `False Unschedulable ${message}`,
      );
      expect(cluster.get('Pod', 'p').status.containerStatuses).toBeUndefined();
      const [event] = cluster.simulator
        .list('Event')
        .filter(({ reason }) => reason === 'FailedScheduling');
      expect(event).toMatchObject({
        message,
        type: 'Warning',
        source: {},
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: expect.stringMatching(/\.\d{6}Z$/),
        reportingComponent: 'default-scheduler',
      });
      expect(event.count).toBeUndefined();
    },
  );

  it('keeps pods apart that must not be together', async () => {
    cluster = await LivingCluster.start(
      ['a', 'b'].map(name =>
        node(name, { labels: { 'kubernetes.io/hostname': name } }),
      ),
    );
    const affinity = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { app: 'db' } },
          },
        ],
      },
    };
    for (const name of ['p', 'q', 'r']) {
      cluster.apply(pod(name, { labels: { app: 'db' }, spec: { affinity } }));
      cluster.pass(1);
    }
    expect(cluster.pods().map(({ spec }) => spec.nodeName)).toEqual([
      'a',
      'b',
      undefined,
    ]);
    expect(
      cluster.condition(cluster.get('Pod', 'r'), 'PodScheduled'),
    ).toContain("2 node(s) didn't match pod anti-affinity rules");
  });

  it('binds when a node comes that fits', async () => {
    cluster = await LivingCluster.start([node('a')]);
    cluster.apply(pod('p', { spec: { nodeSelector: { disk: 'ssd' } } }));
    cluster.pass(2);
    cluster.apply(node('b', { labels: { disk: 'ssd' } }));
    cluster.pass(5);
    expect(cluster.get('Pod', 'p').spec.nodeName).toBe('b');
    expect(cluster.condition(cluster.get('Pod', 'p'), 'Ready')).toBe('True');
  });

  it('leaves gated pods alone', async () => {
    cluster = await LivingCluster.start();
    cluster.apply(pod('p', { spec: { schedulingGates: [{ name: 'wait' }] } }));
    cluster.pass(1);
    expect(cluster.condition(cluster.get('Pod', 'p'), 'PodScheduled')).toMatch(
      /^False SchedulingGated/,
    );
  });

  it('keeps to the node of a bound volume', async () => {
    cluster = await LivingCluster.start();
    const nodeAffinity = {
      required: {
        nodeSelectorTerms: [
          {
            matchFields: [
              { key: 'metadata.name', operator: 'In', values: ['elsewhere'] },
            ],
          },
        ],
      },
    };
    cluster.apply(
      volume('v', '5Gi', { nodeAffinity }),
      claim('c', { storageClassName: '' }),
      pod('p', { spec: mounting('c') }),
    );
    cluster.pass(2);
    expect(
      cluster.condition(cluster.get('Pod', 'p'), 'PodScheduled'),
    ).toContain('2 node(s) had volume node affinity conflict');
  });
});
