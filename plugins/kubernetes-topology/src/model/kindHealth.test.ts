import { clusterHealths } from '../fixtures/clusterHealths';
import {
  KindColumn,
  countsByState,
  durationText,
  isKindProblem,
  sortedKinds,
} from './kindHealth';

const [{ kinds }] = clusterHealths();
const names = (list: typeof kinds) => list.map(({ kind }) => kind);

describe('sortedKinds', () => {
  it.each<[KindColumn, 'ascending' | 'descending', string[]]>([
    [
      'state',
      'ascending',
      ['Widget', 'Secret', 'Deployment', 'NetworkPolicy', 'Pod', 'Gateway'],
    ],
    [
      'objects',
      'descending',
      ['Pod', 'Deployment', 'NetworkPolicy', 'Widget', 'Gateway', 'Secret'],
    ],
    // What has no lag stands last either way.
    [
      'lag',
      'ascending',
      ['Pod', 'Deployment', 'Gateway', 'NetworkPolicy', 'Secret', 'Widget'],
    ],
    [
      'lag',
      'descending',
      ['Deployment', 'Pod', 'Gateway', 'NetworkPolicy', 'Secret', 'Widget'],
    ],
    [
      'group',
      'ascending',
      ['Pod', 'Secret', 'Deployment', 'Widget', 'Gateway', 'NetworkPolicy'],
    ],
  ])('by %s, %s', (column, direction, expected) => {
    expect(names(sortedKinds(kinds, column, direction))).toEqual(expected);
  });
});

it('counts kinds by state, worst first', () => {
  expect(countsByState(kinds)).toEqual([
    { state: 'failing', count: 1 },
    { state: 'forbidden', count: 1 },
    { state: 'listed', count: 3 },
    { state: 'absent', count: 1 },
  ]);
});

it.each([
  ['listed', undefined, false],
  ['listed', 'only namespaces shop, cart', true],
  ['listing', undefined, false],
  ['absent', 'the server does not serve it', false],
  ['forbidden', undefined, true],
  ['failing', '500', true],
] as const)('%s, %j: a problem: %s', (state, message, expected) => {
  expect(isKindProblem({ ...kinds[0], state, message })).toBe(expected);
});

it.each([
  [0, '0 ms'],
  [38.4, '38 ms'],
  [1_240, '1.2 sec'],
  [180_000, '3 min'],
])('%d ms reads %s', (milliseconds, expected) => {
  expect(durationText(milliseconds, 'en')).toBe(expected);
});
