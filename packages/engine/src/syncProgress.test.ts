import { KindState } from './graph/delta';
import { progressText, syncProgress } from './syncProgress';

const kind = (name: string) => ({ group: '', kind: name });
const listed = (objects: number): KindState => ({
  state: 'listed',
  kind: kind('Pod'),
  resourceVersion: '1',
  objects,
});
const listing = (objects?: number, expected?: number): KindState => ({
  state: 'listing',
  kind: kind('Secret'),
  objects,
  expected,
});
const unreadable = (state: 'forbidden' | 'absent' | 'failing'): KindState => ({
  state,
  kind: kind('Node'),
  message: 'why',
});

describe('syncProgress', () => {
  it.each<[string, KindState[], string]>([
    ['nothing known yet', [], '0 of 0 kinds, 0 %'],
    ['nothing begun', [listing(), listing()], '0 of 2 kinds, 0 %'],
    ['in the middle of a list', [listing(250, 1000)], '0 of 1 kinds, 25 %'],
    [
      'one through, one in the middle',
      [listed(999), listing(500, 1000)],
      '1 of 2 kinds, 75 %',
    ],
    [
      'a list whose length nobody told',
      [listed(499), listing(500)],
      '1 of 2 kinds, 66 %',
    ],
    [
      'what may not be read or fails is through',
      [listed(9), unreadable('forbidden'), unreadable('failing')],
      '3 of 3 kinds, 100 %',
    ],
    [
      'what is not served does not count',
      [listed(9), unreadable('absent')],
      '1 of 1 kinds, 100 %',
    ],
    [
      'nearly all, but not through',
      [listed(1_000_000), listing(0, 1)],
      '1 of 2 kinds, 99 %',
    ],
  ])('%s', (_, states, text) => {
    expect(progressText(syncProgress(states))).toBe(text);
  });
});
