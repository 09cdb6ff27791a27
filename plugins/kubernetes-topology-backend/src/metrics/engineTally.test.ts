import { WrittenBatch } from '@kubernetes-topology/engine';
import { EngineTally } from './engineTally';

const POD = { group: '', kind: 'Pod' };
const JOB = { group: 'batch', kind: 'Job' };

const batch = (rest: Partial<WrittenBatch> = {}): WrittenBatch => ({
  cluster: 'demo',
  revision: 1,
  kinds: [],
  kindStates: [],
  nodes: { written: 0, removed: 0 },
  edges: { written: 0, removed: 0 },
  took: 2,
  lag: 3,
  ...rest,
});

const listing = (objects?: number) => ({
  state: 'listing' as const,
  kind: POD,
  ...(objects !== undefined && { objects }),
});
const listed = (objects: number) => ({
  state: 'listed' as const,
  kind: POD,
  resourceVersion: '1',
  objects,
});
const not = (state: 'forbidden' | 'absent' | 'failing') => ({
  state,
  kind: POD,
  message: '',
});

describe('EngineTally', () => {
  it.each<[string, WrittenBatch['kindStates'], number, number, number]>([
    // objects, relists, failures
    ['a first list', [listing(), listing(3), listed(5)], 5, 0, 0],
    ['a watch that goes on', [listing(), listed(5), listed(6)], 6, 0, 0],
    [
      'a list that had to come again',
      [listing(), listed(5), listing(), listing(2), listed(4)],
      4,
      1,
      0,
    ],
    ['no right', [listing(), not('forbidden')], 0, 0, 1],
    [
      'a right that was taken',
      [listing(), listed(5), not('forbidden')],
      0,
      0,
      1,
    ],
    [
      'a failure that lasts, and ends',
      [
        listing(),
        listed(5),
        not('failing'),
        not('failing'),
        listing(),
        listed(5),
      ],
      5,
      1,
      1,
    ],
    ['a kind that went', [listing(), listed(5), not('absent')], 0, 0, 0],
  ])('counts %s', (_, kindStates, objects, relists, failures) => {
    // All at once, or one by one: a batch may hold any of them.
    for (const batches of [
      [batch({ kindStates })],
      kindStates.map(state => batch({ kindStates: [state] })),
    ]) {
      const tally = new EngineTally();
      batches.forEach(each => tally.wrote(each));
      expect(tally.clusters.get('demo')!.kinds.get('Pod')).toMatchObject({
        objects,
        relists,
        failures,
      });
    }
  });

  it('knows the lag of each kind, of the last batch with it', () => {
    const tally = new EngineTally();
    tally.wrote(batch({ kinds: [POD, JOB], lag: 100 }));
    tally.wrote(batch({ kinds: [POD], lag: 7 }));
    tally.wrote(batch({ cluster: 'other', kinds: [POD], lag: 9 }));
    expect([...tally.lags('demo')]).toEqual([
      ['Pod', 7],
      ['Job.batch', 100],
    ]);
    expect([...tally.lags('gone')]).toEqual([]);
  });

  it('forgets what waits once no batch is on its way', () => {
    const tally = new EngineTally();
    const graph = { nodes: 10, edges: 20, queued: 300, since: 0 };
    tally.writing('demo');
    tally.wrote(batch({ graph }));
    const now = Date.now();
    expect(tally.queued('demo', now + 1_000)).toBe(300);
    expect(tally.queued('demo', now + 10_000)).toBe(0);
    tally.writing('demo');
    expect(tally.queued('demo', now + 10_000)).toBe(300);
    expect(tally.queued('gone', now)).toBe(0);
  });

  it('holds nothing of a cluster that another replica reads', () => {
    const tally = new EngineTally();
    tally.followed('demo');
    const graph = { nodes: 10, edges: 20, queued: 0, since: 0 };
    tally.wrote(
      batch({ graph, revision: 8, kinds: [POD], kindStates: [listed(5)] }),
    );
    expect(tally.clusters.get('demo')).toMatchObject({
      isHeld: true,
      nodes: 10,
      edges: 20,
      revisions: 1,
      revision: 8,
    });
    tally.unfollowed('demo');
    expect(tally.clusters.get('demo')).toMatchObject({
      isHeld: false,
      nodes: 0,
      edges: 0,
      revisions: 1,
    });
    expect(tally.clusters.get('demo')!.kinds.get('Pod')!.objects).toBe(0);
    expect(tally.lags('demo').size).toBe(0);
    // Its first list here is none that had to come again.
    tally.followed('demo');
    tally.wrote(batch({ kindStates: [listing(), listed(5)] }));
    expect(tally.clusters.get('demo')!.kinds.get('Pod')!.relists).toBe(0);
  });
});
