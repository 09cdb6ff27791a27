import { Point, Rectangle } from './types';

/** Whether two boxes come closer than `gap`. */
export function overlap(a: Rectangle, b: Rectangle, gap: number): boolean {
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}

/** The smallest box around all of these; `undefined` around nothing. */
export function boundsOf(boxes: readonly Rectangle[]): Rectangle | undefined {
  if (boxes.length === 0) {
    return undefined;
  }
  const x = Math.min(...boxes.map(box => box.x));
  const y = Math.min(...boxes.map(box => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map(box => box.x + box.width)) - x,
    height: Math.max(...boxes.map(box => box.y + box.height)) - y,
  };
}

/** How wide rows of these boxes should be so that the whole comes out about as wide as a screen. */
export function rowWidth(
  boxes: readonly { width: number; height: number }[],
  gap: number,
): number {
  const area = boxes.reduce(
    (sum, box) => sum + (box.width + gap) * (box.height + gap),
    0,
  );
  return Math.max(0, Math.sqrt(area * 2.6), ...boxes.map(box => box.width));
}

/** Sets boxes in rows of some width, in the given order. A box that is `alone` takes a row of its own. */
export function packInRows(
  boxes: readonly { width: number; height: number; alone?: boolean }[],
  gap: number,
  width: number,
): Point[] {
  const places: Point[] = [];
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  let rowClosed = false;
  for (const box of boxes) {
    if (x > 0 && (rowClosed || box.alone || x + box.width > width)) {
      x = 0;
      y += rowHeight + gap;
      rowHeight = 0;
    }
    places.push({ x, y });
    x += box.width + gap;
    rowHeight = Math.max(rowHeight, box.height);
    rowClosed = box.alone === true;
  }
  return places;
}
