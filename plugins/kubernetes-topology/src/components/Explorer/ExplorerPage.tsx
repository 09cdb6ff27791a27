import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useCallback } from 'react';
import { Place } from '../../hooks/useExplorer';
import { topologyTranslationRef } from '../../translation';
import {
  hrefWith,
  useExplorerPlace,
  useExplorerView,
  useQueryText,
  useSelectedNode,
} from '../../urlState';
import { ClusterHealthPage } from '../ClusterHealth';
import { Explorer } from './Explorer';
import styles from './Explorer.module.css';

/** The plugin's page: what there is in all clusters and what is wrong in it, and how well the clusters are read. */
export function ExplorerPage() {
  const { t } = useTranslationRef(topologyTranslationRef);
  const [view, setView] = useExplorerView();
  return (
    <>
      <nav className={styles.views} aria-label={t('explorer.views')}>
        {(['explore', 'clusters'] as const).map(each => (
          <a
            key={each}
            href={hrefWith(each === 'explore' ? {} : { view: each })}
            aria-current={view === each ? 'page' : undefined}
            onClick={event => {
              event.preventDefault();
              setView(each);
            }}
          >
            {t(`explorer.view.${each}`)}
          </a>
        ))}
      </nav>
      {view === 'clusters' ? <ClusterHealthPage /> : <ExplorerView />}
    </>
  );
}

function ExplorerView() {
  const [place, setPlace] = useExplorerPlace();
  const [query, setQuery] = useQueryText();
  const [node, selectNode] = useSelectedNode();
  const openAt = useCallback(
    (key: string) => {
      const found = placeOfKey(key);
      if (found) {
        setPlace(found, key);
      }
    },
    [setPlace],
  );
  return (
    <Explorer
      place={place}
      onPlace={setPlace}
      query={query}
      onQuery={setQuery}
      node={node}
      onNode={selectNode}
      onOpenAt={openAt}
    />
  );
}

/** Keys read `<cluster>/<Kind[.group]>/<namespace>/<name>`. */
function placeOfKey(key: string): Place | undefined {
  const [cluster, , namespace] = key.split('/');
  return cluster && namespace !== undefined
    ? { cluster, namespace }
    : undefined;
}
