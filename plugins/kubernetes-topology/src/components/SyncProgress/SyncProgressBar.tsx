import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SyncProgress } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import styles from './SyncProgressBar.module.css';

/** How far the first sync of a cluster is: a bar and its words. Without numbers it only says that it goes on. */
export function SyncProgressBar(props: {
  cluster: string;
  progress?: SyncProgress;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { cluster, progress } = props;
  const words = progress
    ? t('progress.counted', {
        name: cluster,
        done: String(progress.kindsDone),
        kinds: String(progress.kinds),
        percent: String(progress.percent),
      })
    : t('progress.uncounted', { name: cluster });
  return (
    <div className={styles.progress}>
      <div className={styles.words}>{words}</div>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={t('progress.label', { name: cluster })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={progress?.percent}
        aria-valuetext={words}
      >
        <div
          className={styles.done}
          data-uncounted={progress === undefined || undefined}
          style={{ width: progress ? `${progress.percent}%` : undefined }}
        />
      </div>
    </div>
  );
}
