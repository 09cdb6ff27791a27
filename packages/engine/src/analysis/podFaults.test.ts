import {
  CausalGraphBuilder,
  NodeFacts,
  told,
} from './__testUtils__/causalGraphBuilder';

/** Deployment → ReplicaSet → pod `web-1`, with siblings as asked. */
function deployed(pod: NodeFacts, siblings: NodeFacts[] = []) {
  const graph = CausalGraphBuilder.create()
    .node('Deployment/shop/web', { level: 'down', reason: 'Unavailable' })
    .node('ReplicaSet/shop/web-abc', { level: 'down', reason: 'PartlyReady' })
    .node('Pod/shop/web-1', pod)
    .edge(
      'Deployment/shop/web',
      'deployment-replicaset',
      'ReplicaSet/shop/web-abc',
    )
    .edge('ReplicaSet/shop/web-abc', 'replicaset-pod', 'Pod/shop/web-1');
  siblings.forEach((sibling, i) =>
    graph
      .node(`Pod/shop/web-${i + 2}`, sibling)
      .edge(
        'ReplicaSet/shop/web-abc',
        'replicaset-pod',
        `Pod/shop/web-${i + 2}`,
      ),
  );
  return graph;
}

const TEMPLATE = 'Deployment/web > ReplicaSet/web-abc > Pod/web-1';

const pull = (message: string): NodeFacts => ({
  level: 'down',
  reason: 'ImagePullBackOff',
  message,
});

describe('an image that cannot be pulled', () => {
  it.each([
    [
      'S001: the registry has no such tag',
      pull(
        'Back-off pulling image "shop/web:v9": ErrImagePull: rpc error: code = NotFound desc = shop/web:v9: not found',
      ),
      [],
      `Deployment/web ImageNotFound proven: ${TEMPLATE}`,
    ],
    [
      'S004: the name can never be right',
      {
        level: 'down',
        reason: 'InvalidImageName',
        message: 'couldn\'t parse image name "Shop/Web"',
      },
      [],
      `Deployment/web InvalidImageName proven: ${TEMPLATE}`,
    ],
    [
      'only the back-off is left to read: likely',
      pull('Back-off pulling image "shop/web:v9"'),
      [],
      `Deployment/web ImageNotFound likely: ${TEMPLATE}`,
    ],
    [
      'a sibling from the same template runs: the pod alone',
      pull('Back-off pulling image "shop/web:v9"'),
      [{}],
      'Pod/web-1 ImageNotFound likely: Pod/web-1',
    ],
  ] as [string, NodeFacts, NodeFacts[], string][])(
    '%s',
    async (_, pod, siblings, expected) => {
      const graph = deployed(pod, siblings);
      expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([expected]);
    },
  );

  it.each([
    ['S006: too many requests', '429 Too Many Requests'],
    ['S006: out of reach', 'dial tcp: lookup ghcr.io: no such host'],
    ['S002: credentials, and no pull secret is missing', '401 Unauthorized'],
  ])('is nothing of the template: %s', async (_, words) => {
    const graph = deployed(
      pull(`Back-off pulling image "shop/web:v9": ${words}`),
    );
    expect(await graph.explain('Pod/shop/web-1')).toMatchObject({
      answer: 'unexplained',
      because: expect.stringContaining(words),
    });
  });

  it('S002: the registry asks for credentials, and the pull Secret does not exist', async () => {
    const graph = deployed(
      pull('Back-off pulling image "r/web:v9": pull access denied'),
    )
      .node('Secret/shop/regcred', { level: 'missing' })
      .edge('Pod/shop/web-1', 'pod-imagepullsecret', 'Secret/shop/regcred');
    expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([
      'Secret/regcred MissingSecret likely: Secret/regcred > Pod/web-1',
    ]);
  });

  it('S002: Secrets are not read here, and the kubelet says that it did not get the one', async () => {
    const graph = deployed(
      pull('Back-off pulling image "r/web:v9": 401 Unauthorized'),
    )
      .node('Secret/shop/regcred', { level: 'unknown', reason: 'KindAbsent' })
      .edge('Pod/shop/web-1', 'pod-imagepullsecret', 'Secret/shop/regcred')
      .event(
        'Pod/shop/web-1',
        'FailedToRetrieveImagePullSecret',
        'Unable to retrieve some image pull secrets (other, regcred); attempting to pull the image may not succeed.',
      );
    expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([
      'Secret/regcred MissingSecret likely: Secret/regcred > Pod/web-1',
    ]);
  });

  it('S001: the registry does not say whether it has the repository, and the pod has no credentials', async () => {
    const graph = deployed(
      pull(
        'Back-off pulling image "ngnix:1": pull access denied, repository does not exist or may require authorization',
      ),
    );
    expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([
      `Deployment/web ImageNotFound likely: ${TEMPLATE}`,
    ]);
  });

  it('a run asks for an image that does not exist: its CronJob carries the template', async () => {
    const graph = CausalGraphBuilder.create()
      .node('CronJob/shop/nightly', { level: 'degraded' })
      .node('Job/shop/nightly-1', { level: 'degraded' })
      .edge('CronJob/shop/nightly', 'cronjob-job', 'Job/shop/nightly-1')
      .node(
        'Pod/shop/nightly-1-x',
        pull('Back-off pulling image "shop/job:v9": not found'),
      )
      .edge('Job/shop/nightly-1', 'job-pod', 'Pod/shop/nightly-1-x');
    expect(told(await graph.explain('Pod/shop/nightly-1-x'))).toEqual([
      'CronJob/nightly ImageNotFound proven: CronJob/nightly > Job/nightly-1 > Pod/nightly-1-x',
    ]);
  });

  it('a missing pull Secret is no cause of an image that does not exist', async () => {
    const graph = deployed(
      pull('Back-off pulling image "r/web:v9": r/web:v9: not found'),
    )
      .node('Secret/shop/regcred', { level: 'missing' })
      .edge('Pod/shop/web-1', 'pod-imagepullsecret', 'Secret/shop/regcred');
    expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([
      `Deployment/web ImageNotFound proven: ${TEMPLATE}`,
    ]);
  });

  it('reads the tag 503 as a tag, and not as an answer of the registry', async () => {
    const graph = deployed(
      pull('Back-off pulling image "shop/web:503": shop/web:503: not found'),
    );
    expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([
      `Deployment/web ImageNotFound proven: ${TEMPLATE}`,
    ]);
  });
});

