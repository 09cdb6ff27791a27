import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RiLayoutGridLine } from '@remixicon/react';
import {
  Background,
  ControlButton,
  Controls,
  ReactFlow,
  ReactFlowInstance,
  useReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import {
  KeyboardEvent,
  MouseEvent,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { useColorMode } from '../../hooks/useColorMode';
import { useLayout } from '../../hooks/useLayout';
import { boundsOf } from '../../layout/rectangles';
import { Drawing } from '../../model/drawing';
import { reuseUnchanged } from '../../model/reuseUnchanged';
import { topologyTranslationRef } from '../../translation';
import { CanvasActionsProvider } from './CanvasActions';
import {
  FlowEdge,
  flowElements,
  FlowNode,
  layoutInputOf,
} from './flowElements';
import { FoldNode } from './FoldNode';
import { FrameNode } from './FrameNode';
import { directionOf, nextNode } from './keyboardWalk';
import { LineEdge } from './LineEdge';
import { ObjectNode } from './ObjectNode';
import styles from './TopologyCanvas.module.css';
import { useCanvasWords } from './useCanvasWords';
import { centreOn, firstView, keepInSight } from './viewport';

const NODE_TYPES = { object: ObjectNode, fold: FoldNode, frame: FrameNode };
const EDGE_TYPES = { line: LineEdge };
/** Above so many nodes only those in view are mounted (`ui.md` section 4). */
const NODES_MOUNTED = 250;

export interface TopologyCanvasProps {
  drawing: Drawing;
  selected?: string;
  onSelect(key: string | undefined): void;
  onOpenFold(id: string): void;
  /** Raise it to have the graph laid out afresh. */
  arrangement: number;
  onArrange(): void;
  /** Told once: how high and wide all is, so that the room can be chosen for it. */
  onFirstLayout?(size: { width: number; height: number }): void;
  /** A wish to see a node in the middle; a new `wish` number is a new wish. */
  centre?: { key: string; wish: number };
}

/** The graph. The view moves when the user asks for it and at no other time. */
export function TopologyCanvas(props: TopologyCanvasProps) {
  const { drawing, selected, onSelect, onOpenFold, arrangement } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const helpId = useId();
  const colorMode = useColorMode();
  const words = useCanvasWords();
  const input = useMemo(() => layoutInputOf(drawing), [drawing]);
  const layout = useLayout(input, arrangement);

  const { onFirstLayout } = props;
  const told = useRef(false);
  useLayoutEffect(() => {
    if (layout && !told.current) {
      told.current = true;
      const bounds = boundsOf(layout.frames);
      if (bounds) onFirstLayout?.(bounds);
    }
  }, [layout, onFirstLayout]);

  const former = useRef<{ nodes: FlowNode[]; edges: FlowEdge[] }>({
    nodes: [],
    edges: [],
  });
  const elements = useMemo(() => {
    if (!layout) return undefined;
    const current = flowElements(drawing, layout, words, selected);
    former.current = {
      nodes: reuseUnchanged(former.current.nodes, current.nodes, n => n.id),
      edges: reuseUnchanged(former.current.edges, current.edges, e => e.id),
    };
    return former.current;
  }, [drawing, layout, words, selected]);

  const ariaLabels = useMemo(
    () => ({
      'controls.ariaLabel': t('canvas.controls'),
      'controls.zoomIn.ariaLabel': t('canvas.zoomIn'),
      'controls.zoomOut.ariaLabel': t('canvas.zoomOut'),
      'controls.fitView.ariaLabel': t('canvas.fit'),
    }),
    [t],
  );
  const container = useRef<HTMLDivElement>(null);
  const onInit = useCallback(
    (instance: ReactFlowInstance<FlowNode, FlowEdge>) => firstView(instance),
    [],
  );
  const onNodeClick = useCallback(
    (_event: MouseEvent, node: FlowNode) => {
      if (node.type === 'fold') {
        onOpenFold(node.id);
      } else if (node.type === 'object') {
        onSelect(node.id);
      }
    },
    [onSelect, onOpenFold],
  );
  const onPaneClick = useCallback(() => onSelect(undefined), [onSelect]);
  const actions = useMemo(
    () => ({ openFold: onOpenFold, select: onSelect }),
    [onOpenFold, onSelect],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const element = (event.target as HTMLElement).closest<HTMLElement>(
      '.react-flow__node',
    );
    const id = element?.dataset.id;
    if (!id || id.startsWith('frame/') || !layout) return;
    const direction = directionOf(event.key);
    if (event.key === 'Enter' || event.key === ' ') {
      if (id.startsWith('fold/')) onOpenFold(id);
      else onSelect(id);
      event.preventDefault();
    } else if (direction) {
      const next = nextNode(
        id,
        direction,
        layout.positions,
        elements?.edges ?? [],
      );
      const target =
        next &&
        container.current?.querySelector<HTMLElement>(
          `.react-flow__node[data-id="${CSS.escape(next)}"]`,
        );
      if (target) target.focus();
      event.preventDefault();
    }
  };

  if (!elements) {
    return (
      <div className={styles.canvas}>
        <div className={styles.arranging} role="status">
          {t('canvas.arranging')}
        </div>
      </div>
    );
  }
  return (
    // The keys act on the nodes inside, each of which can be focused.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={container}
      className={styles.canvas}
      role="region"
      aria-label={t('canvas.label')}
      aria-describedby={helpId}
      onKeyDown={onKeyDown}
    >
      <span id={helpId} className={styles.help}>
        {t('canvas.help')}
      </span>
      <CanvasActionsProvider value={actions}>
        <ReactFlow<FlowNode, FlowEdge>
          nodes={elements.nodes}
          edges={elements.edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onInit={onInit}
          onNodeClick={onNodeClick}
          onPaneClick={onPaneClick}
          colorMode={colorMode}
          ariaLabelConfig={ariaLabels}
          minZoom={0.1}
          maxZoom={2}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          // Arrow keys walk here; React Flow's own would move nodes.
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          // The page scrolls; with the control key, or by pinching, the graph zooms.
          preventScrolling={false}
          zoomOnScroll={false}
          zoomActivationKeyCode={['Control', 'Meta']}
          onlyRenderVisibleElements={elements.nodes.length > NODES_MOUNTED}
        >
          <Background gap={24} size={1} />
          <Controls showInteractive={false}>
            <ControlButton
              onClick={props.onArrange}
              title={t('canvas.rearrange')}
              aria-label={t('canvas.rearrange')}
            >
              <RiLayoutGridLine size={12} />
            </ControlButton>
          </Controls>
          <ViewWishes
            drawing={drawing}
            selected={selected}
            centre={props.centre}
            container={container}
          />
        </ReactFlow>
      </CanvasActionsProvider>
    </div>
  );
}

/** Moves the view on the user's wish: to what they asked to see, and out from under the panel they opened. */
function ViewWishes(props: {
  drawing: Drawing;
  selected?: string;
  centre?: TopologyCanvasProps['centre'];
  container: React.RefObject<HTMLDivElement>;
}) {
  const { drawing, selected, centre, container } = props;
  const instance = useReactFlow<FlowNode, FlowEdge>();
  const latest = useRef(drawing);
  latest.current = drawing;

  useEffect(() => {
    const id = centre && latest.current.drawnAs(centre.key);
    if (id) centreOn(instance, id);
  }, [instance, centre]);

  useEffect(() => {
    const id = selected && latest.current.drawnAs(selected);
    if (!id) return undefined;
    // After the panel has taken its room.
    const frame = requestAnimationFrame(() => {
      const size = container.current?.getBoundingClientRect();
      if (size) keepInSight(instance, id, size);
    });
    return () => cancelAnimationFrame(frame);
  }, [instance, selected, container]);
  return null;
}
