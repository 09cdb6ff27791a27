import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { ClusterStatus } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useClusters } from '../../hooks/useClusterHealth';
import { severity } from '../../model/statusLevel';
import { LEVEL_OF_CLUSTER_STATE } from '../../model/kindHealth';
import { topologyTranslationRef } from '../../translation';
import { useSelectedCluster } from '../../urlState';
import { ClusterHealthView } from './ClusterHealthView';
import styles from './ClusterHealth.module.css';
import { ClusterList } from './ClusterList';
import { HealthFailure } from './HealthFailure';

/** Worst first, then by name: the first one opens where the address names none. */
export function clustersInOrder(
  clusters: readonly ClusterStatus[],
): ClusterStatus[] {
  const rank = ({ state }: ClusterStatus) =>
    severity(LEVEL_OF_CLUSTER_STATE[state]);
  return [...clusters].sort(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name),
  );
}

/** Every cluster, and how well the chosen one is read. */
export function ClusterHealthPage() {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { value, failure, loading, retry } = useClusters();
  const [named, select] = useSelectedCluster();
  if (loading) {
    return (
      <main className={styles.page}>
        <div role="status" aria-label={t('health.loading')}>
          <Skeleton height={90} />
          <Skeleton height={420} style={{ marginTop: 12 }} />
        </div>
      </main>
    );
  }
  if (!value) {
    return (
      <main className={styles.page}>
        {failure && <HealthFailure failure={failure} onRetry={retry} />}
      </main>
    );
  }
  const clusters = clustersInOrder(value);
  if (clusters.length === 0) {
    return (
      <main className={styles.page}>
        <div className={styles.empty}>
          <h2>{t('health.noneTitle')}</h2>
          <p>{t('health.noneText')}</p>
        </div>
      </main>
    );
  }
  // What the address names may be gone, or never have been: its own answer says so.
  const chosen = named ?? clusters[0].name;
  return (
    <main className={styles.page}>
      {failure && <HealthFailure failure={failure} onRetry={retry} stale />}
      {(clusters.length > 1 || chosen !== clusters[0].name) && (
        <ClusterList clusters={clusters} chosen={chosen} onChoose={select} />
      )}
      <ClusterHealthView key={chosen} cluster={chosen} />
    </main>
  );
}
