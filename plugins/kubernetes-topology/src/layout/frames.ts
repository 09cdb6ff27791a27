import { boundsOf } from './rectangles';
import { FRAME_HEADER, FRAME_PADDING } from './sizes';
import { Frame, LayoutNode, Point, Rectangle } from './types';

function padded(bounds: Rectangle): Rectangle {
  return {
    x: bounds.x - FRAME_PADDING,
    y: bounds.y - FRAME_HEADER,
    width: bounds.width + 2 * FRAME_PADDING,
    height: bounds.height + FRAME_HEADER + FRAME_PADDING,
  };
}

/** Where a node stands, as a box. */
export function boxAt(node: LayoutNode, at: Point): Rectangle {
  return { x: at.x, y: at.y, width: node.width, height: node.height };
}

/** A frame for each namespace and, around these, for each cluster. Clusters first: they lie beneath. */
export function framesAround(
  nodes: readonly LayoutNode[],
  positions: Readonly<Record<string, Point>>,
): Frame[] {
  const boxes = new Map<string, Map<string, Rectangle[]>>();
  for (const node of nodes) {
    const at = positions[node.id];
    if (!at) continue;
    const namespaces = boxes.get(node.cluster) ?? new Map();
    boxes.set(node.cluster, namespaces);
    const members = namespaces.get(node.namespace) ?? [];
    namespaces.set(node.namespace, members);
    members.push(boxAt(node, at));
  }
  const clusters: Frame[] = [];
  const inner: Frame[] = [];
  for (const [cluster, namespaces] of boxes) {
    const content: Rectangle[] = [];
    for (const [namespace, members] of namespaces) {
      if (namespace === '') {
        content.push(...members);
      } else {
        const frame = padded(boundsOf(members)!);
        inner.push({
          id: `${cluster}/${namespace}`,
          cluster,
          namespace,
          ...frame,
        });
        content.push(frame);
      }
    }
    clusters.push({ id: cluster, cluster, ...padded(boundsOf(content)!) });
  }
  return [...clusters, ...inner];
}
