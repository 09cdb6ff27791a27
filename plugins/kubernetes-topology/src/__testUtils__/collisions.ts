import { boxAt } from '../layout/frames';
import { overlap } from '../layout/rectangles';
import { Layout, LayoutInput, Rectangle } from '../layout/types';

/** Pairs of things that lie over each other and must not. */
export function collisions(input: LayoutInput, layout: Layout): string[] {
  const found: string[] = [];
  const check = (a: string, boxA: Rectangle, b: string, boxB: Rectangle) => {
    if (overlap(boxA, boxB, 0)) found.push(`${a} × ${b}`);
  };
  input.nodes.forEach((a, index) => {
    const box = boxAt(a, layout.positions[a.id]);
    for (const b of input.nodes.slice(index + 1)) {
      check(a.id, box, b.id, boxAt(b, layout.positions[b.id]));
    }
    for (const frame of layout.frames) {
      const inside =
        frame.cluster === a.cluster &&
        (frame.namespace === undefined || frame.namespace === a.namespace);
      if (!inside) check(a.id, box, `frame ${frame.id}`, frame);
    }
  });
  layout.frames.forEach((a, index) => {
    for (const b of layout.frames.slice(index + 1)) {
      const nested =
        a.cluster === b.cluster &&
        (a.namespace === undefined || b.namespace === undefined);
      if (!nested) check(`frame ${a.id}`, a, `frame ${b.id}`, b);
    }
  });
  return found;
}
