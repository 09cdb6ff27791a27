import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TopologyNode } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useState } from 'react';
import { severity } from '../../model/statusLevel';
import { topologyTranslationRef } from '../../translation';
import { NodeReference } from '../NodeReference';
import styles from './EntityTopologyContent.module.css';

/** The graph's objects as a list, worst first: the same content for who does not use the picture. */
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
      {open && (
        <ul>
          {[...props.nodes]
            .sort(
              (a, b) =>
                severity(a.verdict.level) - severity(b.verdict.level) ||
                a.kind.localeCompare(b.kind) ||
                a.name.localeCompare(b.name),
            )
            .map(node => (
              <li key={node.key}>
                <NodeReference node={node} onSelect={props.onSelect} />
              </li>
            ))}
        </ul>
      )}
    </details>
  );
}
