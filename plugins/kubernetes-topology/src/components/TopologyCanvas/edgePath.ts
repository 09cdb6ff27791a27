import { Point, Rectangle } from '../../layout/types';

export interface EdgePath {
  d: string;
  /** Where a label fits. */
  middle: Point;
}

const middleOf = (box: Rectangle) => box.y + box.height / 2;

/** A curve that leaves and arrives level. */
function curve(from: Point, to: Point): string {
  const half = (to.x - from.x) / 2;
  return `C ${from.x + half} ${from.y} ${to.x - half} ${to.y} ${to.x} ${to.y}`;
}

/** How far a line between two nodes of one column swings out. */
const SWING = 44;

/** The line of an edge from source to target, along the way that the layout found around other nodes. */
export function edgePath(
  source: Rectangle,
  target: Rectangle,
  route?: readonly Point[],
): EdgePath {
  const forward = target.x >= source.x + source.width;
  const backward = source.x >= target.x + target.width;
  if (forward || backward) {
    const start = {
      x: forward ? source.x + source.width : source.x,
      y: middleOf(source),
    };
    const end = {
      x: forward ? target.x : target.x + target.width,
      y: middleOf(target),
    };
    // Ways lead left to right; an edge that points the other way goes along it from its end.
    const via = backward ? [...(route ?? [])].reverse() : route ?? [];
    const points = [start, ...via, end];
    const d = points
      .slice(1)
      .reduce(
        (path, point, index) => `${path} ${curve(points[index], point)}`,
        `M ${start.x} ${start.y}`,
      );
    const last = points[points.length - 2];
    return {
      d,
      middle: { x: (last.x + end.x) / 2, y: (last.y + end.y) / 2 },
    };
  }
  const right = Math.max(source.x + source.width, target.x + target.width);
  const start = { x: source.x + source.width, y: middleOf(source) };
  const end = { x: target.x + target.width, y: middleOf(target) };
  return {
    d: `M ${start.x} ${start.y} C ${right + SWING} ${start.y} ${
      right + SWING
    } ${end.y} ${end.x} ${end.y}`,
    middle: { x: right + SWING * 0.7, y: (start.y + end.y) / 2 },
  };
}
