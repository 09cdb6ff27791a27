import { connectedComponents } from './components';
import { framesAround } from './frames';
import { layoutComponent, PlacedComponent } from './layoutComponent';
import { boundsOf, packInRows } from './rectangles';
import {
  FRAME_HEADER,
  FRAME_PADDING,
  GAP_BETWEEN_FRAMES,
  GAP_BETWEEN_NODES,
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

/** A piece that is laid out already, with its own origin. */
interface Block extends PlacedComponent {
  width: number;
  height: number;
  alone: boolean;
}

function blockOf(placed: PlacedComponent, outside: ReadonlySet<string>): Block {
  const all = boundsOf([...placed.boxes.values()]);
  const inside = boundsOf(
    [...placed.boxes].filter(([id]) => !outside.has(id)).map(([, box]) => box),
  );
  return {
    ...placed,
    width: inside?.width ?? 0,
    height: all?.height ?? 0,
    // What leads out of the frame must not cross a neighbour on its right.
    alone: [...placed.boxes.keys()].some(id => outside.has(id)),
  };
}

/** Nodes without edges, in a grid. */
function grid(nodes: readonly LayoutNode[], columns: number): Block {
  const boxes: PlacedComponent['boxes'] = new Map();
  let y = 0;
  for (let row = 0; row < nodes.length; row += columns) {
    const members = nodes.slice(row, row + columns);
    members.forEach((node, column) =>
      boxes.set(node.id, {
        x: column * (node.width + GAP_BETWEEN_NODES),
        y,
        width: node.width,
        height: node.height,
      }),
    );
    y += Math.max(...members.map(node => node.height)) + GAP_BETWEEN_NODES;
  }
  return blockOf({ boxes, routes: new Map() }, new Set());
}

/** Puts blocks below and beside each other; `outside` nodes go to the right of everything else. */
function arrange(
  blocks: readonly Block[],
  outside: ReadonlySet<string>,
): PlacedComponent {
  const places = packInRows(blocks, GAP_BETWEEN_NODES * 1.6);
  const boxes: PlacedComponent['boxes'] = new Map();
  const routes: PlacedComponent['routes'] = new Map();
  const right = Math.max(
    0,
    ...blocks.map((block, index) => places[index].x + block.width),
  );
  blocks.forEach((block, index) => {
    const { x, y } = places[index];
    for (const [id, box] of block.boxes) {
      boxes.set(id, {
        ...box,
        x: outside.has(id)
          ? right + FRAME_PADDING + GAP_BETWEEN_RANKS
          : box.x + x,
        y: box.y + y,
      });
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

/** One namespace with the cluster-scoped nodes that hang on it. */
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
  const singles = components
    .filter(members => members.length === 1)
    .map(([single]) => single);
  if (singles.length > 0) {
    const widest = Math.max(0, ...blocks.map(block => block.width));
    const fits = Math.floor(
      (widest + GAP_BETWEEN_NODES) / (singles[0].width + GAP_BETWEEN_NODES),
    );
    blocks.push({
      ...grid(singles, Math.max(fits, Math.ceil(Math.sqrt(singles.length)))),
      alone: true,
    });
  }
  return arrange(blocks, outside);
}

/** One cluster: its namespaces in rows, then the cluster-scoped nodes that hang on nothing drawn. */
function layoutCluster(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): PlacedComponent {
  const home = homesOfClusterScoped(nodes, edges);
  const byNamespace = groupBy(
    nodes.filter(node => node.namespace !== '' || home.has(node.id)),
    node => (node.namespace === '' ? home.get(node.id)! : node.namespace),
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
        alone: false,
      };
    });
  const shared = nodes.filter(
    node => node.namespace === '' && !home.has(node.id),
  );
  if (shared.length > 0) {
    const widest = Math.max(0, ...blocks.map(block => block.width));
    const fits = Math.floor(widest / (shared[0].width + GAP_BETWEEN_NODES));
    blocks.push({
      ...grid(shared, Math.max(fits, Math.ceil(Math.sqrt(shared.length)))),
      alone: true,
    });
  }
  const places = packInRows(blocks, GAP_BETWEEN_FRAMES);
  const boxes: PlacedComponent['boxes'] = new Map();
  const routes: PlacedComponent['routes'] = new Map();
  blocks.forEach((block, index) => {
    const { x, y } = places[index];
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
        const neighbour = byId.get(other);
        const home = neighbour?.namespace || homes.get(other);
        if (byId.get(id)?.namespace === '' && home && !homes.has(id)) {
          homes.set(id, home);
        }
      }
    }
  }
  return homes;
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
      positions[id] = { x: Math.round(box.x), y: Math.round(box.y + y) };
    }
    for (const [id, route] of placed.routes) {
      routes[id] = route.map(point => ({
        x: Math.round(point.x),
        y: Math.round(point.y + y),
      }));
    }
    y +=
      bounds.height + 2 * (FRAME_HEADER + FRAME_PADDING + GAP_BETWEEN_FRAMES);
  }
  return { positions, routes, frames: framesAround(nodes, positions) };
}
