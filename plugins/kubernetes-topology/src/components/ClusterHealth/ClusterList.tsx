import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ClusterStatus } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { LEVEL_OF_CLUSTER_STATE } from '../../model/kindHealth';
import { topologyTranslationRef } from '../../translation';
import { StatusLabel } from '../StatusShape';
import styles from './ClusterHealth.module.css';

/** The clusters to choose from, each with its state in a line. */
export function ClusterList(props: {
  clusters: readonly ClusterStatus[];
  chosen: string;
  onChoose(name: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  return (
    <nav aria-label={t('health.clusters')}>
      <ul className={styles.clusters}>
        {props.clusters.map(({ name, state, progress, kinds }) => {
          const problems = kinds.filter(
            kind => kind.state === 'failing' || kind.state === 'forbidden',
          ).length;
          return (
            <li key={name}>
              <button
                type="button"
                className={styles.cluster}
                aria-current={name === props.chosen ? 'true' : undefined}
                onClick={() => props.onChoose(name)}
              >
                <span className={styles.clusterName}>{name}</span>
                <StatusLabel
                  level={LEVEL_OF_CLUSTER_STATE[state]}
                  word={t(`health.clusterState.${state}`)}
                />
                {state === 'syncing' && progress && (
                  <span>{progress.percent} %</span>
                )}
                {problems > 0 && (
                  <span className={styles.quiet}>
                    {t('health.problems', { count: problems })}
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
