import { directionOf, nextNode } from './keyboardWalk';

/**
 *   service ─▶ pod-1 ─▶ secret
 *           ─▶ pod-2
 *              lonely (same column, no edge)
 */
const POSITIONS = {
  service: { x: 0, y: 40 },
  'pod-1': { x: 300, y: 0 },
  'pod-2': { x: 300, y: 100 },
  lonely: { x: 300, y: 200 },
  secret: { x: 600, y: 0 },
};
const EDGES = [
  { source: 'service', target: 'pod-1' },
  { source: 'service', target: 'pod-2' },
  { source: 'pod-1', target: 'secret' },
];

describe('nextNode', () => {
  it.each([
    ['service', 'ArrowRight', 'pod-1'],
    ['pod-1', 'ArrowRight', 'secret'],
    ['pod-1', 'ArrowLeft', 'service'],
    ['secret', 'ArrowLeft', 'pod-1'],
    ['pod-1', 'ArrowDown', 'pod-2'],
    ['pod-2', 'ArrowDown', 'lonely'],
    ['pod-2', 'ArrowUp', 'pod-1'],
    ['pod-2', 'ArrowRight', undefined],
    ['lonely', 'ArrowLeft', undefined],
    ['secret', 'ArrowDown', undefined],
    ['gone', 'ArrowDown', undefined],
  ])('from %s with %s to %s', (from, key, to) => {
    expect(nextNode(from, directionOf(key)!, POSITIONS, EDGES)).toBe(to);
  });

  it('knows no other keys', () => {
    expect(directionOf('Enter')).toBeUndefined();
  });
});
