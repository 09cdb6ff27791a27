import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Place, useIncidents, useOverview } from '../../hooks/useExplorer';
import { topologyTranslationRef } from '../../translation';
import { hrefWith } from '../../urlState';
import { HealthFailure } from '../ClusterHealth/HealthFailure';
import { FailureState, LoadingState } from '../EntityTopologyContent/States';
import styles from './Explorer.module.css';
import { IncidentList } from './IncidentList';
import { PlaceList } from './PlaceList';
import { PlaceView } from './PlaceView';
import { QueryBar } from './QueryBar';
import { QueryResult } from './QueryResult';

export interface ExplorerProps {
  /** Undefined: everywhere. */
  place: Place | undefined;
  onPlace(place: Place | undefined): void;
  query: string | undefined;
  onQuery(query: string | undefined): void;
  node: string | undefined;
  onNode(key: string | undefined): void;
  /** The place of an object, with the object selected. */
  onOpenAt(key: string): void;
}

/** Problem first: incidents, then all namespaces in numbers; one of them as a graph; the answer to a query. */
export function Explorer(props: ExplorerProps) {
  const { place, onPlace, query, onQuery, onOpenAt } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const overview = useOverview();
  const incidents = useIncidents(place);
  if (overview.loading) {
    return (
      <main className={styles.page}>
        <LoadingState />
      </main>
    );
  }
  if (!overview.value) {
    return (
      <main className={styles.page}>
        {overview.failure && (
          <FailureState failure={overview.failure} onRetry={overview.retry} />
        )}
      </main>
    );
  }
  const { places, more, revision } = overview.value;
  return (
    <main className={styles.page}>
      {overview.failure && (
        <HealthFailure
          failure={overview.failure}
          onRetry={overview.retry}
          stale
        />
      )}
      <div className={styles.top}>
        <Breadcrumb place={place} onPlace={onPlace} />
        <QueryBar query={query} onAsk={onQuery} />
      </div>
      {query !== undefined && (
        <QueryResult query={query} revision={revision} onSelect={onOpenAt} />
      )}
      {place && query === undefined && (
        <PlaceView key={`${place.cluster}/${place.namespace}`} place={place} />
      )}
      {!place && query === undefined && (
        <>
          <section aria-label={t('explorer.problems')}>
            <h2 className={styles.heading}>{t('explorer.problems')}</h2>
            {incidents.value && (
              <IncidentList incidents={incidents.value} onSelect={onOpenAt} />
            )}
            {!incidents.value && incidents.failure && (
              <FailureState
                failure={incidents.failure}
                onRetry={incidents.retry}
              />
            )}
            {incidents.loading && <p role="status">{t('explorer.looking')}</p>}
          </section>
          <PlaceList
            places={places}
            more={more}
            hrefOf={each => hrefWith({ ...each })}
            onOpen={onPlace}
          />
        </>
      )}
    </main>
  );
}

function Breadcrumb(props: Pick<ExplorerProps, 'place' | 'onPlace'>) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { place, onPlace } = props;
  return (
    <nav aria-label={t('explorer.breadcrumb')}>
      <ol className={styles.breadcrumb}>
        <li>
          {place ? (
            <a
              href={hrefWith({})}
              onClick={event => {
                event.preventDefault();
                onPlace(undefined);
              }}
            >
              {t('explorer.everywhere')}
            </a>
          ) : (
            <span aria-current="page">{t('explorer.everywhere')}</span>
          )}
        </li>
        {place && <li>{place.cluster}</li>}
        {place && (
          <li>
            <span aria-current="page">
              {place.namespace === ''
                ? t('explorer.clusterScoped')
                : place.namespace}
            </span>
          </li>
        )}
      </ol>
    </nav>
  );
}
