import { boxAt, framesAround } from './frames';
import { layoutGraph } from './layoutGraph';
import { boundsOf, overlap } from './rectangles';
import { GAP_BETWEEN_FRAMES, GAP_BETWEEN_NODES } from './sizes';
import {
  Layout,
  LayoutInput,
  LayoutNode,
  LayoutRequest,
  Point,
  Rectangle,
} from './types';

/** With fewer survivors than one in so many nodes, the picture is another one: it is drawn afresh. */
const WORTH_KEEPING = 4;

/**
 * The layout of a changed graph: who was there stays where it was; a newcomer stands to its neighbour as it would
 * in a fresh layout, or in the next free place. Only a frame that would grow into another pushes it aside.
 */
export function stableLayout(request: LayoutRequest): Layout {
  const { input, previous } = request;
  const fresh = layoutGraph(input);
  if (!previous) return fresh;
  const survivors = input.nodes.filter(node => previous.positions[node.id]);
  if (survivors.length * WORTH_KEEPING < input.nodes.length) return fresh;

  const positions: Record<string, Point> = {};
  for (const node of survivors) {
    positions[node.id] = previous.positions[node.id];
  }
  placeNewcomers(input, fresh, positions);
  separateFrames(input.nodes, positions);
  return {
    positions,
    frames: framesAround(input.nodes, positions),
    routes: routesThatHold(input, fresh, previous, positions),
  };
}

function frameOf(node: LayoutNode): string {
  return `${node.cluster}/${node.namespace}`;
}

