import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ClusterHealth } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import {
  LEVEL_OF_CLUSTER_STATE,
  LEVEL_OF_KIND_STATE,
  countsByState,
} from '../../model/kindHealth';
import { topologyTranslationRef } from '../../translation';
import { RelativeTime } from '../RelativeTime';
import { StatusLabel } from '../StatusShape';
import { SyncProgressBar } from '../SyncProgress';
import styles from './ClusterHealth.module.css';

/** A cluster in a few lines: its state in words, how far its first sync is, who reads it, and its kinds by state. */
export function ClusterSummary(props: {
  health: ClusterHealth;
  stale: boolean;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { name, state, message, progress, revision, updatedAt, holder, kinds } =
    props.health;
  const objects = kinds.reduce((sum, kind) => sum + kind.objects, 0);
  const facts: [string, React.ReactNode][] = [
    [t('health.updated'), <RelativeTime at={updatedAt} />],
    ...(revision === undefined
      ? []
      : [[t('health.revision'), String(revision)] as [string, string]]),
    ...(holder ? [[t('health.holder'), holder] as [string, string]] : []),
    [t('health.objects'), objects.toLocaleString()],
  ];
  return (
    <header className={styles.summary}>
      <div className={styles.headline}>
        <h2 className={styles.name}>{name}</h2>
        <StatusLabel
          level={LEVEL_OF_CLUSTER_STATE[state]}
          word={t(`health.clusterState.${state}`)}
        />
        <span className={styles.live} data-stale={props.stale || undefined}>
          {props.stale ? t('state.staleTitle') : t('state.live')}
        </span>
      </div>
      {message && <p className={styles.message}>{message}</p>}
      {state === 'syncing' && (
        <SyncProgressBar cluster={name} progress={progress} />
      )}
      <dl className={styles.facts}>
        {facts.map(([word, value]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t('health.kinds')}</dt>
          <dd className={styles.counts}>
            {countsByState(kinds).map(({ state: kindState, count }) => (
              <span key={kindState} className={styles.count}>
                {count}{' '}
                <StatusLabel
                  level={LEVEL_OF_KIND_STATE[kindState]}
                  word={t(`health.kindState.${kindState}`)}
                />
              </span>
            ))}
          </dd>
        </div>
      </dl>
    </header>
  );
}
