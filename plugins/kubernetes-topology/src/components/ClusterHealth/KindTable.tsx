import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Cell,
  ColumnConfig,
  SortDescriptor,
  Switch,
  Table,
} from '@backstage/ui';
import { KindHealth } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { ReactNode, useCallback, useMemo, useState } from 'react';
import {
  KindColumn,
  LEVEL_OF_KIND_STATE,
  durationText,
  hasObjects,
  isKindProblem,
  kindText,
  messageOf,
  sortedKinds,
} from '../../model/kindHealth';
import { topologyTranslationRef } from '../../translation';
import { useOnlyProblems } from '../../urlState';
import { RelativeTime } from '../RelativeTime';
import { StatusLabel } from '../StatusShape';
import styles from './ClusterHealth.module.css';

type Row = KindHealth & { id: string };

const NO_PAGES = { type: 'none' } as const;
/** Worst first. */
const FIRST_SORT: SortDescriptor = { column: 'state', direction: 'ascending' };

function Objects({ kind }: { kind: KindHealth }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  if (kind.countHidden) {
    return <>{t('health.countHidden')}</>;
  }
  if (kind.state === 'listing' && kind.expected !== undefined) {
    return (
      <>
        {t('health.objectsOf', {
          read: kind.objects.toLocaleString(),
          expected: kind.expected.toLocaleString(),
        })}
      </>
    );
  }
  return hasObjects(kind) ? (
    <>{kind.objects.toLocaleString()}</>
  ) : (
    <span aria-label={t('health.none')}>–</span>
  );
}

/** A cluster's kinds, sortable, worst first; the switch leaves those that need somebody. */
export function KindTable(props: { kinds: readonly KindHealth[] }) {
  const { kinds } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const [onlyProblems, setOnlyProblems] = useOnlyProblems();
  const [sort, setSort] = useState(FIRST_SORT);

  const problems = kinds.filter(isKindProblem).length;
  const rows = useMemo(
    () =>
      sortedKinds(
        onlyProblems ? kinds.filter(isKindProblem) : kinds,
        sort.column as KindColumn,
        sort.direction,
      ).map((kind): Row => ({ ...kind, id: kindText(kind) })),
    [kinds, onlyProblems, sort],
  );
  const columns = useMemo((): ColumnConfig<Row>[] => {
    const column = (
      id: KindColumn,
      content: (kind: Row) => ReactNode,
      more: Partial<ColumnConfig<Row>> = {},
    ): ColumnConfig<Row> => ({
      id,
      label: t(`health.column.${id}`),
      isSortable: true,
      cell: row => <Cell className={styles.cell}>{content(row)}</Cell>,
      ...more,
    });
    const none = <span aria-label={t('health.none')}>–</span>;
    return [
      column('kind', row => row.kind, {
        isRowHeader: true,
        width: '1.4fr',
        minWidth: 215,
      }),
      column('group', row => row.group || t('health.coreGroup'), {
        width: '1.4fr',
        minWidth: 215,
      }),
      column(
        'state',
        row => (
          <StatusLabel
            level={LEVEL_OF_KIND_STATE[row.state]}
            word={t(`health.kindState.${row.state}`)}
          />
        ),
        { width: 140 },
      ),
      column('objects', row => <Objects kind={row} />, { width: 100 }),
      column(
        'lag',
        row => (row.lagMs === undefined ? none : durationText(row.lagMs)),
        { width: 90 },
      ),
      column('message', row => messageOf(row) ?? none, {
        width: '2fr',
        minWidth: 180,
      }),
      column('at', row => (row.at > 0 ? <RelativeTime at={row.at} /> : none), {
        width: 140,
      }),
    ];
  }, [t]);
  const sortState = useMemo(
    () => ({ descriptor: sort, onSortChange: setSort }),
    [sort],
  );
  const onSwitch = useCallback(
    (isOn: boolean) => setOnlyProblems(isOn),
    [setOnlyProblems],
  );
  return (
    <div className={styles.kinds}>
      <div className={styles.tools}>
        <h3 className={styles.kindsTitle}>{t('health.kinds')}</h3>
        <Switch
          label={t('health.onlyProblems', { problems: String(problems) })}
          isSelected={onlyProblems}
          onChange={onSwitch}
        />
        <span className={styles.quiet} role="status">
          {t('health.shown', {
            shown: String(rows.length),
            total: String(kinds.length),
          })}
        </span>
      </div>
      {kinds.some(({ state }) => state === 'forbidden') && (
        <p className={styles.quiet}>{t('health.forbiddenHint')}</p>
      )}
      <Table
        columnConfig={columns}
        data={rows}
        pagination={NO_PAGES}
        sort={sortState}
        emptyState={
          <p className={styles.quiet}>
            {onlyProblems ? t('health.noProblems') : t('health.noKinds')}
          </p>
        }
      />
    </div>
  );
}
