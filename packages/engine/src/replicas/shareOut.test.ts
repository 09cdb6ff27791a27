import fc from 'fast-check';
import { LeaseTable } from '../store/leases';
import { shareOut } from './shareOut';

function table(
  replicas: Record<string, string[]>,
  holders: Record<string, string | undefined>,
): LeaseTable {
  return {
    replicas: Object.entries(replicas).map(([id, clusters]) => ({
      id,
      clusters,
    })),
    leases: Object.entries(holders).map(([cluster, holder], nth) => ({
      cluster,
      holder,
      fencing: nth,
      isExpired: false,
      unwantedFor: undefined,
    })),
  };
}

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, nth) => `${prefix}${nth}`);

describe('shareOut', () => {
  it.each<[string, LeaseTable, Record<string, string>]>([
    [
      'one replica follows all',
      table({ r: ['a', 'b'] }, { a: undefined, b: undefined }),
      { a: 'r', b: 'r' },
    ],
    [
      'two follow half each',
      table({ r: ['a', 'b'], s: ['a', 'b'] }, { a: undefined, b: undefined }),
      { a: 'r', b: 's' },
    ],
    [
      'who has it keeps it',
      table({ r: ['a', 'b'], s: ['a', 'b'] }, { a: 's', b: 'r' }),
      { a: 's', b: 'r' },
    ],
    [
      'a newcomer gets one of two, not both',
      table({ r: ['a', 'b'], s: ['a', 'b'] }, { a: 's', b: 's' }),
      { a: 's', b: 'r' },
    ],
    [
      'three on two: nothing moves for an advantage of one',
      table(
        { r: ['a', 'b', 'c'], s: ['a', 'b', 'c'] },
        { a: 's', b: 's', c: 'r' },
      ),
      { a: 's', b: 's', c: 'r' },
    ],
    [
      'what a dead replica had goes to the others',
      table({ r: ['a', 'b'], s: ['a', 'b'] }, { a: 'dead', b: 'r' }),
      { a: 's', b: 'r' },
    ],
    [
      'a replica gets only what it is configured to follow',
      table(
        { r: ['a', 'b', 'c'], s: ['c'] },
        { a: undefined, b: undefined, c: undefined },
      ),
      { a: 'r', b: 'r', c: 's' },
    ],
    [
      'it loses what it is not configured to follow any more',
      table({ r: ['a'], s: [] }, { a: 's' }),
      { a: 'r' },
    ],
    [
      'nobody gets what nobody wants',
      table({ r: ['a'] }, { a: 'r', b: 'r', c: undefined }),
      { a: 'r' },
    ],
    ['nobody lives', table({}, { a: 'dead' }), {}],
  ])('%s', (_, given, expected) => {
    expect(Object.fromEntries(shareOut(given))).toEqual(expected);
  });

  const sizes = {
    clusters: fc.integer({ min: 0, max: 40 }),
    replicas: fc.integer({ min: 1, max: 7 }),
    holders: fc.array(fc.option(fc.integer({ min: 0, max: 9 })), {
      minLength: 40,
      maxLength: 40,
    }),
  };

  it('is fair, complete and stable, whoever held what before', () => {
    fc.assert(
      fc.property(fc.record(sizes), ({ clusters, replicas, holders }) => {
        const all = names('c', clusters);
        const ids = names('r', replicas);
        const wants = Object.fromEntries(ids.map(id => [id, all]));
        const held = Object.fromEntries(
          all.map((cluster, nth) => [
            cluster,
            holders[nth] === null ? undefined : `r${holders[nth]}`,
          ]),
        );
        const shares = shareOut(table(wants, held));
        expect([...shares.keys()].sort()).toEqual([...all].sort());
        const counts = ids.map(
          id => [...shares.values()].filter(owner => owner === id).length,
        );
        expect(Math.max(...counts)).toBe(Math.ceil(clusters / replicas));
        expect(Math.min(...counts)).toBe(Math.floor(clusters / replicas));
        // Nothing moves once all have their share.
        const next = table(wants, Object.fromEntries(shares));
        expect(shareOut(next)).toEqual(shares);
        // Nobody gives away more than what is too much.
        for (const [nth, id] of ids.entries()) {
          const had = all.filter(cluster => held[cluster] === id);
          const kept = had.filter(cluster => shares.get(cluster) === id);
          expect(kept.length).toBe(Math.min(had.length, counts[nth]));
        }
      }),
    );
  });

  it('gives every cluster to somebody who wants it, and to nobody else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.subarray(names('c', 12)), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 6 }), {
          minLength: 12,
          maxLength: 12,
        }),
        (configured, holders) => {
          const wants = Object.fromEntries(
            configured.map((clusters, nth) => [`r${nth}`, clusters]),
          );
          const held = Object.fromEntries(
            names('c', 12).map((cluster, nth) => [cluster, `r${holders[nth]}`]),
          );
          const shares = shareOut(table(wants, held));
          for (const cluster of names('c', 12)) {
            const wanting = Object.keys(wants).filter(id =>
              wants[id].includes(cluster),
            );
            const owner = shares.get(cluster);
            expect(owner === undefined).toBe(wanting.length === 0);
            expect(owner === undefined || wanting.includes(owner)).toBe(true);
          }
          expect(
            shareOut(table(wants, { ...held, ...Object.fromEntries(shares) })),
          ).toEqual(shares);
        },
      ),
    );
  });
});
