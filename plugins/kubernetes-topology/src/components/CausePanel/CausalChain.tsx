import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { CausalHop } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { EvidenceList } from '../EvidenceList';
import { NodeReference } from '../NodeReference';
import styles from './CausalChain.module.css';

/** Lines of evidence shown at once, of the root and of what follows: the graph must stay in sight below. */
const SHOWN_OF_ROOT = 3;
const SHOWN_OF_EFFECT = 1;

/** Root → … → victim in words, each step with what proves it. */
export function CausalChain(props: {
  path: readonly CausalHop[];
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  return (
    <ol className={styles.chain} aria-label={t('cause.chain')}>
      {props.path.map((hop, index) => (
        <li key={hop.node.key} className={styles.hop}>
          <span className={styles.number} aria-hidden="true">
            {index + 1}
          </span>
          <div>
            <div className={styles.title}>
              <NodeReference node={hop.node} onSelect={props.onSelect} />
              {index === 0 && (
                <span className={styles.root}>{t('cause.rootCause')}</span>
              )}
            </div>
            <p className={styles.says}>{hop.says}</p>
            <EvidenceList
              evidence={hop.evidence}
              most={index === 0 ? SHOWN_OF_ROOT : SHOWN_OF_EFFECT}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}
