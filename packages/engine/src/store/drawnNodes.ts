import { Knex } from 'knex';
import { StatusLevel, Verdict } from '../kinds/status';
import { SelectedGraph } from '../topology';
import { Moment } from './moment';
import { isProblem, severityOf } from './severity';
import { jsonValue, selectRows, SqlDialect } from './sqlDialect';

/** An object of the selection, or one that these depend on or that depends on them. */
export type Part = 'own' | 'around';

/** As much of a node as it takes to decide whether it is drawn. */
export interface Candidate {
  id: number;
  part: Part;
  /** Without its group. */
  kind: string;
  level: StatusLevel;
  problem: boolean;
  /** Has no life of its own: a container. */
  isPart: boolean;
}

interface CandidateRow {
  id: number;
  kind: string;
  level: StatusLevel;
  uid: string | null;
  /** Only of missing objects: whether they are required is in there. */
  verdict: unknown;
}

export async function readCandidates(
  knex: Knex,
  dialect: SqlDialect,
  moment: Moment,
  found: ReadonlyMap<number, Part>,
): Promise<Candidate[]> {
  const ids = dialect.ids([...found.keys()]);
  const rows = await selectRows<CandidateRow>(
    knex,
    `SELECT n.id, k.kind, n.level, n.uid,
       CASE WHEN n.level = 'missing' THEN n.verdict END AS verdict
     FROM ${ids.sql} found CROSS JOIN ${moment.nodes} n JOIN kinds k ON k.id = n.kind_id
     WHERE n.id = found.id`,
    ids.bindings,
  );
  return rows.map(({ id, kind, level, uid, verdict }) => ({
    id,
    part: found.get(id)!,
    kind,
    level,
    problem: isProblem(
      verdict ? jsonValue<Verdict>(verdict) : { level, reason: '' },
    ),
    isPart: uid === null && level !== 'missing' && level !== 'unknown',
  }));
}

/**
 * At most `limit` nodes, the ones that say most: problems all of them, whatever the limit, then what is the entity's
 * own before what is around it, workloads before their pods, pods before their containers.
 */
export function chooseDrawn(
  candidates: readonly Candidate[],
  limit: number,
): { drawn: Candidate[]; hidden: SelectedGraph['hidden'] } {
  const ordered = [...candidates].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      severityOf(one.level) - severityOf(other.level) ||
      one.id - other.id,
  );
  const problems = ordered.filter(({ problem }) => problem).length;
  const count = Math.max(limit, problems);
  return {
    drawn: ordered.slice(0, count),
    hidden: inWords(ordered.slice(count)),
  };
}

function rank({ problem, part, kind, level, isPart }: Candidate): number {
  if (problem) {
    return 0;
  }
  if (isPart) {
    return 5;
  }
  if (level === 'history') {
    return 6;
  }
  const isPod = kind === 'Pod';
  if (part === 'own') {
    return isPod ? 3 : 1;
  }
  return isPod ? 4 : 2;
}

function inWords(hidden: readonly Candidate[]): SelectedGraph['hidden'] {
  const counts = new Map<string, number>();
  for (const { kind, level } of hidden) {
    const what = `${level === 'ok' ? 'healthy' : level} ${plural(
      kind.toLowerCase(),
    )}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts]
    .map(([what, count]) => ({ count, what }))
    .sort((one, other) => other.count - one.count);
}

function plural(word: string): string {
  if (word.endsWith('y')) {
    return `${word.slice(0, -1)}ies`;
  }
  return word.endsWith('ss') ? `${word}es` : `${word.replace(/s$/, '')}s`;
}
