import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { missingKeysAt } from '../../model/missingKeys';
import { topologyTranslationRef } from '../../translation';
import { NodeReference } from '../NodeReference';
import styles from './NodePanel.module.css';

/** Keys that the object asks others for, or that others ask it for, and that are not there. */
export function MissingKeys(props: {
  nodeKey: string;
  topology: Pick<EntityTopology, 'nodes' | 'edges'>;
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const gaps = missingKeysAt(props.nodeKey, props.topology);
  if (gaps.length === 0) {
    return null;
  }
  return (
    <section className={styles.section}>
      <h4>{t('panel.missingKeys')}</h4>
      {gaps.map(({ direction, keys, node }) => (
        <div key={`${direction} ${node.key}`} className={styles.group}>
          <p className={styles.message}>
            {t(
              direction === 'out'
                ? 'panel.missingKeysOut'
                : 'panel.missingKeysIn',
              { count: keys.length, keys: keys.join(', ') },
            )}
          </p>
          <NodeReference node={node} onSelect={props.onSelect} />
        </div>
      ))}
    </section>
  );
}
