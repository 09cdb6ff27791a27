import { CausalGraphBuilder, told } from './__testUtils__/causalGraphBuilder';

const NOT_FOUND = 'secret "db-creds" not found';

function waitingPod(message: string, reason = 'CreateContainerConfigError') {
  return CausalGraphBuilder.create().node('Pod/shop/api-1', {
    level: 'down',
    reason,
    message,
  });
}

describe('a pod that waits for a Secret or ConfigMap', () => {
  it.each([
    [
      'S009: its environment names a Secret that does not exist',
      waitingPod(NOT_FOUND)
        .node('Secret/shop/db-creds', { level: 'missing' })
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds'),
      'Secret/db-creds MissingSecret proven: Secret/db-creds > Pod/api-1',
    ],
    [
      'S010: a volume names a Secret that does not exist',
      waitingPod(
        'MountVolume.SetUp failed for volume "certs" : secret "db-creds" not found',
        'MountFailed',
      )
        .node('Secret/shop/db-creds', { level: 'missing' })
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds'),
      'Secret/db-creds MissingSecret proven: Secret/db-creds > Pod/api-1',
    ],
    [
      'S007: the ConfigMap does not exist',
      waitingPod('configmap "app" not found')
        .node('ConfigMap/shop/app', { level: 'missing' })
        .edge('Pod/shop/api-1', 'pod-configmap', 'ConfigMap/shop/app'),
      'ConfigMap/app MissingConfigMap proven: ConfigMap/app > Pod/api-1',
    ],
    [
      'S008: the object is there, the key is not',
      waitingPod("couldn't find key DB_URL in ConfigMap shop/app")
        .node('ConfigMap/shop/app', { properties: { Data: ['DB_URI'] } })
        .edge('Pod/shop/api-1', 'pod-configmap', 'ConfigMap/shop/app'),
      'ConfigMap/app MissingConfigMapKey proven: ConfigMap/app > Pod/api-1',
    ],
    [
      'S011: a volume asks for a key that the Secret lacks',
      waitingPod(
        'MountVolume.SetUp failed for volume "v" : references non-existent secret key: ca.crt',
        'MountFailed',
      )
        .node('Secret/shop/tls')
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/tls', {
          keys: ['ca.crt'],
        }),
      'Secret/tls MissingSecretKey proven: Secret/tls > Pod/api-1',
    ],
    [
      'another Secret is missing, too, but is not named: it explains nothing',
      waitingPod(NOT_FOUND)
        .node('Secret/shop/db-creds', { level: 'missing' })
        .node('Secret/shop/other', { level: 'missing' })
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/other')
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds'),
      'Secret/db-creds MissingSecret proven: Secret/db-creds > Pod/api-1',
    ],
  ])('%s', async (_, graph, expected) => {
    expect(told(await graph.explain('Pod/shop/api-1'))).toEqual([expected]);
  });

  it('hurts since its first victim waits: nobody says since when it is absent', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Pod/shop/api-1', {
        level: 'down',
        reason: 'CreateContainerConfigError',
        message: NOT_FOUND,
        since: 42,
      })
      .node('Secret/shop/db-creds', { level: 'missing' })
      .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds');
    expect(await graph.explain('Pod/shop/api-1')).toMatchObject({
      causes: [{ since: 42 }],
    });
  });

  it('ends a sentence once, where Kubernetes ended it', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Deployment/shop/api', {
        level: 'down',
        reason: 'Unavailable',
        message: 'Deployment does not have minimum availability.',
      })
      .node('ReplicaSet/shop/api-1', { level: 'down', reason: 'PodsNotReady' })
      .node('Pod/shop/api-1', {
        level: 'down',
        reason: 'CreateContainerConfigError',
        message: NOT_FOUND,
      })
      .node('Secret/shop/db-creds', { level: 'missing' })
      .edge(
        'Deployment/shop/api',
        'deployment-replicaset',
        'ReplicaSet/shop/api-1',
      )
      .edge('ReplicaSet/shop/api-1', 'replicaset-pod', 'Pod/shop/api-1')
      .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds');
    const explanation = await graph.explain('Deployment/shop/api');
    const said =
      explanation?.answer === 'cause'
        ? explanation.causes[0].path.map(hop => hop.says)
        : [];
    expect(said).toHaveLength(4);
    expect(said.filter(sentence => sentence.endsWith('..'))).toEqual([]);
  });

  it.each([
    [
      'the Secret has been made since: the kubelet tries again',
      waitingPod(NOT_FOUND)
        .node('Secret/shop/db-creds')
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds'),
    ],
    ['the Secret is hidden from the asker', waitingPod(NOT_FOUND)],
  ])('is unexplained: %s', async (_, graph) => {
    const explanation = await graph.explain('Pod/shop/api-1');
    expect(explanation).toMatchObject({
      answer: 'unexplained',
      because: expect.stringContaining(NOT_FOUND),
    });
  });

  it.each(['Forbidden', 'KindAbsent'])(
    'takes the kubelet at its word where Secrets cannot be read (%s)',
    async reason => {
      const explanation = await waitingPod(NOT_FOUND)
        .node('Secret/shop/db-creds', { level: 'unknown', reason })
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds')
        .explain('Pod/shop/api-1');
      expect(told(explanation)).toEqual([
        'Secret/db-creds MissingSecret proven: Secret/db-creds > Pod/api-1',
      ]);
      expect(explanation).toMatchObject({
        causes: [{ summary: expect.stringContaining(NOT_FOUND) }],
      });
    },
  );

  it.each([
    [
      'a running pod whose Secret was deleted: it breaks at its next start only',
      CausalGraphBuilder.create()
        .node('Pod/shop/api-1')
        .node('Secret/shop/db-creds', { level: 'missing' })
        .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds'),
      'Pod/shop/api-1',
    ],
    [
      'C11: an absent Secret that is optional to all',
      CausalGraphBuilder.create()
        .node('Pod/shop/api-1')
        .node('Secret/shop/db-creds', {
          level: 'missing',
          reason: 'OptionalNotFound',
        }),
      'Secret/shop/db-creds',
    ],
  ])('is well: %s', async (_, graph, victim) => {
    expect(told(await graph.explain(victim))).toEqual(['healthy']);
  });
});

