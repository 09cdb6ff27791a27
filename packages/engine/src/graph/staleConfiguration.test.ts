import { WholeGraphReader } from '../analysis/__testUtils__/wholeGraphReader';
import { writtenState } from '../analysis/__testUtils__/writtenState';
import { capturedState } from '../kinds/__testUtils__/capturedStates';
import { CONFIG_MAP, POD, SECRET } from '../kinds/kindIds';
import { KindId } from '../kinds/identity';
import { KubernetesObject } from '../kinds/kindDefinition';
import { RealCluster, START, time } from './__testUtils__/realCluster';

/** What a container reads, and how. */
const ENV = {
  env: [{ valueFrom: { secretKeyRef: { name: 'db', key: 'p' } } }],
};
const ENV_FROM = { envFrom: [{ secretRef: { name: 'db' } }] };
const MOUNT = { volumeMounts: [{ name: 'v', mountPath: '/v' }] };
const SUB_PATH = {
  volumeMounts: [{ name: 'v', mountPath: '/v/p', subPath: 'p' }],
};
const VOLUME = { volumes: [{ name: 'v', secret: { secretName: 'db' } }] };

const config = (made: number, written = made): KubernetesObject => ({
  metadata: {
    name: 'db',
    namespace: 'shop',
    uid: `db-${made}`,
    creationTimestamp: time(made),
    managedFields: [
      {
        manager: 'kubectl',
        time: time(written),
        fieldsV1: { 'f:data': { 'f:p': {} } },
      },
      {
        manager: 'labeller',
        time: time(5000),
        fieldsV1: { 'f:metadata': { 'f:labels': {} } },
      },
    ],
  },
});

function pod(
  containers: Record<string, { reads?: object; startedAt?: number }>,
  spec: object = {},
): KubernetesObject {
  return {
    metadata: {
      name: 'cart-1',
      namespace: 'shop',
      uid: 'cart-1',
      creationTimestamp: time(0),
    },
    spec: {
      containers: Object.entries(containers).map(([name, { reads }]) => ({
        name,
        ...reads,
      })),
      ...spec,
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: Object.entries(containers).map(
        ([name, { startedAt }]) => ({
          name,
          ready: true,
          restartCount: 0,
          state:
            startedAt === undefined
              ? { waiting: { reason: 'ContainerCreating' } }
              : { running: { startedAt: time(startedAt) } },
        }),
      ),
    },
  };
}

/** `Secret db changed at 60, read at 0`, in seconds from the start. */
function stale(cluster: RealCluster): string[] {
  const { stale: sources = [] } = cluster.verdict('cart-1');
  return sources.map(
    ({ key, changedAt, startedAt }) =>
      `${key.split('/')[1]} changed at ${(changedAt - START) / 1000}, read at ${
        (startedAt - START) / 1000
      }`,
  );
}

describe('a pod whose configuration has changed since it started', () => {
  it.each<[string, [KindId, KubernetesObject][], string[]]>([
    [
      'is stale if it reads it as environment',
      [
        [SECRET, config(-60, 60)],
        [POD, pod({ app: { reads: ENV, startedAt: 0 } })],
      ],
      ['Secret changed at 60, read at 0'],
    ],
    [
      'is stale if the object was made anew',
      [
        [SECRET, config(30)],
        [POD, pod({ app: { reads: ENV_FROM, startedAt: 0 } })],
      ],
      ['Secret changed at 30, read at 0'],
    ],
    [
      'is stale if it mounts a part of it by subPath',
      [
        [SECRET, config(-60, 60)],
        [POD, pod({ app: { reads: SUB_PATH, startedAt: 0 } }, VOLUME)],
      ],
      ['Secret changed at 60, read at 0'],
    ],
    [
      'is not if it mounts the whole: that refreshes by itself',
      [
        [SECRET, config(-60, 60)],
        [POD, pod({ app: { reads: MOUNT, startedAt: 0 } }, VOLUME)],
      ],
      [],
    ],
    [
      'is not if only metadata changed',
      [
        [SECRET, config(-60)],
        [POD, pod({ app: { reads: ENV, startedAt: 0 } })],
      ],
      [],
    ],
    [
      'is not if its container has started anew since',
      [
        [SECRET, config(-60, 60)],
        [POD, pod({ app: { reads: ENV, startedAt: 90 } })],
      ],
      [],
    ],
    [
      'is not if another container is the older one',
      [
        [SECRET, config(-60, 60)],
        [
          POD,
          pod({
            proxy: { startedAt: 0 },
            app: { reads: ENV, startedAt: 90 },
          }),
        ],
      ],
      [],
    ],
    [
      'is not before it runs',
      [
        [SECRET, config(-60, 60)],
        [POD, pod({ app: { reads: ENV } })],
      ],
      [],
    ],
    [
      'is not for an object of another kind with the same name',
      [
        [CONFIG_MAP, config(-60, 60)],
        [SECRET, config(-60)],
        [POD, pod({ app: { reads: ENV, startedAt: 0 } })],
      ],
      [],
    ],
    [
      'is not if the object is gone: it is missing at the next start',
      [[POD, pod({ app: { reads: ENV, startedAt: 0 } })]],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(stale(new RealCluster(...objects))).toEqual(expected);
  });

  it('becomes stale with the change, and fresh with the restart', () => {
    const cluster = new RealCluster(
      [SECRET, config(-60)],
      [POD, pod({ app: { reads: ENV, startedAt: 0 } })],
    );
    expect(stale(cluster)).toEqual([]);
    cluster.change(SECRET, config(-60, 100));
    expect(stale(cluster)).toEqual(['Secret changed at 100, read at 0']);
    expect(cluster.verdict('cart-1')).toMatchObject({ level: 'ok' });
    cluster.change(POD, pod({ app: { reads: ENV, startedAt: 120 } }));
    expect(stale(cluster)).toEqual([]);
  });

  it('is found in a captured state, and its neighbour that mounts the Secret is not', () => {
    const { truth, capturedAt } = capturedState('stale-secret-recreated');
    const found = WholeGraphReader.ofDeltas(
      writtenState('stale-secret-recreated.json', capturedAt),
    )
      .nodes()
      .filter(({ verdict }) => verdict.stale)
      .map(({ namespace, name }) => `Pod/${namespace}/${name}`);
    expect(found.sort()).toEqual([...truth.affected].sort());
  });
});
