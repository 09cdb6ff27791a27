import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ResultHighlight,
  SearchDocument,
} from '@backstage/plugin-search-common';
import { HighlightedSearchResultText } from '@backstage/plugin-search-react';
import { Link } from '@backstage/ui';
import { TopologyDocument } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { withSelectedNode } from '../../urlState';
import { StatusLabel } from '../StatusShape';
import styles from './TopologySearchResult.module.css';

/** An indexed object as the search module writes it. */
type ResultDocument = SearchDocument & Partial<TopologyDocument>;

/** An object among the search results, with the pods that depend on it. */
export function TopologySearchResult(props: {
  result?: SearchDocument;
  highlight?: ResultHighlight;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const document = props.result as ResultDocument | undefined;
  if (!document) {
    return null;
  }
  const {
    location,
    kind,
    cluster,
    namespace,
    level,
    dependents = [],
    moreDependents = 0,
  } = document;
  const name = document.name ?? document.title;
  const marked = props.highlight?.fields.name;
  return (
    // The search page puts each result into a list item of its own.
    <div className={styles.item}>
      <div className={styles.head}>
        <span className={styles.kind}>{kind?.split('.')[0]}</span>
        <Link href={location} weight="bold">
          {marked ? (
            <HighlightedSearchResultText
              text={marked}
              preTag={props.highlight!.preTag}
              postTag={props.highlight!.postTag}
            />
          ) : (
            name
          )}
        </Link>
        {level && <StatusLabel level={level} />}
        <span className={styles.place}>
          {[namespace, cluster].filter(Boolean).join(' · ')}
        </span>
      </div>
      {dependents.length > 0 && (
        <ul className={styles.dependents} aria-label={t('search.dependents')}>
          <li className={styles.title} aria-hidden="true">
            {t('search.dependents')}:
          </li>
          {dependents.map(pod => (
            <li key={pod.key}>
              <Link href={withSelectedNode(location, pod.key)}>{pod.name}</Link>
              <StatusLabel level={pod.level} />
            </li>
          ))}
          {moreDependents > 0 && (
            <li className={styles.title}>
              {t('search.more', { count: moreDependents })}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
