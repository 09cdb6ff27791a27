import { StatusLevel } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Edge, MarkerType, Node, Position } from '@xyflow/react';
import {
  FOLD_HEIGHT,
  NODE_HEIGHT,
  NODE_WIDTH,
  POD_HEIGHT,
} from '../../layout/sizes';
import { Layout, LayoutInput, Rectangle } from '../../layout/types';
import { DrawnEdge, DrawnNode, Drawing, Emphasis } from '../../model/drawing';
import { Fold } from '../../model/fold';
import { kindLabel } from '../../model/kindLabel';
import { severity } from '../../model/statusLevel';
import { edgeLook, EdgeLook } from './edgeLook';
import { edgePath } from './edgePath';

/** The words that go into nodes; looked up once for the graph instead of once for each node. */
export interface CanvasWords {
  level(level: StatusLevel): string;
  fold(fold: Fold): string;
  missingKeys(keys: readonly string[]): string;
  rootCause: string;
  optional: string;
  relation(edgeClass: string): string;
  cluster: string;
  namespace: string;
}

export interface Part {
  key: string;
  name: string;
  level: StatusLevel;
  status: string;
}

export type ObjectFlowNode = Node<
  {
    kind: string;
    name: string;
    level: StatusLevel;
    status: string;
    parts: Part[];
    ghost: boolean;
    emphasis: Emphasis;
    /** Badge of the cause of it all. */
    badge?: string;
    selected: boolean;
  },
  'object'
>;
export type FoldFlowNode = Node<
  { text: string; what: 'healthy' | 'past'; emphasis: Emphasis },
  'fold'
>;
export type FrameFlowNode = Node<
  {
    kind: string;
    name: string;
    level?: StatusLevel;
    status?: string;
    /** Key of the object that the frame stands for. */
    key?: string;
    selected: boolean;
  },
  'frame'
>;
export type FlowNode = ObjectFlowNode | FoldFlowNode | FrameFlowNode;
export type FlowEdge = Edge<
  {
    d: string;
    look: EdgeLook;
    label?: string;
    /** The label says what is wrong. */
    isFault: boolean;
    labelX: number;
    labelY: number;
  },
  'line'
>;

function heightOf(node: DrawnNode): number {
  if (node.type === 'fold') return FOLD_HEIGHT;
  const { kind, group } = node.node;
  return group === '' && (kind === 'Pod' || kind === 'Service')
    ? POD_HEIGHT
    : NODE_HEIGHT;
}

/** What the layout needs to know of a drawing. */
export function layoutInputOf(drawing: Drawing): LayoutInput {
  return {
    nodes: drawing.nodes.map(node => ({
      id: node.id,
      width: NODE_WIDTH,
      height: heightOf(node),
      cluster: node.cluster,
      namespace: node.namespace,
    })),
    edges: drawing.edges
      .filter(edge => !edge.crossCutting)
      .map(({ id, source, target }) => ({ id, source, target })),
  };
}

/** Sizes and handles are given, so that nothing is measured and no node is mounted only for that (`ui.md` 4). */
function fixedBox(box: Rectangle) {
  return {
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    measured: { width: box.width, height: box.height },
    handles: [
      {
        type: 'source' as const,
        position: Position.Right,
        x: box.width,
        y: box.height / 2,
      },
      {
        type: 'target' as const,
        position: Position.Left,
        x: 0,
        y: box.height / 2,
      },
    ],
  };
}

function statusText(words: CanvasWords, level: StatusLevel, reason: string) {
  const word = words.level(level);
  // A reason that only says that all is well adds nothing.
  return level === 'ok' || reason === '' || reason.toLowerCase() === level
    ? word
    : `${word}: ${reason}`;
}

