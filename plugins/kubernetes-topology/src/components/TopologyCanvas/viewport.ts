import { ReactFlowInstance } from '@xyflow/react';
import { FlowEdge, FlowNode } from './flowElements';

type Instance = ReactFlowInstance<FlowNode, FlowEdge>;

/** Below this zoom names cannot be read: the first view then shows what matters instead of all. */
const READABLE_ZOOM = 0.55;
const MARGIN = 28;

/** Milliseconds; none for who wishes less motion. */
function duration(): number {
  const reduced =
    typeof window.matchMedia === 'function' &&
    window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  return reduced ? 0 : 250;
}

/** The view that the tab opens with: all of it, or the cascade where all would be too small to read. */
export function firstView(instance: Instance): void {
  instance.fitView({ padding: 0.06, maxZoom: 1 });
  if (instance.getZoom() >= READABLE_ZOOM) return;
  const nodes = instance.getNodes();
  const told = nodes.filter(
    node =>
      node.type === 'object' &&
      (node.data.emphasis === 'root' || node.data.emphasis === 'cascade'),
  );
  if (told.length > 0) {
    instance.fitView({
      nodes: told,
      padding: 0.12,
      maxZoom: 1,
      minZoom: READABLE_ZOOM,
    });
  }
}

/** Shows a node in the middle, at a size that can be read. */
export function centreOn(instance: Instance, id: string): void {
  const node = instance.getNode(id);
  if (!node) return;
  instance.setCenter(
    node.position.x + (node.width ?? 0) / 2,
    node.position.y + (node.height ?? 0) / 2,
    { zoom: Math.max(instance.getZoom(), 0.8), duration: duration() },
  );
}

/** Moves the view just so far that a node is inside of it; leaves it alone where it is already. */
export function keepInSight(
  instance: Instance,
  id: string,
  size: { width: number; height: number },
): void {
  const node = instance.getNode(id);
  if (!node || size.width === 0 || size.height === 0) return;
  const { x, y, zoom } = instance.getViewport();
  const shift = (from: number, length: number, room: number) => {
    if (from < MARGIN) return MARGIN - from;
    return from + length > room - MARGIN
      ? Math.max(room - MARGIN - from - length, MARGIN - from)
      : 0;
  };
  const dx = shift(
    node.position.x * zoom + x,
    (node.width ?? 0) * zoom,
    size.width,
  );
  const dy = shift(
    node.position.y * zoom + y,
    (node.height ?? 0) * zoom,
    size.height,
  );
  if (dx !== 0 || dy !== 0) {
    instance.setViewport(
      { x: x + dx, y: y + dy, zoom },
      { duration: duration() },
    );
  }
}
