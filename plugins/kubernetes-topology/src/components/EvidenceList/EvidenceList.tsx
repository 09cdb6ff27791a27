import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Evidence } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import styles from './EvidenceList.module.css';

/** What proves a verdict, in Kubernetes' own words. */
export function EvidenceList(props: { evidence: readonly Evidence[] }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  if (props.evidence.length === 0) {
    return null;
  }
  return (
    <ul className={styles.list}>
      {props.evidence.map(({ source, field, value }) => (
        <li key={`${source} ${field} ${value}`} className={styles.item}>
          <span className={styles.field} title={t(`evidence.${source}`)}>
            {field}:
          </span>{' '}
          <span className={styles.value}>{value}</span>
        </li>
      ))}
    </ul>
  );
}
