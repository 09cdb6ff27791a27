import { Point } from '../../layout/types';

export type Direction = 'left' | 'right' | 'up' | 'down';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The direction of an arrow key; `undefined` for any other key. */
export function directionOf(key: string): Direction | undefined {
  return DIRECTIONS[key];
}

/**
 * Where an arrow key leads: left and right along an edge to the nearest node on that side; up and down to the
 * nearest node of the same column. `undefined` where there is none.
 */
export function nextNode(
  from: string,
  direction: Direction,
  positions: Readonly<Record<string, Point>>,
  edges: readonly { source: string; target: string }[],
): string | undefined {
  const here = positions[from];
  if (!here) return undefined;
  const sideways = direction === 'left' || direction === 'right';
  const ahead = direction === 'right' || direction === 'down' ? 1 : -1;
  const candidates = sideways
    ? edges.flatMap(({ source, target }) => {
        if (source === from) return [target];
        return target === from ? [source] : [];
      })
    : Object.keys(positions);
  const distance = (id: string) => {
    const { x, y } = positions[id];
    return sideways
      ? Math.abs(y - here.y) * 1000 + Math.abs(x - here.x)
      : Math.abs(y - here.y);
  };
  return candidates
    .filter(id => {
      const there = positions[id];
      if (!there || id === from) return false;
      return sideways
        ? (there.x - here.x) * ahead > 0
        : Math.abs(there.x - here.x) < 40 && (there.y - here.y) * ahead > 0;
    })
    .sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1))[0];
}
