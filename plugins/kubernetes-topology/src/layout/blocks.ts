import { boxAt } from './frames';
import { PlacedComponent } from './layoutComponent';
import { packInRows } from './rectangles';
import { GAP_BETWEEN_NODES } from './sizes';
import { LayoutNode, Point } from './types';

/** A piece that is laid out already, with its own origin, and the room that it takes. */
export interface Block extends PlacedComponent {
  width: number;
  height: number;
  /** Where its origin lies in that room. */
  inset?: Point;
  /** Takes a row of its own. */
  alone?: boolean;
}

/** Puts blocks into rows, each as one piece. */
export function placeBlocks(
  blocks: readonly Block[],
  gap: number,
  width: number,
): PlacedComponent {
  const places = packInRows(blocks, gap, width);
  const boxes: PlacedComponent['boxes'] = new Map();
  const routes: PlacedComponent['routes'] = new Map();
  blocks.forEach((block, index) => {
    const x = places[index].x + (block.inset?.x ?? 0);
    const y = places[index].y + (block.inset?.y ?? 0);
    for (const [id, box] of block.boxes) {
      boxes.set(id, { ...box, x: box.x + x, y: box.y + y });
    }
    for (const [id, route] of block.routes) {
      routes.set(
        id,
        route.map(point => ({ x: point.x + x, y: point.y + y })),
      );
    }
  });
  return { boxes, routes };
}

/** How wide the widest row comes out. */
export function packedWidth(
  blocks: readonly Block[],
  gap: number,
  width: number,
): number {
  const places = packInRows(blocks, gap, width);
  return Math.max(
    0,
    ...blocks.map((block, index) => places[index].x + block.width),
  );
}

/** Nodes without edges in a grid, as wide as `width` allows or, where that is little, about square. */
export function gridBlock(nodes: readonly LayoutNode[], width: number): Block {
  const widest = Math.max(...nodes.map(node => node.width));
  const columns = Math.max(
    Math.floor((width + GAP_BETWEEN_NODES) / (widest + GAP_BETWEEN_NODES)),
    Math.ceil(Math.sqrt(nodes.length)),
  );
  const boxes: PlacedComponent['boxes'] = new Map();
  let y = 0;
  for (let row = 0; row < nodes.length; row += columns) {
    const members = nodes.slice(row, row + columns);
    for (const [column, node] of members.entries()) {
      const x = column * (widest + GAP_BETWEEN_NODES);
      boxes.set(node.id, boxAt(node, { x, y }));
    }
    y += Math.max(...members.map(node => node.height)) + GAP_BETWEEN_NODES;
  }
  return {
    boxes,
    routes: new Map(),
    width:
      Math.min(columns, nodes.length) * (widest + GAP_BETWEEN_NODES) -
      GAP_BETWEEN_NODES,
    height: y - GAP_BETWEEN_NODES,
    alone: true,
  };
}
