import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ObjectEvent } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { RelativeTime } from '../RelativeTime';
import styles from './NodePanel.module.css';

/** Kubernetes' events about an object, newest first. */
export function EventList(props: { events: readonly ObjectEvent[] }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  if (props.events.length === 0) {
    return <span className={styles.quiet}>{t('panel.noEvents')}</span>;
  }
  return (
    <ul className={styles.list}>
      {[...props.events]
        .sort((a, b) => b.lastAt - a.lastAt)
        .map(event => (
          <li
            key={`${event.reason} ${event.source} ${event.message}`}
            className={styles.event}
            data-type={event.eventType}
          >
            <div className={styles.eventHead}>
              <span className={styles.eventReason}>{event.reason}</span>
              <RelativeTime at={event.lastAt} />
              {event.count > 1 && (
                <span>{t('panel.times', { times: String(event.count) })}</span>
              )}
              <span>{event.source}</span>
            </div>
            {event.message}
          </li>
        ))}
    </ul>
  );
}
