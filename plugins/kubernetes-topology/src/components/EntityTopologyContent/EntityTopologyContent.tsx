import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Alert, Button } from '@backstage/ui';
import { useEntityTopology } from '../../hooks/useEntityTopology';
import { topologyTranslationRef } from '../../translation';
import { RelativeTime } from '../RelativeTime';
import { ClusterNotices } from './ClusterNotices';
import styles from './EntityTopologyContent.module.css';
import { EmptyState, FailureState, LoadingState, SyncingState } from './States';
import { CalmLine, StatusSummary } from './StatusSummary';
import { TopologyView } from './TopologyView';

/** The Topology tab of a catalog entity. */
export function EntityTopologyContent() {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { entity } = useEntity();
  const { topology, at, failure, loading, retry } = useEntityTopology(
    stringifyEntityRef(entity),
  );
  if (loading) {
    return <LoadingState />;
  }
  if (!topology) {
    return failure ? (
      <FailureState failure={failure} onRetry={retry} />
    ) : (
      <LoadingState />
    );
  }
  const empty = topology.nodes.length === 0;
  const syncing = topology.clusters.some(({ state }) => state === 'syncing');
  return (
    <div className={styles.content}>
      {failure && at !== undefined && (
        <Alert
          status="warning"
          icon
          title={t('state.staleTitle')}
          description={t('state.staleText', {
            when: <RelativeTime at={at} />,
            why: failure.message,
          })}
          customActions={
            <Button size="small" variant="tertiary" onPress={retry}>
              {t('state.retry')}
            </Button>
          }
        />
      )}
      {!(empty && syncing) && (
        <ClusterNotices clusters={topology.clusters} nodes={topology.nodes} />
      )}
      {empty && syncing && <SyncingState clusters={topology.clusters} />}
      {empty && !syncing && <EmptyState entityName={entity.metadata.name} />}
      {!empty && (
        <>
          <StatusSummary topology={topology} failure={failure} />
          <CalmLine topology={topology} />
          <TopologyView topology={topology} />
        </>
      )}
    </div>
  );
}
