import {
  CausalGraphBuilder,
  NodeFacts,
  told,
} from './__testUtils__/causalGraphBuilder';

const WEBHOOK =
  'Internal error occurred: failed calling webhook "pods.policy": failed to call webhook: Post "https://hook.policy.svc:443/validate?timeout=5s": no endpoints available for service "hook"';

const NO_PODS: NodeFacts = {
  level: 'down',
  reason: 'NoMatchingPods',
  message: 'its selector matches no pod',
  properties: { Selector: { app: 'web' } },
};

describe('a workload without a ready pod whose new pods start', () => {
  const restarted = (...pods: [string, NodeFacts][]) => {
    const graph = CausalGraphBuilder.create()
      .node('Deployment/shop/web', { level: 'down', reason: 'Unavailable' })
      .node('ReplicaSet/shop/web-1', { level: 'progressing' })
      .edge(
        'Deployment/shop/web',
        'deployment-replicaset',
        'ReplicaSet/shop/web-1',
      );
    for (const [pod, facts] of pods) {
      graph
        .node(`Pod/shop/${pod}`, facts)
        .edge('ReplicaSet/shop/web-1', 'replicaset-pod', `Pod/shop/${pod}`);
    }
    return graph;
  };
  const starting: NodeFacts = {
    level: 'progressing',
    reason: 'Starting',
    rule: 'H025',
  };
  const leaving: NodeFacts = { level: 'terminating', rule: 'H031' };

  it.each([
    ['one that starts', restarted(['new', starting])],
    [
      'one that starts while the old one ends',
      restarted(['old', leaving], ['new', starting]),
    ],
  ])('is out of service until then: %s', async (_, graph) => {
    expect(told(await graph.explain('Deployment/shop/web'))).toEqual([
      'Pod/new PodStarting proven: Pod/new > ReplicaSet/web-1 > Deployment/web',
    ]);
  });

  it.each([
    [
      'one waits for a place',
      restarted(['new', { level: 'progressing', reason: 'Pending' }]),
    ],
    [
      'the old one ends because its node is lost',
      restarted(['old', leaving], ['new', starting])
        .node('Node//n1', { level: 'unknown', reason: 'SomethingElse' })
        .edge('Node//n1', 'node-pod', 'Pod/shop/old'),
    ],
  ])(
    'names no start where that is not the whole story: %s',
    async (_, graph) => {
      expect(
        JSON.stringify(await graph.explain('Deployment/shop/web')),
      ).not.toContain('PodStarting');
    },
  );
});

