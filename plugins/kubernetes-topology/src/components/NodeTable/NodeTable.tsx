import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, SearchField } from '@backstage/ui';
import { TopologyNode } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useMemo, useState } from 'react';
import {
  FIRST_NODE_SORT,
  NODE_COLUMNS,
  NodeColumn,
  nodeRows,
  nodesCsv,
} from '../../model/nodeRows';
import { saveText } from '../../model/saveText';
import { topologyTranslationRef } from '../../translation';
import { RelativeTime } from '../RelativeTime';
import { StatusLabel } from '../StatusShape';
import styles from './NodeTable.module.css';

/** Rows that are put on the page at once. */
const PAGE = 200;

/** Objects as a table: to filter, to sort, to take along as CSV. */
export function NodeTable(props: {
  nodes: readonly TopologyNode[];
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState(FIRST_NODE_SORT);
  const [shown, setShown] = useState(PAGE);
  const rows = useMemo(
    () => nodeRows(props.nodes, filter, sort),
    [props.nodes, filter, sort],
  );
  const sortBy = (column: NodeColumn) =>
    setSort(former => ({
      column,
      descending: former.column === column && !former.descending,
    }));
  return (
    <div className={styles.table}>
      <div className={styles.bar}>
        <SearchField
          aria-label={t('table.filter')}
          placeholder={t('table.filter')}
          value={filter}
          onChange={setFilter}
          size="small"
        />
        <span role="status" className={styles.count}>
          {rows.length === props.nodes.length
            ? t('summary.objects', { count: rows.length })
            : t('table.countOf', {
                count: rows.length,
                total: String(props.nodes.length),
              })}
        </span>
        <Button
          variant="tertiary"
          size="small"
          onPress={() => saveText('topology.csv', 'text/csv', nodesCsv(rows))}
        >
          {t('table.csv')}
        </Button>
      </div>
      <div className={styles.scroll}>
        <table>
          <thead>
            <tr>
              {NODE_COLUMNS.map(column => (
                <th key={column} scope="col" aria-sort={ariaSort(sort, column)}>
                  <button type="button" onClick={() => sortBy(column)}>
                    {t(`table.column.${column}`)}
                    <span aria-hidden="true">{arrow(sort, column)}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(node => (
              <tr key={node.key}>
                <td>
                  <StatusLabel
                    level={node.verdict.level}
                    reason={
                      node.verdict.level === 'ok'
                        ? undefined
                        : node.verdict.reason || undefined
                    }
                  />
                </td>
                <td>{node.kind}</td>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.name}
                    onClick={() => props.onSelect(node.key)}
                  >
                    {node.name}
                  </button>
                </th>
                <td>{node.namespace}</td>
                <td>{node.cluster}</td>
                <td>
                  {node.createdAt !== undefined && (
                    <RelativeTime at={node.createdAt} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <Button
          variant="tertiary"
          size="small"
          onPress={() => setShown(count => count + PAGE)}
        >
          {t('table.more', { count: rows.length - shown })}
        </Button>
      )}
    </div>
  );
}

function ariaSort(
  sort: typeof FIRST_NODE_SORT,
  column: NodeColumn,
): 'ascending' | 'descending' | 'none' {
  if (sort.column !== column) {
    return 'none';
  }
  return sort.descending ? 'descending' : 'ascending';
}

function arrow(sort: typeof FIRST_NODE_SORT, column: NodeColumn): string {
  if (sort.column !== column) {
    return '';
  }
  return sort.descending ? ' ↓' : ' ↑';
}
