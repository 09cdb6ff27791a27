import { NodeFilter } from '@kubernetes-topology/engine';
import { filterSight, Sight } from './filterSight';

const inOne: NodeFilter = { key: 'cluster', values: ['one'] };
const inShop: NodeFilter = { key: 'namespace', values: ['shop'] };
const pods: NodeFilter = { key: 'kind', values: ['Pod'] };

describe('filterSight', () => {
  it.each<[NodeFilter | undefined, Sight, Sight, Sight]>([
    // filter, cluster one, cluster two, pods of cluster one
    [undefined, 'all', 'all', 'all'],
    [inOne, 'all', 'none', 'all'],
    [{ not: inOne }, 'none', 'all', 'none'],
    [inShop, 'some', 'some', 'some'],
    [{ not: inShop }, 'some', 'some', 'some'],
    [pods, 'some', 'some', 'all'],
    [{ not: pods }, 'some', 'some', 'none'],
    [{ anyOf: [inOne, inShop] }, 'all', 'some', 'all'],
    [{ allOf: [inOne, inShop] }, 'some', 'none', 'some'],
    [{ allOf: [inOne, pods] }, 'some', 'none', 'all'],
    [{ anyOf: [{ not: inOne }, pods] }, 'some', 'all', 'all'],
    [{ anyOf: [] }, 'none', 'none', 'none'],
    [{ allOf: [] }, 'all', 'all', 'all'],
  ])('%j', (filter, one, two, podsOfOne) => {
    expect(filterSight(filter, { cluster: 'one' })).toBe(one);
    expect(filterSight(filter, { cluster: 'two' })).toBe(two);
    expect(
      filterSight(filter, {
        cluster: 'one',
        kind: { group: '', kind: 'Pod' },
      }),
    ).toBe(podsOfOne);
  });
});
