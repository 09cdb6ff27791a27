import fc from 'fast-check';
import { NodeId } from './delta';
import { DueQueue } from './dueQueue';
import { GraphKind } from './graphKind';
import { GraphNode } from './graphNode';
import { nodeKey } from '../kinds/identity';

const kind = new GraphKind(
  { group: '', kind: 'Thing' },
  { text: 'Thing', prefix: 'demo/Thing/' },
  undefined,
);

function node(nth: number): GraphNode {
  const identity = { namespace: '', name: String(nth) };
  const key = nodeKey({ cluster: 'demo', kind: kind.id, ...identity });
  return new GraphNode({ id: nth as NodeId, key, kind, ...identity }, 'ghost');
}

describe('DueQueue', () => {
  it('hands nodes out in the order of the time that was set last', () => {
    const times = fc.array(
      fc.record({
        nth: fc.nat({ max: 9 }),
        at: fc.oneof(fc.nat({ max: 50 }), fc.constant(Infinity)),
      }),
    );
    fc.assert(
      fc.property(times, fc.nat({ max: 60 }), (scheduled, now) => {
        const queue = new DueQueue();
        const nodes = Array.from({ length: 10 }, (_, nth) => node(nth));
        const last = new Map<number, number>();
        for (const { nth, at } of scheduled) {
          queue.schedule(nodes[nth], at);
          last.set(nth, at);
        }
        const expected = [...last]
          .filter(([, at]) => at <= now)
          .map(([nth]) => nth)
          .sort((one, other) => one - other);
        const due = [...queue.due(now)].map(each => Number(each.name));
        const order = due.map(nth => last.get(nth)!);
        expect([...due].sort((one, other) => one - other)).toEqual(expected);
        expect(order).toEqual([...order].sort((one, other) => one - other));
        const later = [...last.values()].filter(
          at => at > now && at !== Infinity,
        );
        expect(queue.next()).toBe(
          later.length > 0 ? Math.min(...later) : undefined,
        );
      }),
    );
  });
});