const ended = (words: string, reason = 'CrashLoopBackOff'): NodeFacts => ({
  level: 'down',
  reason,
  message: 'back-off 5m0s restarting failed container',
  evidence: { 'status.containerStatuses[app].lastState.terminated': words },
});

describe('a container that does not stay up', () => {
  it.each([
    [
      'S016: out of memory, and nothing was changed',
      ended('OOMKilled: exit code 137', 'OOMKilled'),
      'OutOfMemory likely',
    ],
    [
      'S013: no such command',
      ended('StartError: exit code 128: exec: "/nope"'),
      'CommandNotRunnable proven',
    ],
    [
      'S014: it ends with an error',
      ended('Error: exit code 1: no database'),
      'ContainerCrashes likely',
    ],
    [
      'S017: it completes',
      ended('Completed: exit code 0'),
      'ContainerExits proven',
    ],
    [
      'S026: it may not run as root',
      {
        level: 'down',
        reason: 'CreateContainerConfigError',
        message: 'container has runAsNonRoot and image will run as root',
      },
      'SecurityContextConflict proven',
    ],
  ] as [string, NodeFacts, string][])('%s', async (_, pod, expected) => {
    expect(told(await deployed(pod).explain('Pod/shop/web-1'))).toEqual([
      `Deployment/web ${expected}: ${TEMPLATE}`,
    ]);
  });

  it('S018: an init container that fails waits for something unknown', async () => {
    const graph = deployed({
      level: 'down',
      reason: 'InitFailing',
      evidence: { 'state.terminated': 'Error: exit code 1' },
    });
    expect(await graph.explain('Pod/shop/web-1')).toMatchObject({
      answer: 'unexplained',
    });
  });

  it('names the container, which is down for what its pod is down for', async () => {
    const graph = deployed(ended('Error: exit code 1'))
      .node('Container/shop/web-1/app', ended('Error: exit code 1'))
      .edge('Pod/shop/web-1', 'pod-container', 'Container/shop/web-1/app');
    const explanation = await graph.explain('Container/shop/web-1/app');
    expect(told(explanation)).toEqual([
      `Deployment/web ContainerCrashes likely: ${TEMPLATE} > Container/app`,
    ]);
    expect(explanation).toMatchObject({
      causes: [
        {
          nextStep: expect.stringContaining(
            'kubectl logs -n shop web-1 -c app',
          ),
        },
      ],
    });
  });

  it.each([
    ['an operator makes the pods', 'Prometheus', 'Pod/web-1'],
    ['a StatefulSet makes them', 'StatefulSet', 'StatefulSet/web > Pod/web-1'],
    ['an unknown kind rolls out', 'Rollout', 'Pod/web-1'],
  ])('names what carries the template: %s', async (_, kind, path) => {
    const graph = CausalGraphBuilder.create()
      .node('Pod/shop/web-1', ended('OOMKilled: exit code 137', 'OOMKilled'))
      .node(`${kind}/shop/web`, { level: 'unknown' })
      .edge(`${kind}/shop/web`, 'owner', 'Pod/shop/web-1');
    const [root] = path.split(' > ');
    expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([
      `${root} OutOfMemory likely: ${path}`,
    ]);
  });

  it('is explained once for all of its pods, its ReplicaSet and itself', async () => {
    const graph = deployed(ended('Error: exit code 1'), [
      ended('Error: exit code 1'),
    ]);
    expect(told(await graph.explain('Deployment/shop/web'))).toEqual([
      'Deployment/web ContainerCrashes likely: Deployment/web',
    ]);
    expect(told(await graph.explain('ReplicaSet/shop/web-abc'))).toEqual([
      'Deployment/web ContainerCrashes likely: Deployment/web > ReplicaSet/web-abc',
    ]);
  });
});

