import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Incidents } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { firstSentence } from '../../model/sentences';
import { topologyTranslationRef } from '../../translation';
import { NodeReference } from '../NodeReference';
import { RelativeTime } from '../RelativeTime';
import { StatusShape } from '../StatusShape';
import styles from './Explorer.module.css';

const LEVEL_OF_SEVERITY = {
  critical: 'down',
  warning: 'degraded',
  info: 'idle',
} as const;

/** Incidents that are shown at once. */
const MOST = 50;

/** What is in trouble by what it starts from, the most severe first; choosing one leads to its root. */
export function IncidentList(props: {
  incidents: Incidents;
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { incidents, unexplained, cut } = props.incidents;
  if (incidents.length === 0 && unexplained.length === 0) {
    return (
      <p className={styles.calm}>
        <StatusShape level="ok" size={20} />
        {t('explorer.noIncidents')}
      </p>
    );
  }
  return (
    <ul
      className={styles.incidents}
      aria-label={t('explorer.incidents', { count: incidents.length })}
    >
      {incidents.slice(0, MOST).map(incident => (
        <li
          key={incident.id}
          className={styles.incident}
          data-severity={incident.severity}
        >
          <div className={styles.incidentHead}>
            <StatusShape level={LEVEL_OF_SEVERITY[incident.severity]} />
            <span className={styles.severity}>
              {t(`explorer.severity.${incident.severity}`)}
            </span>
            <span className={styles.fault}>{incident.fault}</span>
            {incident.since !== undefined && (
              <span>
                {t('cause.since', {
                  when: <RelativeTime at={incident.since} />,
                })}
              </span>
            )}
            <span>
              {t('explorer.affected', {
                count: incident.affected.length + incident.more,
              })}
            </span>
          </div>
          <p className={styles.summary}>
            {firstSentence(incident.summary).first}
          </p>
          <div className={styles.incidentFoot}>
            <NodeReference node={incident.root} onSelect={props.onSelect} />
            <span className={styles.quiet}>
              {incident.root.cluster}
              {incident.root.namespace && ` / ${incident.root.namespace}`}
            </span>
          </div>
        </li>
      ))}
      {incidents.length > MOST && (
        <li className={styles.quiet}>
          {t('panel.more', { count: incidents.length - MOST })}
        </li>
      )}
      {unexplained.length > 0 && (
        <li className={styles.incident}>
          <p className={styles.summary}>{t('cause.unexplainedTitle')}</p>
          <ul className={styles.nodes}>
            {unexplained.slice(0, MOST).map(({ node, because }) => (
              <li key={node.key}>
                <NodeReference node={node} onSelect={props.onSelect} />
                <span className={styles.quiet}>{because}</span>
              </li>
            ))}
          </ul>
        </li>
      )}
      {cut && <li className={styles.quiet}>{cut}</li>}
    </ul>
  );
}