function placeNewcomers(
  input: LayoutInput,
  fresh: Layout,
  positions: Record<string, Point>,
): void {
  const byId = new Map(input.nodes.map(node => [node.id, node]));
  // Frames grow downwards: their titles, and what stands above them, stay.
  const tops = new Map<string, number>();
  for (const node of input.nodes) {
    const at = positions[node.id];
    if (at) {
      const frame = frameOf(node);
      tops.set(frame, Math.min(at.y, tops.get(frame) ?? Infinity));
    }
  }
  const neighbours = new Map<string, string[]>();
  for (const { source, target } of input.edges) {
    neighbours.set(source, [...(neighbours.get(source) ?? []), target]);
    neighbours.set(target, [...(neighbours.get(target) ?? []), source]);
  }
  const distance = (a: string, b: string) => {
    const [p, q] = [fresh.positions[a], fresh.positions[b]];
    return Math.abs(p.x - q.x) + Math.abs(p.y - q.y);
  };
  const waiting = new Set(
    input.nodes
      .filter(node => !positions[node.id])
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  for (let progress = true; progress && waiting.size > 0; ) {
    progress = false;
    for (const node of waiting) {
      const placed = (neighbours.get(node.id) ?? [])
        .filter(id => positions[id])
        .sort((a, b) => distance(node.id, a) - distance(node.id, b));
      if (placed.length === 0) continue;
      const from = placed[0];
      positions[node.id] = freePlace(
        node,
        {
          x:
            positions[from].x +
            fresh.positions[node.id].x -
            fresh.positions[from].x,
          y: Math.max(
            tops.get(frameOf(node)) ?? -Infinity,
            positions[from].y +
              fresh.positions[node.id].y -
              fresh.positions[from].y,
          ),
        },
        byId,
        positions,
      );
      waiting.delete(node);
      progress = true;
    }
  }
  // What hangs on nobody that was there comes below its own namespace, or below all.
  const offsets = new Map<string, Point>();
  for (const node of waiting) {
    const frame = frameOf(node);
    let offset = offsets.get(frame);
    if (!offset) {
      offset = offsetBelow(node, input.nodes, waiting, fresh, positions);
      offsets.set(frame, offset);
    }
    positions[node.id] = freePlace(
      node,
      {
        x: fresh.positions[node.id].x + offset.x,
        y: fresh.positions[node.id].y + offset.y,
      },
      byId,
      positions,
    );
  }
}

function offsetBelow(
  node: LayoutNode,
  nodes: readonly LayoutNode[],
  waiting: ReadonlySet<LayoutNode>,
  fresh: Layout,
  positions: Readonly<Record<string, Point>>,
): Point {
  const sameFrame = (other: LayoutNode) => frameOf(other) === frameOf(node);
  const boxesOf = (
    members: readonly LayoutNode[],
    at: Readonly<Record<string, Point>>,
  ) => boundsOf(members.filter(m => at[m.id]).map(m => boxAt(m, at[m.id])));
  const own = boxesOf(nodes.filter(sameFrame), positions);
  const all = boxesOf(nodes, positions);
  const above = own ?? all;
  const arriving = boxesOf([...waiting].filter(sameFrame), fresh.positions);
  if (!above || !arriving) return { x: 0, y: 0 };
  const gap = own ? GAP_BETWEEN_NODES : GAP_BETWEEN_FRAMES * 3;
  return {
    x: above.x - arriving.x,
    y: above.y + above.height + gap - arriving.y,
  };
}

/** So far below the wanted place (in half nodes) is looked first: above, the frame's title would have to move. */
const STEPS_BELOW_FIRST = 6;

/** 0, 1, … below, then in turn above and further below. */
function stepsAway(tries: number): number {
  const beyond = tries - STEPS_BELOW_FIRST;
  if (beyond <= 0) return tries;
  return beyond % 2 === 1 ? -(beyond + 1) / 2 : STEPS_BELOW_FIRST + beyond / 2;
}

/** The wanted place, or the nearest free one in the same column, rather below than above. */
function freePlace(
  node: LayoutNode,
  wanted: Point,
  byId: ReadonlyMap<string, LayoutNode>,
  positions: Readonly<Record<string, Point>>,
): Point {
  const taken: Rectangle[] = Object.entries(positions).map(([id, at]) =>
    boxAt(byId.get(id)!, at),
  );
  const step = (node.height + GAP_BETWEEN_NODES) / 2;
  for (let tries = 0; tries < 400; tries++) {
    const away = stepsAway(tries);
    const at = { x: wanted.x, y: Math.round(wanted.y + away * step) };
    if (
      !taken.some(box => overlap(boxAt(node, at), box, GAP_BETWEEN_NODES / 2))
    ) {
      return at;
    }
  }
  return wanted;
}

/** Moves whole namespaces and clusters down where one has grown into another. */
function separateFrames(
  nodes: readonly LayoutNode[],
  positions: Record<string, Point>,
): void {
  const down = (members: readonly LayoutNode[], by: number) => {
    for (const node of members) {
      const at = positions[node.id];
      positions[node.id] = { x: at.x, y: at.y + by };
    }
  };
  for (const inner of [true, false]) {
    const frames = framesAround(nodes, positions).filter(
      frame => (frame.namespace !== undefined) === inner,
    );
    frames.sort((a, b) => a.y - b.y || a.x - b.x);
    const settled: Rectangle[] = [];
    for (const frame of frames) {
      const members = nodes.filter(
        node =>
          node.cluster === frame.cluster &&
          (!inner || node.namespace === frame.namespace),
      );
      for (;;) {
        const other = settled.find(box => overlap(frame, box, 4));
        if (!other) break;
        const by = other.y + other.height + GAP_BETWEEN_FRAMES - frame.y;
        down(members, by);
        frame.y += by;
      }
      settled.push(frame);
    }
    if (inner) {
      clearClusterScoped(nodes, positions, settled);
    }
  }
}

/** A cluster-scoped node that a namespace has grown over moves to the right of it, below who stands there. */
function clearClusterScoped(
  nodes: readonly LayoutNode[],
  positions: Record<string, Point>,
  frames: readonly Rectangle[],
): void {
  for (const node of nodes) {
    if (node.namespace !== '') continue;
    for (;;) {
      const box = boxAt(node, positions[node.id]);
      const frame = frames.find(other => overlap(box, other, 0));
      const neighbour = nodes.find(
        other =>
          other !== node &&
          other.namespace === '' &&
          overlap(box, boxAt(other, positions[other.id]), 0),
      );
      if (frame) {
        positions[node.id] = {
          x: frame.x + frame.width + GAP_BETWEEN_FRAMES,
          y: box.y,
        };
      } else if (neighbour) {
        positions[node.id] = {
          x: box.x,
          y: positions[neighbour.id].y + neighbour.height + GAP_BETWEEN_NODES,
        };
      } else {
        break;
      }
    }
  }
}

/** A way around others holds while both ends stand to each other as when it was found. */
function routesThatHold(
  input: LayoutInput,
  fresh: Layout,
  previous: Layout,
  positions: Readonly<Record<string, Point>>,
): Record<string, Point[]> {
  const routes: Record<string, Point[]> = {};
  const still = (id: string, layout: Layout) =>
    layout.positions[id]?.x === positions[id].x &&
    layout.positions[id]?.y === positions[id].y;
  for (const edge of input.edges) {
    for (const layout of [previous, fresh]) {
      const route = layout.routes[edge.id];
      if (route && still(edge.source, layout) && still(edge.target, layout)) {
        routes[edge.id] = route;
        break;
      }
    }
  }
  return routes;
}
