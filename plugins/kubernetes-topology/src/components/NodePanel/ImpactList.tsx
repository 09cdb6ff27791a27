import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import {
  Impacted,
  ImpactMoment,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useImpact } from '../../hooks/useNodeDetails';
import { topologyTranslationRef } from '../../translation';
import { StatusShape } from '../StatusShape';
import styles from './NodePanel.module.css';

const MOMENTS: readonly ImpactMoment[] = [
  'now',
  'nextStart',
  'scaling',
  'drain',
];

/** What breaks if this object goes: by when it is felt, what stops before what merely suffers. */
export function ImpactList(props: {
  nodeKey: string;
  revision: number;
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { value, failure, loading } = useImpact(props.nodeKey, props.revision);
  if (loading) {
    return <Skeleton height={60} />;
  }
  if (!value) {
    return <span className={styles.quiet}>{failure?.message}</span>;
  }
  if (value.impacted.length === 0) {
    return <span className={styles.quiet}>{t('impact.nothing')}</span>;
  }
  return (
    <>
      {MOMENTS.map(moment => {
        const hit = value.impacted.filter(
          ({ effects }) => effects[effects.length - 1].when === moment,
        );
        return (
          hit.length > 0 && (
            <div key={moment} className={styles.group}>
              <div className={styles.groupName}>
                {t(`impact.moment.${moment}`)}
              </div>
              <ul className={styles.list}>
                {hit.map(impacted => (
                  <li key={impacted.node.key}>
                    <ImpactedObject
                      impacted={impacted}
                      onSelect={props.onSelect}
                    />
                  </li>
                ))}
              </ul>
            </div>
          )
        );
      })}
      {value.more > 0 && (
        <span className={styles.quiet}>
          {t('panel.more', { count: value.more })}
        </span>
      )}
      {value.cut && <p className={styles.quiet}>{value.cut}</p>}
    </>
  );
}

function ImpactedObject(props: {
  impacted: Impacted;
  onSelect(key: string): void;
}) {
  const { node, says, effects } = props.impacted;
  const { strength } = effects[effects.length - 1];
  return (
    <>
      <button
        type="button"
        className={styles.object}
        onClick={() => props.onSelect(node.key)}
      >
        <StatusShape level={strength === 'hard' ? 'down' : 'degraded'} />
        {`${node.kind} ${node.name}`}
      </button>
      <div className={styles.quiet}>{says}</div>
    </>
  );
}
