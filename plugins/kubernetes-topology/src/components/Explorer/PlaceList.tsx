import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchField } from '@backstage/ui';
import { PlaceCounts } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useMemo, useState } from 'react';
import { Place } from '../../hooks/useExplorer';
import { LEVELS_BY_SEVERITY } from '../../model/statusLevel';
import { topologyTranslationRef } from '../../translation';
import { StatusShape } from '../StatusShape';
import styles from './Explorer.module.css';

/** Places that are shown before one asks for the others. */
const SHOWN = 120;

/** Every namespace with its numbers, those with the most that is wrong first; also what a cluster has in none. */
export function PlaceList(props: {
  places: readonly PlaceCounts[];
  more: number;
  hrefOf(place: Place): string;
  onOpen(place: Place): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  const clusters = useMemo(
    () => new Set(props.places.map(({ cluster }) => cluster)).size,
    [props.places],
  );
  const wanted = text.trim().toLocaleLowerCase('en-US');
  const found = props.places.filter(
    ({ cluster, namespace }) =>
      `${cluster}/${namespace}`.includes(wanted) || wanted === '',
  );
  const shown = all ? found : found.slice(0, SHOWN);
  return (
    <section aria-label={t('explorer.namespaces')}>
      <div className={styles.bar}>
        <h2 className={styles.heading}>{t('explorer.namespaces')}</h2>
        <SearchField
          aria-label={t('explorer.findNamespace')}
          placeholder={t('explorer.findNamespace')}
          value={text}
          onChange={setText}
          size="small"
        />
      </div>
      <ul className={styles.places}>
        {shown.map(place => (
          <li key={`${place.cluster}/${place.namespace}`}>
            <PlaceCard
              place={place}
              withCluster={clusters > 1}
              href={props.hrefOf(place)}
              onOpen={() => props.onOpen(place)}
            />
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className={styles.quiet}>{t('explorer.noNamespace')}</p>
      )}
      {found.length > shown.length && (
        <button
          type="button"
          className={styles.more}
          onClick={() => setAll(true)}
        >
          {t('explorer.showAll', { count: found.length })}
        </button>
      )}
      {props.more > 0 && (
        <p className={styles.quiet}>
          {t('explorer.morePlaces', { count: props.more })}
        </p>
      )}
    </section>
  );
}

function PlaceCard(props: {
  place: PlaceCounts;
  withCluster: boolean;
  href: string;
  onOpen(): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { cluster, namespace, levels, pods } = props.place;
  const present = LEVELS_BY_SEVERITY.filter(level => levels[level]);
  const total = present.reduce((sum, level) => sum + levels[level]!, 0);
  return (
    <a
      className={styles.place}
      href={props.href}
      data-level={present[0]}
      onClick={event => {
        // With a modifier the browser opens it elsewhere.
        if (!event.metaKey && !event.ctrlKey && !event.shiftKey) {
          event.preventDefault();
          props.onOpen();
        }
      }}
    >
      <span className={styles.placeName}>
        {namespace === '' ? t('explorer.clusterScoped') : namespace}
      </span>
      {props.withCluster && <span className={styles.quiet}>{cluster}</span>}
      <span className={styles.meter} aria-hidden="true">
        {present.map(level => (
          <span
            key={level}
            data-level={level}
            style={{ flexGrow: levels[level] }}
          />
        ))}
      </span>
      <span className={styles.placeCounts}>
        {present.slice(0, 3).map(level => (
          <span key={level} className={styles.placeCount}>
            <StatusShape level={level} size={12} />
            {`${levels[level]} ${t(`level.${level}`)}`}
          </span>
        ))}
        <span className={styles.quiet}>
          {t('explorer.objectsAndPods', {
            total: String(total),
            pods: String(pods),
          })}
        </span>
      </span>
    </a>
  );
}
