import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { PlaceTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useCallback, useMemo, useRef, useState } from 'react';
import { cascadeOf } from '../../model/cascade';
import { drawingOf } from '../../model/drawing';
import { topologyTranslationRef } from '../../translation';
import { useSelectedNode } from '../../urlState';
import { CausePanel } from '../CausePanel';
import { NodePanel } from '../NodePanel';
import { Legend, TopologyCanvas } from '../TopologyCanvas';
import styles from './EntityTopologyContent.module.css';
import { ObjectList } from './ObjectList';

const NO_FOLDS: ReadonlySet<string> = new Set();

/** The height that shows all of a graph at a size that can be read, within what a screen has to give (pixels). */
export function graphHeight(
  graph: { width: number; height: number },
  roomWidth: number,
  screenHeight: number,
): number {
  const zoom = Math.min(1, roomWidth / (graph.width * 1.08));
  const most = Math.max(460, screenHeight * 0.74);
  return Math.round(Math.min(most, Math.max(300, graph.height * zoom + 60)));
}

/** A topology that is there: its causes, its graph, its details. */
export function TopologyView(props: { topology: PlaceTopology }) {
  const { topology } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const [selected, select] = useSelectedNode();
  const [opened, setOpened] = useState(NO_FOLDS);
  const [arrangement, setArrangement] = useState(0);
  const [centre, setCentre] = useState<{ key: string; wish: number }>();
  const graph = useRef<HTMLDivElement>(null);
  const chooseHeight = useCallback(
    (size: { width: number; height: number }) => {
      const element = graph.current;
      if (element) {
        element.style.setProperty(
          '--topology-height',
          `${graphHeight(size, element.clientWidth, window.innerHeight)}px`,
        );
      }
    },
    [],
  );

  const cascade = useMemo(() => cascadeOf(topology.causes), [topology.causes]);
  const drawing = useMemo(
    () => drawingOf(topology, { cascade, selected, opened }),
    [topology, cascade, selected, opened],
  );

  const openFold = useCallback(
    (id: string) => setOpened(former => new Set([...former, id])),
    [],
  );
  const arrange = useCallback(() => setArrangement(count => count + 1), []);
  const show = useCallback((key: string) => {
    setCentre(former => ({ key, wish: (former?.wish ?? 0) + 1 }));
    graph.current?.scrollIntoView?.({ block: 'nearest' });
  }, []);
  const selectAndShow = useCallback(
    (key: string | undefined) => {
      select(key);
      if (key !== undefined) show(key);
    },
    [select, show],
  );

  const selectedNode = useMemo(
    () => topology.nodes.find(node => node.key === selected),
    [topology.nodes, selected],
  );
  return (
    <>
      <CausePanel
        causes={topology.causes}
        unexplained={topology.unexplained}
        onSelect={selectAndShow}
        onShow={show}
      />
      <div>
        <div
          ref={graph}
          className={styles.graph}
          data-panel={selected === undefined ? undefined : true}
        >
          <TopologyCanvas
            drawing={drawing}
            selected={selected}
            onSelect={select}
            onOpenFold={openFold}
            arrangement={arrangement}
            onArrange={arrange}
            centre={centre}
            onFirstLayout={chooseHeight}
          />
          {selected !== undefined && (
            <NodePanel
              nodeKey={selected}
              node={selectedNode}
              topology={topology}
              revision={topology.revision}
              onSelect={selectAndShow}
            />
          )}
        </div>
        <Legend drawing={drawing} />
      </div>
      <div className={styles.under}>
        {topology.hidden.length > 0 && (
          <p className={styles.hidden}>
            {t('hidden.title')}:{' '}
            {topology.hidden
              .map(({ count, what }) =>
                t('hidden.entry', { total: String(count), what }),
              )
              .join(', ')}
          </p>
        )}
        {drawing.edges.some(edge => edge.crossCutting) && (
          <p className={styles.hidden}>{t('canvas.onSelection')}</p>
        )}
        {opened.size > 0 && (
          <Button
            variant="tertiary"
            size="small"
            onPress={() => setOpened(NO_FOLDS)}
          >
            {t('canvas.foldBack')}
          </Button>
        )}
      </div>
      <ObjectList nodes={topology.nodes} onSelect={selectAndShow} />
    </>
  );
}