describe('pods that the API server refuses', () => {
  const refusedSet = (message: string) =>
    CausalGraphBuilder.create()
      .node('Deployment/shop/web', {
        level: 'down',
        reason: 'CannotCreatePods',
        message,
      })
      .node('ReplicaSet/shop/web-abc', {
        level: 'down',
        reason: 'FailedCreate',
        message,
      })
      .edge(
        'Deployment/shop/web',
        'deployment-replicaset',
        'ReplicaSet/shop/web-abc',
      );

  it.each([
    [
      'S050: quota',
      'pods "web-1" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=4, limited: cpu=4',
      'ResourceQuota/compute QuotaExceeded',
    ],
    [
      'S050: quota, in a message that was cut',
      'pods "web-1" is forbidden: exceeded quota: compute, requested: cp',
      'ResourceQuota/compute QuotaExceeded',
    ],
    [
      'S051: quota that demands values',
      'pods "web-1" is forbidden: failed quota: mem: must specify limits.memory for: app',
      'ResourceQuota/mem QuotaDemandsValues',
    ],
    [
      'S053: pod security',
      'pods "web-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      'Namespace/shop PodSecurityEnforced',
    ],
    [
      'S054: service account',
      'pods "web-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
      'ServiceAccount/web MissingServiceAccount',
    ],
    [
      'S055: priority class',
      'pods "web-" is forbidden: no PriorityClass with name gold was found',
      'PriorityClass/gold MissingPriorityClass',
    ],
    [
      'S055: runtime class',
      'pods "web-" is forbidden: pod rejected: RuntimeClass "gvisor" not found',
      'RuntimeClass/gvisor MissingRuntimeClass',
    ],
    [
      'S056: policy',
      `pods "web-" is forbidden: ValidatingAdmissionPolicy 'tags' with binding 'tags-shop' denied request: no`,
      'ValidatingAdmissionPolicy/tags PolicyDenies',
    ],
    [
      'S057: namespace',
      'pods "web-" is forbidden: unable to create new content in namespace shop because it is being terminated',
      'Namespace/shop NamespaceTerminating',
    ],
    ['S045: webhook', WEBHOOK, 'Service/hook NoEndpoints'],
    [
      'S045: webhook without a Service',
      WEBHOOK.replace(
        'no endpoints available for service "hook"',
        'service "hook" not found',
      ),
      'Service/hook MissingService',
    ],
    [
      'S027: a field that is not valid',
      'Pod "web-1" is invalid: spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647',
      'Deployment/web InvalidTemplate',
    ],
  ])(
    'name who refuses, also where nothing else is known of it: %s',
    async (_, message, root) => {
      const explanation = await refusedSet(message).explain(
        'Deployment/shop/web',
      );
      expect(told(explanation)).toEqual([
        expect.stringContaining(`${root} proven: `),
      ]);
      expect(JSON.stringify(explanation)).toContain(
        JSON.stringify(message).slice(1, -1),
      );
    },
  );

  it.each([
    ['S048: webhook', 'admission webhook "policy.acme" denied the request: no'],
    [
      'S052: a bound of which no range is known',
      'pods "web-1" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi',
    ],
    [
      'S046: a webhook of which no configuration is known',
      WEBHOOK.replace(
        /no endpoints.*$/,
        'tls: failed to verify certificate: x509: certificate has expired',
      ),
    ],
    ['a sentence that nobody knows', 'pods "web-1" is forbidden: not today'],
  ])(
    'are quoted, and nobody is blamed where the sentence names nobody: %s',
    async (_, message) => {
      expect(
        await refusedSet(message).explain('Deployment/shop/web'),
      ).toMatchObject({
        answer: 'unexplained',
        because: expect.stringContaining(message),
      });
    },
  );

  it.each<[string, string, string, NodeFacts]>([
    [
      'a quota with room',
      'pods "web-1" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=4, limited: cpu=4',
      'ResourceQuota/shop/compute',
      { properties: { Hard: { cpu: '8' }, Used: { cpu: '4' } } },
    ],
    [
      'a quota that is gone',
      'pods "web-1" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=4, limited: cpu=4',
      'ResourceQuota/shop/compute',
      { level: 'missing' },
    ],
    [
      'an account that is there',
      'pods "web-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
      'ServiceAccount/shop/web',
      {},
    ],
    [
      'a namespace that is there',
      'pods "web-" is forbidden: unable to create new content in namespace shop because it is being terminated',
      'Namespace//shop',
      {},
    ],
    [
      'a webhook that answers',
      WEBHOOK,
      'Service/policy/hook',
      { reason: 'Serving' },
    ],
  ])(
    'are an old story where what is known says otherwise: %s',
    async (_, message, object, facts) => {
      const graph = refusedSet(message).node(object, facts);
      expect((await graph.explain('Deployment/shop/web')).answer).toBe(
        'unexplained',
      );
    },
  );

  it('S045: the Service behind the webhook is followed to what it has no pods for', async () => {
    const graph = refusedSet(WEBHOOK)
      .node('Service/policy/hook', {
        ...NO_PODS,
        level: 'idle',
        properties: { Selector: { app: 'hook' } },
      })
      .node('Deployment/policy/hook', {
        level: 'idle',
        reason: 'ScaledToZero',
        labels: { app: 'hook' },
      });
    expect(told(await graph.explain('Deployment/shop/web'))).toEqual([
      'Deployment/hook ScaledToZero proven: Deployment/hook > Service/hook > ReplicaSet/web-abc > Deployment/web',
    ]);
  });
});

describe('a Service without endpoints', () => {
  it('S076: selects what no pod has', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Service/shop/web', {
        ...NO_PODS,
        properties: { Selector: { app: 'wbe', tier: 'front' } },
      })
      .node('Pod/shop/web-1', { labels: { app: 'web', tier: 'front' } })
      .node('Pod/shop/web-2', { labels: { app: 'web', tier: 'front' } })
      .node('Pod/shop/back-1', { labels: { app: 'wbe', tier: 'back' } });
    const explanation = await graph.explain('Service/shop/web');
    expect(told(explanation)).toEqual([
      'Service/web SelectorMatchesNothing proven: Service/web',
    ]);
    expect(explanation).toMatchObject({
      causes: [
        {
          summary:
            'Service web has no endpoints: its selector app=wbe,tier=front matches no pod, while 2 pods have app=web.',
          nextStep: expect.stringContaining('tier=front,app=web'),
        },
      ],
    });
  });

  it('S115: the workload that it selects is scaled to zero', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Service/shop/web', NO_PODS)
      .node('Deployment/shop/web', { level: 'idle', reason: 'ScaledToZero' })
      .node('ReplicaSet/shop/web-abc', {
        level: 'history',
        labels: { app: 'web', 'pod-template-hash': 'abc' },
      });
    expect(told(await graph.explain('Service/shop/web'))).toEqual([
      'Deployment/web ScaledToZero proven: Deployment/web > Service/web',
    ]);
  });

  it('is not blamed for a workload whose pods are refused', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Service/shop/web', NO_PODS)
      .node('Deployment/shop/web', {
        level: 'down',
        reason: 'CannotCreatePods',
        message: 'exceeded quota: compute',
        labels: { app: 'web' },
      });
    expect(told(await graph.explain('Service/shop/web'))).toEqual([
      'ResourceQuota/compute QuotaExceeded proven: ResourceQuota/compute > Deployment/web > Service/web',
    ]);
  });

  it('S079: sends to a named port that no pod has', async () => {
    const graph = CausalGraphBuilder.create().node('Service/shop/web', {
      level: 'down',
      reason: 'PortNameMissing',
      message: 'no selected pod has a port named htpp',
    });
    expect(told(await graph.explain('Service/shop/web'))).toEqual([
      'Service/web PortNameMissing proven: Service/web',
    ]);
  });
});