const unschedulable = (reasons: string): NodeFacts => ({
  level: 'down',
  reason: 'Unschedulable',
  message: `0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.`,
});

describe('a pod that fits on no node', () => {
  it.each([
    ['S031', '3 Insufficient cpu', 'InsufficientResources'],
    [
      'S031',
      '1 Insufficient cpu, 2 Insufficient memory',
      'InsufficientResources',
    ],
    [
      'S029',
      "3 node(s) didn't match Pod's node affinity/selector",
      'NoMatchingNode',
    ],
    [
      'S034',
      "3 node(s) didn't match pod anti-affinity rules",
      'AntiAffinityImpossible',
    ],
    [
      'S036',
      "3 node(s) didn't have free ports for the requested pod ports",
      'HostPortTaken',
    ],
  ])('%s: %s', async (_, reasons, fault) => {
    const graph = deployed(unschedulable(reasons));
    expect(told(await graph.explain('Pod/shop/web-1'))).toEqual([
      `Deployment/web ${fault} proven: ${TEMPLATE}`,
    ]);
  });

  it.each([
    [
      'S032: a taint of somebody else',
      '3 node(s) had untolerated taint {dedicated: gpu}',
    ],
    ['S033: all nodes are cordoned', '3 node(s) were unschedulable'],
    ['S040: the zone of the volume', '3 node(s) had no available volume zone'],
    ['some of both', '1 node(s) were unschedulable, 2 Insufficient cpu'],
  ])('is not blamed for the side of the nodes: %s', async (_, reasons) => {
    const graph = deployed(unschedulable(reasons));
    expect(await graph.explain('Pod/shop/web-1')).toMatchObject({
      answer: 'unexplained',
      because: expect.stringContaining(reasons),
    });
  });
});

it('claims nothing for a probe that fails: Kubernetes does not know why', async () => {
  const graph = deployed({ level: 'degraded', reason: 'ReadinessFailing' })
    .event('Pod/shop/web-1', 'Unhealthy', 'Readiness probe failed: 503')
    .node('Service/shop/web', { level: 'down', reason: 'NoReadyEndpoints' })
    .edge('Service/shop/web', 'service-pod', 'Pod/shop/web-1');
  expect(await graph.explain('Service/shop/web')).toMatchObject({
    answer: 'unexplained',
    because: expect.stringContaining('Readiness probe failed: 503'),
  });
});