function nodeOf(
  drawn: DrawnNode,
  box: Rectangle,
  words: CanvasWords,
  selected: boolean,
): FlowNode {
  const fixed = fixedBox(box);
  if (drawn.type === 'fold') {
    const text = words.fold(drawn.fold);
    return {
      id: drawn.id,
      type: 'fold',
      ...fixed,
      data: { text, what: drawn.fold.what, emphasis: drawn.emphasis },
      ariaLabel: text,
      ariaRole: 'button',
    };
  }
  const { name, verdict } = drawn.node;
  const label = kindLabel(drawn.node);
  const status = drawn.ghost
    ? `${words.level(verdict.level)} (${words.optional})`
    : statusText(words, verdict.level, verdict.reason);
  const badge = drawn.emphasis === 'root' ? words.rootCause : undefined;
  return {
    id: drawn.id,
    type: 'object',
    ...fixed,
    data: {
      kind: label,
      name,
      level: verdict.level,
      status,
      parts: drawn.parts
        .map(part => ({
          key: part.key,
          name: part.kind === 'Container' ? part.name : part.kind,
          level: part.verdict.level,
          status: statusText(words, part.verdict.level, part.verdict.reason),
        }))
        .sort(
          (a, b) =>
            severity(a.level) - severity(b.level) || (a.name < b.name ? -1 : 1),
        ),
      ghost: drawn.ghost,
      emphasis: drawn.emphasis,
      badge,
      selected,
    },
    ariaLabel: [
      `${label} ${name}`,
      words.level(verdict.level),
      ...(verdict.level === 'ok' || verdict.reason === ''
        ? []
        : [verdict.reason]),
      ...(badge ? [badge] : []),
    ].join(', '),
    ariaRole: 'button',
  };
}

function framesOf(
  drawing: Drawing,
  layout: Layout,
  words: CanvasWords,
  selected: string | undefined,
): FrameFlowNode[] {
  return layout.frames.map((frame): FrameFlowNode => {
    const object = drawing.frames.get(frame.id);
    const level = object?.verdict.level;
    return {
      id: `frame/${frame.id}`,
      type: 'frame',
      ...fixedBox(frame),
      zIndex: frame.namespace === undefined ? -20 : -10,
      focusable: false,
      selectable: false,
      data: {
        kind: frame.namespace === undefined ? words.cluster : words.namespace,
        name: frame.namespace ?? frame.cluster,
        key: object?.key,
        selected: object !== undefined && object.key === selected,
        ...(object && level && level !== 'ok'
          ? { level, status: statusText(words, level, object.verdict.reason) }
          : {}),
      },
    };
  });
}

/** What is missing is said at once, what a line means when one end is selected. */
function labelOf(
  edge: DrawnEdge,
  words: CanvasWords,
  lit: boolean,
): string | undefined {
  if (edge.missingKeys) {
    return words.missingKeys(edge.missingKeys);
  }
  return lit ? words.relation(edge.class) : undefined;
}

/**
 * React Flow's elements for a drawing that is laid out. Nodes come in reading order, which is the order of Tab;
 * what has no place yet is left out until the layout knows it.
 */
export function flowElements(
  drawing: Drawing,
  layout: Layout,
  words: CanvasWords,
  selected: string | undefined,
): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const selectedId =
    selected === undefined ? undefined : drawing.drawnAs(selected);
  const boxes = new Map<string, Rectangle>();
  for (const node of drawing.nodes) {
    const at = layout.positions[node.id];
    if (at) {
      boxes.set(node.id, { ...at, width: NODE_WIDTH, height: heightOf(node) });
    }
  }
  const nodes = drawing.nodes
    .filter(node => boxes.has(node.id))
    .map(node =>
      nodeOf(node, boxes.get(node.id)!, words, node.id === selectedId),
    )
    .sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y);

  const told = drawing.nodes.some(node => node.emphasis === 'root');
  const edges: FlowEdge[] = [];
  for (const edge of drawing.edges) {
    const source = boxes.get(edge.source);
    const target = boxes.get(edge.target);
    const lit = edge.source === selectedId || edge.target === selectedId;
    if (!source || !target || (edge.crossCutting && !lit)) continue;
    const look = edgeLook(edge, { lit, told });
    const { d, middle } = edgePath(source, target, layout.routes[edge.id]);
    const marker = {
      type: MarkerType.ArrowClosed,
      color: look.color,
      // In canvas units, so that a thick line does not get a huge head.
      markerUnits: 'userSpaceOnUse',
      width: look.weight === 'cascade' ? 22 : 18,
      height: look.weight === 'cascade' ? 22 : 18,
    };
    edges.push({
      id: edge.id,
      type: 'line',
      source: edge.source,
      target: edge.target,
      focusable: false,
      // Between the frames and the nodes.
      zIndex: { faded: -5, plain: -4, lit: -3, cascade: -2 }[look.weight],
      ...(look.arrow === 'target'
        ? { markerEnd: marker }
        : { markerStart: marker }),
      data: {
        d,
        look,
        label: labelOf(edge, words, lit),
        // An optional key that is missing is a silent fallback.
        isFault: edge.missing && edge.missingKeys !== undefined,
        labelX: middle.x,
        labelY: middle.y,
      },
    });
  }
  return {
    nodes: [...framesOf(drawing, layout, words, selected), ...nodes],
    edges,
  };
}
