import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { useCallback, useMemo } from 'react';
import { topologyApiRef } from '../../api/TopologyApi';
import { useAnswer } from '../../hooks/useAnswer';
import { shownAnswer } from '../../model/queryAnswer';
import { topologyTranslationRef } from '../../translation';
import { NodeTable } from '../NodeTable';
import styles from './Explorer.module.css';

/** The answer to a query: objects as a table, everything else as it is; a fault with the place where it is. */
export function QueryResult(props: {
  query: string;
  revision: number;
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const api = useApi(topologyApiRef);
  const ask = useCallback(
    (query: string, signal: AbortSignal) => api.query(query, { signal }),
    [api],
  );
  const { value, failure, loading } = useAnswer(
    props.query,
    props.revision,
    ask,
  );
  const shown = useMemo(() => value && shownAnswer(value.value), [value]);
  if (loading) {
    return <p role="status">{t('explorer.asking')}</p>;
  }
  if (failure) {
    return (
      <Alert
        status="danger"
        icon
        title={t('explorer.queryFailed')}
        description={<pre className={styles.excerpt}>{failure.message}</pre>}
      />
    );
  }
  if (!value || !shown) {
    return null;
  }
  return (
    <section aria-label={t('explorer.answer')} className={styles.answer}>
      {value.cut && <p className={styles.quiet}>{value.cut}</p>}
      {shown.form === 'nodes' ? (
        <NodeTable nodes={shown.nodes} onSelect={props.onSelect} />
      ) : (
        <pre className={styles.json}>{shown.text}</pre>
      )}
    </section>
  );
}
