import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { NodeChange } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useHistory } from '../../hooks/useNodeDetails';
import { topologyTranslationRef } from '../../translation';
import { RelativeTime } from '../RelativeTime';
import { StatusLabel } from '../StatusShape';
import styles from './NodePanel.module.css';

/** Changes that one version tells; the others are counted. */
const MOST_CHANGES = 6;

/** How the object was, the newest first, and what changed each time. */
export function VersionList(props: { nodeKey: string; revision: number }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { value, failure, loading } = useHistory(props.nodeKey, props.revision);
  if (loading) {
    return <Skeleton height={60} />;
  }
  if (!value) {
    return <span className={styles.quiet}>{failure?.message}</span>;
  }
  return (
    <ol className={styles.list}>
      {value.versions.map(version => (
        <li key={version.from} className={styles.event}>
          <div className={styles.eventHead}>
            <StatusLabel level={version.node.verdict.level} />
            <RelativeTime at={version.from} />
          </div>
          {version.changes ? (
            <ul className={styles.list}>
              {version.changes.slice(0, MOST_CHANGES).map(change => (
                <li key={`${change.part} ${change.name ?? ''}`}>
                  {changeText(change)}
                </li>
              ))}
              {version.changes.length > MOST_CHANGES && (
                <li>
                  {t('panel.more', {
                    count: version.changes.length - MOST_CHANGES,
                  })}
                </li>
              )}
            </ul>
          ) : (
            <div>{t('panel.appeared')}</div>
          )}
        </li>
      ))}
      {value.nextCursor && <li>{t('panel.older')}</li>}
    </ol>
  );
}

/** `Replicas: 2 → 3` */
function changeText({ part, name, before, after }: NodeChange): string {
  return `${name ?? part}: ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
  if (value === undefined) {
    return '–';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
