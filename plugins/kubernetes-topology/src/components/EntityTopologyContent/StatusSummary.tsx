import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  PlaceTopology,
  StatusLevel,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Failure } from '../../hooks/failure';
import { problemsOf } from '../../model/problems';
import { LEVELS_BY_SEVERITY } from '../../model/statusLevel';
import { topologyTranslationRef } from '../../translation';
import { StatusLabel, StatusShape } from '../StatusShape';
import styles from './EntityTopologyContent.module.css';

/** Whether objects of the picture are of a cluster or a kind that cannot be read now. */
function isStale({ clusters, nodes }: PlaceTopology): boolean {
  const failing = new Map(
    clusters.map(({ name, state, kinds }) => [
      name,
      (kind: string) =>
        state === 'failing' ||
        kinds.some(read => read.kind === kind && read.state === 'failing'),
    ]),
  );
  return nodes.some(({ cluster, kind, group }) =>
    failing.get(cluster)?.(group === '' ? kind : `${kind}.${group}`),
  );
}

/** How many objects are in each state, and whether the picture is live. */
export function StatusSummary(props: {
  topology: PlaceTopology;
  failure?: Failure;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { nodes } = props.topology;
  const stale = props.failure !== undefined || isStale(props.topology);
  const counts = new Map<StatusLevel, number>();
  for (const { verdict } of nodes) {
    counts.set(verdict.level, (counts.get(verdict.level) ?? 0) + 1);
  }
  return (
    <div className={styles.summary}>
      <span className={styles.total}>
        {t('summary.objects', { count: nodes.length })}
      </span>
      <ul
        className={styles.counts}
        aria-label={t('summary.label')}
        aria-live="polite"
      >
        {LEVELS_BY_SEVERITY.filter(level => counts.has(level)).map(level => (
          <li key={level} className={styles.count}>
            {counts.get(level)} <StatusLabel level={level} />
          </li>
        ))}
      </ul>
      <span className={styles.live} data-stale={stale || undefined}>
        {stale ? t('state.staleTitle') : t('state.live')}
      </span>
    </div>
  );
}

/** All is well, said plainly; nothing where it is not. */
export function CalmLine(props: { topology: PlaceTopology }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { nodes, causes, unexplained } = props.topology;
  if (
    causes.length > 0 ||
    unexplained.length > 0 ||
    problemsOf(props.topology).size > 0
  ) {
    return null;
  }
  const allUp = nodes.every(node => node.verdict.level === 'ok');
  const total = String(nodes.length);
  if (isStale(props.topology)) {
    return (
      <p className={styles.calm}>
        <StatusShape level="unknown" size={20} />
        {allUp
          ? t('summary.allWereUp', { total })
          : t('summary.noProblemsThen')}
      </p>
    );
  }
  return (
    <p className={styles.calm}>
      <StatusShape level="ok" size={20} />
      {allUp ? t('summary.allUp', { total }) : t('summary.noProblems')}
    </p>
  );
}
