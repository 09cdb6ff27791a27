import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Place, usePlaceTopology } from '../../hooks/useExplorer';
import { topologyTranslationRef } from '../../translation';
import { ClusterNotices } from '../EntityTopologyContent/ClusterNotices';
import {
  CalmLine,
  StatusSummary,
} from '../EntityTopologyContent/StatusSummary';
import { FailureState, LoadingState } from '../EntityTopologyContent/States';
import { TopologyView } from '../EntityTopologyContent/TopologyView';
import styles from './Explorer.module.css';

/** The graph of a namespace, with what is wrong in it. */
export function PlaceView(props: { place: Place }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { value, failure, loading, retry } = usePlaceTopology(props.place);
  if (loading) {
    return <LoadingState />;
  }
  if (!value) {
    return failure ? <FailureState failure={failure} onRetry={retry} /> : null;
  }
  if (value.nodes.length === 0) {
    return <p className={styles.empty}>{t('explorer.emptyPlace')}</p>;
  }
  return (
    <>
      <ClusterNotices clusters={value.clusters} nodes={value.nodes} />
      <StatusSummary topology={value} failure={failure} />
      <CalmLine topology={value} />
      <TopologyView topology={value} />
    </>
  );
}
