import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TopologyNode } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { StatusShape } from '../StatusShape';
import styles from './NodeReference.module.css';

/** An object named in a text: shape, kind, name and state; choosing it selects it. */
export function NodeReference(props: {
  node: TopologyNode;
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { key, kind, name, verdict } = props.node;
  return (
    <button
      type="button"
      className={styles.reference}
      onClick={() => props.onSelect(key)}
    >
      <StatusShape level={verdict.level} />
      <span className={styles.kind}>{kind}</span>
      <span className={styles.name}>{name}</span>
      <span className={styles.level}>{t(`level.${verdict.level}`)}</span>
    </button>
  );
}