describe('what to do about a missing object', () => {
  it('names the keys that are asked for, and no value', async () => {
    const explanation = await waitingPod(NOT_FOUND)
      .node('Secret/shop/db-creds', { level: 'missing' })
      .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds', {
        keys: ['password', 'user'],
      })
      .explain('Pod/shop/api-1');
    expect(explanation).toMatchObject({
      causes: [
        {
          summary:
            'Pod api-1 is down because Secret db-creds does not exist in namespace shop. The kubelet says: "secret "db-creds" not found".',
          nextStep:
            'Create Secret db-creds, or remove the reference to it: kubectl create secret generic db-creds -n shop --from-literal=password=<value> --from-literal=user=<value>',
        },
      ],
    });
  });

  it('proposes the name that is nearly the same', async () => {
    const explanation = await waitingPod(NOT_FOUND)
      .node('Secret/shop/db-creds', { level: 'missing' })
      .node('Secret/shop/db-cred')
      .node('Secret/elsewhere/db-credz')
      .edge('Pod/shop/api-1', 'pod-secret', 'Secret/shop/db-creds')
      .explain('Pod/shop/api-1');
    expect(explanation).toMatchObject({
      causes: [
        {
          summary: expect.stringContaining('(db-cred does: a typo?)'),
          nextStep: expect.stringContaining('Refer to db-cred instead'),
        },
      ],
    });
  });

  it('proposes the key that is nearly the same', async () => {
    const explanation = await waitingPod(
      "couldn't find key DB_URL in ConfigMap shop/app",
    )
      .node('ConfigMap/shop/app', { properties: { Data: ['DB_URI', 'LOG'] } })
      .edge('Pod/shop/api-1', 'pod-configmap', 'ConfigMap/shop/app')
      .explain('Pod/shop/api-1');
    expect(explanation).toMatchObject({
      causes: [
        {
          summary: expect.stringContaining(
            'has no key DB_URL (it has DB_URI, LOG)',
          ),
          nextStep: expect.stringContaining('Use key DB_URI'),
        },
      ],
    });
  });
});
