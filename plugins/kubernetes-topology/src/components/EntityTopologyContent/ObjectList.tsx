import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TopologyNode } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useState } from 'react';
import { topologyTranslationRef } from '../../translation';
import { NodeTable } from '../NodeTable';
import styles from './EntityTopologyContent.module.css';

/** The graph's objects as a table, worst first: the same content for who does not use the picture. */
export function ObjectList(props: {
  nodes: readonly TopologyNode[];
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const [open, setOpen] = useState(false);
  return (
    <details
      className={styles.objects}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{t('canvas.allObjects')}</summary>
      {open && <NodeTable nodes={props.nodes} onSelect={props.onSelect} />}
    </details>
  );
}
