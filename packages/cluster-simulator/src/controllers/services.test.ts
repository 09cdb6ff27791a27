import { send } from '../testing/httpClient';
import { LivingCluster } from '../testing/livingCluster';
import { deployment } from '../testing/objects';

const service = (spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', labels: { team: 'a' } },
  spec: {
    selector: { app: 'web' },
    ports: [{ port: 80, targetPort: 8080 }],
    ...spec,
  },
});
const budget = (spec: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

describe('services', () => {
  let cluster: LivingCluster;
  beforeEach(async () => {
    cluster = await LivingCluster.start();
  });
  afterEach(() => cluster.simulator.stop());
  const slices = () => cluster.simulator.list('EndpointSlice', 'default');
  const endpoints = () => cluster.get('Endpoints', 'web').subsets;

  it('without a matching pod have an empty slice and empty Endpoints', () => {
    cluster.apply(service());
    cluster.pass(1);
    expect(slices()).toEqual([
      expect.objectContaining({
        metadata: expect.objectContaining({
          labels: {
            team: 'a',
            'kubernetes.io/service-name': 'web',
            'endpointslice.kubernetes.io/managed-by':
              'endpointslice-controller.k8s.io',
          },
          generation: 1,
        }),
        addressType: 'IPv4',
        endpoints: null,
        ports: null,
      }),
    ]);
    expect(endpoints()).toBeUndefined();
    expect(cluster.events('web')).toEqual([]);
  });

  it('list pods as not ready while they start, ready after, terminating when they go', () => {
    cluster.apply(service(), deployment('web'));
    const conditions = () =>
      slices()[0].endpoints?.map(({ conditions: of }: any) => of);
    cluster.pass(1.2);
    expect(conditions()).toEqual([
      { ready: false, serving: false, terminating: false },
    ]);
    expect(endpoints()).toEqual([
      {
        notReadyAddresses: [
          expect.objectContaining({ ip: cluster.pods()[0].status.podIP }),
        ],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
    cluster.pass(3);
    expect(conditions()).toEqual([
      { ready: true, serving: true, terminating: false },
    ]);
    const [pod] = cluster.pods();
    expect(slices()[0]).toMatchObject({
      endpoints: [
        {
          addresses: [pod.status.podIP],
          nodeName: pod.spec.nodeName,
          targetRef: {
            kind: 'Pod',
            name: pod.metadata.name,
            uid: pod.metadata.uid,
          },
        },
      ],
      ports: [{ name: '', protocol: 'TCP', port: 8080 }],
    });
    cluster.simulator.delete('Pod', 'default', pod.metadata.name);
    cluster.pass(0.3);
    expect(conditions()).toEqual([
      { ready: false, serving: true, terminating: true },
    ]);
    expect(endpoints()).toBeUndefined();
  });

  it('with a named port that no pod has list ready addresses without ports, and empty Endpoints', () => {
    cluster.apply(
      service({ ports: [{ port: 80, targetPort: 'http' }] }),
      deployment('web'),
    );
    cluster.pass(5);
    expect(slices()[0]).toMatchObject({
      endpoints: [{ conditions: { ready: true } }],
      ports: null,
    });
    expect(endpoints()).toBeUndefined();
  });

  it('resolve named ports in each pod', () => {
    const containers = [
      {
        name: 'main',
        image: 'nginx:1',
        ports: [{ name: 'http', containerPort: 9090 }],
      },
    ];
    cluster.apply(
      service({ ports: [{ name: 'web', port: 80, targetPort: 'http' }] }),
      deployment('web', { podSpec: { containers } }),
    );
    cluster.pass(5);
    expect(slices()[0].ports).toEqual([
      { name: 'web', protocol: 'TCP', port: 9090 },
    ]);
  });

  it('publish pods that are not ready when they are told to', () => {
    cluster.apply(
      service({ publishNotReadyAddresses: true }),
      deployment('web', {
        annotations: { 'cluster-simulator/behaviour': 'unready' },
      }),
    );
    cluster.pass(5);
    expect(slices()[0].endpoints[0].conditions.ready).toBe(true);
  });

  it.each([
    ['without a selector', { selector: undefined }],
    ['with an empty selector', { selector: {} }],
    [
      'that name another host',
      { type: 'ExternalName', externalName: 'example.com' },
    ],
  ])('%s have neither', (_, spec) => {
    cluster.apply(service(spec), deployment('web'));
    cluster.pass(5);
    expect([slices(), cluster.simulator.list('Endpoints')]).toEqual([[], []]);
  });

  it('get addresses from outside when they are load balancers, and take all along when they go', () => {
    cluster.apply(service({ type: 'LoadBalancer' }));
    cluster.pass(1);
    expect(
      cluster.get('Service', 'web').status.loadBalancer.ingress[0].ip,
    ).toMatch(/^203\.0\.113\./);
    cluster.simulator.delete('Service', 'default', 'web');
    cluster.pass(1);
    expect([slices(), cluster.simulator.list('Endpoints')]).toEqual([[], []]);
  });

  describe('PodDisruptionBudget', () => {
    it.each([
      [
        'minAvailable: 2',
        { minAvailable: 2 },
        {
          expectedPods: 3,
          desiredHealthy: 2,
          currentHealthy: 3,
          disruptionsAllowed: 1,
        },
      ],
      [
        'minAvailable: 50%',
        { minAvailable: '50%' },
        {
          expectedPods: 3,
          desiredHealthy: 2,
          currentHealthy: 3,
          disruptionsAllowed: 1,
        },
      ],
      [
        'maxUnavailable: 1',
        { maxUnavailable: 1 },
        {
          expectedPods: 3,
          desiredHealthy: 2,
          currentHealthy: 3,
          disruptionsAllowed: 1,
        },
      ],
      [
        'minAvailable: 3',
        { minAvailable: 3 },
        { desiredHealthy: 3, disruptionsAllowed: 0 },
      ],
      [
        'a selector of nothing',
        { minAvailable: 1, selector: { matchLabels: { app: 'none' } } },
        { expectedPods: 0, disruptionsAllowed: 0 },
      ],
    ])('counts for %s', (_, spec, status) => {
      cluster.apply(budget(spec), deployment('web', { replicas: 3 }));
      cluster.pass(5);
      expect(cluster.get('PodDisruptionBudget', 'web').status).toMatchObject({
        observedGeneration: 1,
        ...status,
      });
    });

    it('lets pods go one by one, as their replacements become ready', async () => {
      cluster.apply(
        budget({ minAvailable: 2 }),
        deployment('web', { replicas: 3 }),
      );
      cluster.pass(5);
      const evict = async (name: string) =>
        (
          await send(
            cluster.simulator.url,
            'POST',
            `/api/v1/namespaces/default/pods/${name}/eviction`,
            { body: {} },
          )
        ).status;
      const [first, second] = cluster
        .pods()
        .map(({ metadata }) => metadata.name);
      expect([await evict(first), await evict(second)]).toEqual([201, 429]);
      cluster.pass(1);
      expect(await evict(second)).toBe(429);
      cluster.pass(5);
      expect(await evict(second)).toBe(201);
    });
  });
});