describe('an Ingress', () => {
  const ingress = (facts: NodeFacts = {}) =>
    CausalGraphBuilder.create().node('Ingress/shop/web', {
      level: 'down',
      reason: 'BackendDown',
      ...facts,
    });

  it('S080: sends to a Service that does not exist', async () => {
    const graph = ingress({ reason: 'BackendMissing' })
      .node('Service/shop/web', { level: 'missing' })
      .edge('Ingress/shop/web', 'ingress-service', 'Service/shop/web');
    expect(told(await graph.explain('Ingress/shop/web'))).toEqual([
      'Service/web MissingService proven: Service/web > Ingress/web',
    ]);
  });

  it('S081: sends to a port that its Service does not have', async () => {
    const graph = ingress({
      reason: 'BackendMissing',
      message: 'Service web has no port 9090',
    })
      .node('Service/shop/web')
      .edge('Ingress/shop/web', 'ingress-service', 'Service/shop/web');
    expect(told(await graph.explain('Ingress/shop/web'))).toEqual([
      'Ingress/web BackendPortMissing proven: Ingress/web',
    ]);
  });

  it('S083: has no certificate, which is not why its backend is down', async () => {
    const withSecret = (facts: NodeFacts) =>
      ingress(facts)
        .node('Secret/shop/tls', { level: 'missing' })
        .edge('Ingress/shop/web', 'ingress-secret', 'Secret/shop/tls');
    expect(
      told(
        await withSecret({ level: 'degraded', reason: 'TLSMissing' }).explain(
          'Ingress/shop/web',
        ),
      ),
    ).toEqual(['Secret/tls MissingSecret proven: Secret/tls > Ingress/web']);
    const down = withSecret({})
      .node('Service/shop/web', { level: 'down', reason: 'PortNameMissing' })
      .edge('Ingress/shop/web', 'ingress-service', 'Service/shop/web');
    expect(told(await down.explain('Ingress/shop/web'))).toEqual([
      'Service/web PortNameMissing proven: Service/web > Ingress/web',
    ]);
  });

  it('M1: suffers from two roots at once, the one that explains more first', async () => {
    const graph = ingress()
      .node('Service/shop/web', { level: 'down', reason: 'NoReadyEndpoints' })
      .edge('Ingress/shop/web', 'ingress-service', 'Service/shop/web')
      .node('Node//n2', { level: 'down', reason: 'Unreachable', rule: 'H116' })
      .node('Secret/shop/db', { level: 'missing' });
    for (const name of ['a', 'b']) {
      graph
        .node(`Pod/shop/${name}`, {
          level: 'down',
          reason: 'CreateContainerConfigError',
          message: 'secret "db" not found',
        })
        .edge(`Pod/shop/${name}`, 'pod-secret', 'Secret/shop/db')
        .edge('Service/shop/web', 'service-pod', `Pod/shop/${name}`);
    }
    graph
      .node('Pod/shop/c', { level: 'unknown', reason: 'NodeLost' })
      .edge('Node//n2', 'node-pod', 'Pod/shop/c')
      .edge('Service/shop/web', 'service-pod', 'Pod/shop/c');
    expect(told(await graph.explain('Ingress/shop/web'))).toEqual([
      'Secret/db MissingSecret proven: Secret/db > Pod/a > Service/web > Ingress/web',
      'Node/n2 NodeUnreachable proven: Node/n2 > Pod/c > Service/web > Ingress/web',
    ]);
  });
});

describe('a Job that failed', () => {
  it('S128: is the root of its CronJob: its pods are history', async () => {
    const graph = CausalGraphBuilder.create()
      .node('CronJob/shop/nightly', {
        level: 'degraded',
        reason: 'LastRunFailed',
      })
      .node('Job/shop/nightly-1', {
        level: 'down',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      })
      .edge('CronJob/shop/nightly', 'cronjob-job', 'Job/shop/nightly-1')
      .node('Pod/shop/nightly-1-x', {
        level: 'history',
        reason: 'JobPodFailed',
      })
      .edge('Job/shop/nightly-1', 'job-pod', 'Pod/shop/nightly-1-x');
    expect(told(await graph.explain('CronJob/shop/nightly'))).toEqual([
      'Job/nightly-1 BackoffLimitExceeded likely: Job/nightly-1 > CronJob/nightly',
    ]);
  });
});

it('says of a workload that its pods are hidden or well, when nothing below shows a fault', async () => {
  const graph = CausalGraphBuilder.create().node('Deployment/shop/web', {
    level: 'degraded',
    reason: 'NotObserved',
  });
  expect(await graph.explain('Deployment/shop/web')).toMatchObject({
    answer: 'unexplained',
    because:
      'Deployment web: "NotObserved", and none of its pods shows a fault.',
  });
});
