import {
  NOW,
  SECONDS,
  ago,
  judged,
  neighbour,
  object,
  observe,
  verdictText,
} from './__testUtils__/objects';
import { KubernetesObject } from './kindDefinition';
import { leaseKind } from './lease';
import { verdictAt } from './status';

const heartbeat = (secondsAgo: number) =>
  object({
    metadata: { name: 'node-1', namespace: 'kube-node-lease' },
    spec: {
      holderIdentity: 'node-1',
      leaseDurationSeconds: 40,
      renewTime: ago(secondsAgo),
    },
  });

const leader = (secondsAgo: number, spec = {}, name = 'operator') =>
  object({
    metadata: {
      name,
      namespace: name === 'operator' ? 'shop' : 'kube-system',
    },
    spec: {
      holderIdentity: 'operator-7d9f8b6c5-x2x4z_0f9f3c6a',
      leaseDurationSeconds: 15,
      renewTime: ago(secondsAgo),
      ...spec,
    },
  });

describe('the verdict on a lease', () => {
  it.each([
    [
      'of a node that beats',
      heartbeat(5),
      'ok Renewed > 35: degraded HeartbeatLate H127',
    ],
    [
      'of a leader that leads',
      leader(5),
      'ok Renewed > 25: degraded ControllerDead H128 > 86395: history Abandoned H128',
    ],
    [
      'of the scheduler, which is never left over',
      leader(5, { holderIdentity: 'master_1' }, 'kube-scheduler'),
      'ok Renewed > 25: degraded ControllerDead H128',
    ],
    ['that was given up', leader(900, { holderIdentity: '' }), 'ok Exists'],
    ['that nobody renewed ever', leader(9, { renewTime: null }), 'ok Exists'],
  ])('%s', (_, item, expected) => {
    expect(verdictText(observe(leaseKind, item).verdict)).toBe(expected);
  });

  it.each([
    ['nothing of the kind was heard since', -Infinity, 'ok Renewed'],
    ['others were heard at the same time', NOW - 60 * SECONDS, 'ok Renewed'],
    ['others were heard after it was due', NOW, 'degraded HeartbeatLate'],
  ])('a minute late: %s', (_, heard, expected) => {
    const { verdict } = observe(leaseKind, heartbeat(60));
    const { level, reason, evidence } = verdictAt(verdict, NOW, heard);
    expect(`${level} ${reason}`).toBe(expected);
    expect(evidence).toEqual(
      level === 'ok'
        ? []
        : [
            {
              source: 'field',
              field: 'spec.renewTime',
              value: ago(60),
              since: NOW - 60 * SECONDS,
            },
          ],
    );
  });

  it.each([
    ['is Ready', 'ok', { ready: 'True' }, 'keeps its own'],
    [
      'is known to be silent',
      'down',
      { ready: 'Unknown' },
      'idle NodeSilent H127',
    ],
    ['is cordoned', 'maintenance', { ready: 'True' }, 'idle NodeSilent H127'],
  ] as const)(
    'of a node that is silent and %s',
    (_, level, facts, expected) => {
      const kind = {
        ...leaseKind,
        // As the graph judges it: late for certain.
        observe: (item: KubernetesObject, context: any) => {
          const observed = observe(leaseKind, item, context.now);
          const verdict = verdictAt(observed.verdict, NOW, NOW);
          return { ...observed, verdict };
        },
      };
      const around = {
        'node-lease in': [neighbour('Node', 'node-1', level, facts)],
      };
      expect(verdictText(judged(kind, heartbeat(60), around))).toBe(expected);
    },
  );
});

it('shows nothing that a renewal changes', () => {
  const shown = (item: KubernetesObject) => {
    const { verdict, ...rest } = observe(leaseKind, item);
    const { sequel: _, ...now } = verdict;
    return { ...rest, now };
  };
  expect(shown(heartbeat(1))).toEqual(shown(heartbeat(30)));
  expect(shown(leader(1))).toEqual(shown(leader(20)));
});

it.each([
  ['a node (R126)', heartbeat(5), ['node-lease target /node-1']],
  [
    'the pod of a Deployment (R127)',
    leader(5),
    ['lease-pod source shop/operator-7d9f8b6c5-x2x4z'],
  ],
  [
    'the pod of a StatefulSet (R127)',
    leader(5, { holderIdentity: 'operator-0' }),
    ['lease-pod source shop/operator-0'],
  ],
  [
    'a host with a number',
    leader(5, { holderIdentity: 'ip-10-0-0-7_8c6e' }),
    [],
  ],
  [
    'a host, which is no pod',
    leader(5, { holderIdentity: 'lab-master_8c6e' }, 'kube-scheduler'),
    [],
  ],
])('points at its holder: %s', (_, item, expected) => {
  const found = observe(leaseKind, item)
    .references.filter(({ relation }) => relation !== 'namespace-lease')
    .map(
      ({ relation, end, other, required }) =>
        `${relation} ${end} ${other.namespace}/${other.name}${
          required ? '!' : ''
        }`,
    );
  expect(found).toEqual(expected);
});
