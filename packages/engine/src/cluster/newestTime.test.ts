import { newestTime } from './newestTime';

const T = (minute: number) =>
  `2026-03-02T10:${String(minute).padStart(2, '0')}:00Z`;
const at = (minute: number) => Date.parse(T(minute));
const object = (kind: string, fields: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a', creationTimestamp: T(0) },
  ...fields,
});

describe('newestTime', () => {
  it.each<[string, object, number]>([
    ['creation', object('Pod'), at(0)],
    [
      'a condition',
      object('Pod', {
        status: { conditions: [{ type: 'Ready', lastTransitionTime: T(5) }] },
      }),
      at(5),
    ],
    [
      'a heartbeat',
      object('Node', {
        status: { conditions: [{ lastHeartbeatTime: T(7) }] },
      }),
      at(7),
    ],
    [
      'a container',
      object('Pod', {
        status: {
          containerStatuses: [
            { lastState: { terminated: { finishedAt: T(6) } } },
          ],
        },
      }),
      at(6),
    ],
    [
      'an event',
      object('Event', { firstTimestamp: T(1), lastTimestamp: T(9) }),
      at(9),
    ],
    [
      'an event of a series',
      object('Event', {
        eventTime: '2026-03-02T10:01:00.123456Z',
        series: { count: 4, lastObservedTime: '2026-03-02T10:08:00.000000Z' },
      }),
      at(8),
    ],
    [
      'who wrote it',
      object('Secret', {
        metadata: {
          name: 'a',
          creationTimestamp: T(0),
          managedFields: [{ manager: 'kubectl-edit', time: T(4) }],
        },
      }),
      at(4),
    ],
    [
      'a lease',
      object('Lease', { spec: { renewTime: '2026-03-02T10:03:00.500000Z' } }),
      at(3) + 500,
    ],
    [
      'not what is to come',
      object('Certificate', {
        status: { notAfter: '2027-01-01T00:00:00Z', renewalTime: T(30) },
      }),
      at(0),
    ],
    [
      'not the time that a deletion allows',
      object('Pod', {
        metadata: {
          name: 'a',
          creationTimestamp: T(0),
          deletionTimestamp: T(40),
        },
      }),
      at(0),
    ],
    [
      'not what a spec says',
      object('Job', { spec: { startTime: T(50) } }),
      at(0),
    ],
    [
      'not what is no time',
      object('Pod', { status: { startTime: 'x' } }),
      at(0),
    ],
  ])('counts %s', (_, one, expected) => {
    expect(newestTime([one])).toBe(expected);
  });

  it('leaves out a clock that is years ahead', () => {
    const wrong = object('Event', { lastTimestamp: '2099-01-01T00:00:00Z' });
    expect(
      newestTime([object('Pod', { status: { startTime: T(2) } }), wrong]),
    ).toBe(at(2));
  });

  it('leaves out what is later than now, if that is not most of it', () => {
    const later = object('Event', { lastTimestamp: T(59) });
    expect(newestTime([object('Pod'), later], { notAfter: at(10) })).toBe(
      at(0),
    );
    expect(newestTime([later, later], { notAfter: at(10) })).toBe(at(59));
  });

  it('knows none of manifests', () => {
    expect(
      newestTime([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }]),
    ).toBeUndefined();
    expect(newestTime([])).toBeUndefined();
  });
});
