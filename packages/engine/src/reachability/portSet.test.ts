import fc from 'fast-check';
import { PortRange, PortSet, PROTOCOLS } from './portSet';

const range: fc.Arbitrary<PortRange> = fc
  .record({
    protocol: fc.constantFrom(...PROTOCOLS),
    a: fc.integer({ min: 1, max: 40 }),
    b: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ protocol, a, b }) => ({
    protocol,
    from: Math.min(a, b),
    to: Math.max(a, b),
  }));
const ranges = fc.array(range, { maxLength: 6 });
const ASKED = PROTOCOLS.flatMap(protocol =>
  Array.from({ length: 42 }, (_, port) => ({ protocol, port: port + 1 })),
);

function has(all: readonly PortRange[], { protocol, port }: (typeof ASKED)[0]) {
  return all.some(
    one => one.protocol === protocol && one.from <= port && port <= one.to,
  );
}

it('has what sets of single ports have', () => {
  fc.assert(
    fc.property(ranges, ranges, (a, b) => {
      const [left, right] = [PortSet.of(a), PortSet.of(b)];
      const union = left.union(right);
      const intersection = left.intersection(right);
      const without = left.without(right);
      for (const asked of ASKED) {
        const { protocol, port } = asked;
        const [inLeft, inRight] = [has(a, asked), has(b, asked)];
        expect(left.contains(protocol, port)).toBe(inLeft);
        expect(union.contains(protocol, port)).toBe(inLeft || inRight);
        expect(intersection.contains(protocol, port)).toBe(inLeft && inRight);
        expect(without.contains(protocol, port)).toBe(inLeft && !inRight);
      }
      expect(PortSet.of(left.ranges()).key).toBe(left.key);
      expect(left.union(right).key).toBe(right.union(left).key);
      expect(without.union(intersection).key).toBe(left.key);
      expect(left.isEmpty).toBe(a.length === 0);
    }),
  );
});

it('joins what touches, and knows all and none', () => {
  const tcp = (from: number, to: number): PortRange => ({
    protocol: 'TCP',
    from,
    to,
  });
  expect(PortSet.of([tcp(5, 9), tcp(1, 4), tcp(12, 12)]).ranges()).toEqual([
    tcp(1, 9),
    tcp(12, 12),
  ]);
  expect(PortSet.all.without(PortSet.all).key).toBe(PortSet.none.key);
  expect(PortSet.all.without(PortSet.none).key).toBe(PortSet.all.key);
  expect(PortSet.all.without(PortSet.of([tcp(80, 80)])).ranges()).toEqual([
    tcp(1, 79),
    tcp(81, 65_535),
    { protocol: 'UDP', from: 1, to: 65_535 },
    { protocol: 'SCTP', from: 1, to: 65_535 },
  ]);
});
