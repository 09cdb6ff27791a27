import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Evidence } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useState } from 'react';
import { topologyTranslationRef } from '../../translation';
import styles from './EvidenceList.module.css';

/** What proves a verdict, in Kubernetes' own words; `most` of them, and the others on request. */
export function EvidenceList(props: {
  evidence: readonly Evidence[];
  most?: number;
}) {
  const { evidence, most = Infinity } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const [all, setAll] = useState(false);
  if (evidence.length === 0) {
    return null;
  }
  // A button for a single line would take that line's room.
  const shown =
    all || evidence.length <= most + 1 ? evidence : evidence.slice(0, most);
  const more = evidence.length - shown.length;
  return (
    <ul className={styles.list}>
      {shown.map(({ source, field, value }) => (
        <li key={`${source} ${field} ${value}`} className={styles.item}>
          <span className={styles.field} title={t(`evidence.${source}`)}>
            {field}:
          </span>{' '}
          <span className={styles.value}>{value}</span>
        </li>
      ))}
      {more > 0 && (
        <li>
          <button
            type="button"
            className={styles.more}
            onClick={() => setAll(true)}
          >
            {t('evidence.more', { count: more })}
          </button>
        </li>
      )}
    </ul>
  );
}
