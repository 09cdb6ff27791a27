import { Block, gridBlock, packedWidth, placeBlocks } from './blocks';
import { connectedComponents } from './components';
import { framesAround } from './frames';
import { layoutComponent, PlacedComponent } from './layoutComponent';
import { boundsOf, rowWidth } from './rectangles';
import {
  FRAME_HEADER,
  FRAME_PADDING,
  GAP_BETWEEN_FRAMES,
  GAP_BETWEEN_NODES,
  GAP_BETWEEN_PARTS,
  GAP_BETWEEN_RANKS,
} from './sizes';
import { Layout, LayoutEdge, LayoutInput, LayoutNode, Point } from './types';

function groupBy<T>(items: readonly T[], name: (item: T) => string) {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(name(item)) ?? [];
    group.push(item);
    groups.set(name(item), group);
  }
  return groups;
}

/** A connected part as a block. Its room is that of the nodes inside of the frame, and all of its height. */
function blockOf(placed: PlacedComponent, outside: ReadonlySet<string>): Block {
  const inside = [...placed.boxes].filter(([id]) => !outside.has(id));
  return {
    ...placed,
    width: boundsOf(inside.map(([, box]) => box))?.width ?? 0,
    height: boundsOf([...placed.boxes.values()])?.height ?? 0,
    // What leads out of the frame must not cross a neighbour on its right.
    alone: inside.length < placed.boxes.size,
  };
}

/** One namespace with the cluster-scoped nodes that hang on it: these stand to the right of all others. */
function layoutNamespace(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): PlacedComponent {
  const outside = new Set(
    nodes.filter(node => node.namespace === '').map(node => node.id),
  );
  const ids = new Set(nodes.map(node => node.id));
  const within = edges.filter(
    edge => ids.has(edge.source) && ids.has(edge.target),
  );
  const components = connectedComponents(nodes, within);
  const blocks = components
    .filter(members => members.length > 1)
    .map(members => {
      const memberIds = new Set(members.map(member => member.id));
      const placed = layoutComponent(
        members,
        within.filter(edge => memberIds.has(edge.source)),
        outside,
      );
      return blockOf(placed, outside);
    });
  const singles = components.filter(members => members.length === 1).flat();
  const width = rowWidth([...blocks, ...singles], GAP_BETWEEN_PARTS);
  if (singles.length > 0) {
    blocks.push(
      gridBlock(singles, packedWidth(blocks, GAP_BETWEEN_PARTS, width)),
    );
  }
  const right =
    packedWidth(blocks, GAP_BETWEEN_PARTS, width) +
    FRAME_PADDING +
    GAP_BETWEEN_RANKS;
  const placed = placeBlocks(blocks, GAP_BETWEEN_PARTS, width);
  // One column, whatever ranks they came from: in the order of their heights, none over another.
  let free = -Infinity;
  const column = [...outside]
    .map(id => placed.boxes.get(id)!)
    .sort((a, b) => a.y - b.y);
  for (const box of column) {
    box.x = right;
    box.y = Math.max(box.y, free);
    free = box.y + box.height + GAP_BETWEEN_NODES;
  }
  return placed;
}

/** One cluster: its namespaces in rows, then the cluster-scoped nodes that hang on nothing drawn. */
function layoutCluster(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): PlacedComponent {
  const homes = homesOfClusterScoped(nodes, edges);
  const byNamespace = groupBy(
    nodes.filter(node => node.namespace !== '' || homes.has(node.id)),
    node => (node.namespace === '' ? homes.get(node.id)! : node.namespace),
  );
  const blocks = [...byNamespace]
    .sort(([a, as], [b, bs]) => bs.length - as.length || (a < b ? -1 : 1))
    .map(([, members]): Block => {
      const placed = layoutNamespace(members, edges);
      const bounds = boundsOf([...placed.boxes.values()])!;
      return {
        ...placed,
        width: bounds.width + 2 * FRAME_PADDING,
        height: bounds.height + FRAME_HEADER + FRAME_PADDING,
        inset: { x: FRAME_PADDING, y: FRAME_HEADER },
      };
    });
  const shared = nodes.filter(
    node => node.namespace === '' && !homes.has(node.id),
  );
  const width = rowWidth([...blocks, ...shared], GAP_BETWEEN_FRAMES);
  if (shared.length > 0) {
    blocks.push({
      ...gridBlock(shared, packedWidth(blocks, GAP_BETWEEN_FRAMES, width)),
      inset: { x: FRAME_PADDING, y: 0 },
    });
  }
  return placeBlocks(blocks, GAP_BETWEEN_FRAMES, width);
}

/** A cluster-scoped node stands beside the namespace that uses it: a volume beside its claim's. */
function homesOfClusterScoped(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): Map<string, string> {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const homes = new Map<string, string>();
  // A second round takes in what hangs on a cluster-scoped node only.
  for (let round = 0; round < 2; round++) {
    for (const edge of edges) {
      for (const [id, other] of [
        [edge.source, edge.target],
        [edge.target, edge.source],
      ]) {
        const home = byId.get(other)?.namespace || homes.get(other);
        if (byId.get(id)?.namespace === '' && home && !homes.has(id)) {
          homes.set(id, home);
        }
      }
    }
  }
  return homes;
}

function roundedBelow(y: number, point: Point): Point {
  return { x: Math.round(point.x), y: Math.round(point.y + y) };
}

/**
 * A fresh layout: per cluster, per namespace, per connected part. Pure; the same graph gives the same picture
 * whatever order its nodes come in.
 */
export function layoutGraph(input: LayoutInput): Layout {
  const order = (a: { id: string }, b: { id: string }) =>
    a.id < b.id ? -1 : 1;
  const nodes = [...input.nodes].sort(order);
  const edges = [...input.edges].sort(order);
  const positions: Record<string, Point> = {};
  const routes: Record<string, Point[]> = {};
  let y = 0;
  for (const [, members] of groupBy(nodes, node => node.cluster)) {
    const placed = layoutCluster(members, edges);
    const bounds = boundsOf([...placed.boxes.values()])!;
    for (const [id, box] of placed.boxes) {
      positions[id] = roundedBelow(y, box);
    }
    for (const [id, route] of placed.routes) {
      routes[id] = route.map(roundedBelow.bind(undefined, y));
    }
    // Two frames' worth of titles and borders, then the gap.
    y +=
      bounds.height + 2 * (FRAME_HEADER + FRAME_PADDING) + GAP_BETWEEN_FRAMES;
  }
  return { positions, routes, frames: framesAround(nodes, positions) };
}
