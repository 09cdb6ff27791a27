import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { useClusterHealth } from '../../hooks/useClusterHealth';
import { topologyTranslationRef } from '../../translation';
import styles from './ClusterHealth.module.css';
import { ClusterSummary } from './ClusterSummary';
import { HealthFailure } from './HealthFailure';
import { KindTable } from './KindTable';

/** The health of one cluster: how it is, and its kinds. */
export function ClusterHealthView(props: { cluster: string }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { cluster } = props;
  const { value, failure, loading, retry } = useClusterHealth(cluster);
  return (
    <section className={styles.health} aria-label={cluster}>
      {failure && (
        <HealthFailure
          failure={failure}
          onRetry={retry}
          stale={value !== undefined}
        />
      )}
      {loading && (
        <div role="status" aria-label={t('health.loading')}>
          <Skeleton height={90} />
          <Skeleton height={420} style={{ marginTop: 12 }} />
        </div>
      )}
      {value && (
        <>
          <ClusterSummary health={value} stale={failure !== undefined} />
          <KindTable kinds={value.kinds} />
        </>
      )}
    </section>
  );
}
