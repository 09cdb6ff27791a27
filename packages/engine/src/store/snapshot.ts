import { Knex } from 'knex';
import { Moment, NOW } from './moment';
import { SqlDialect } from './sqlDialect';

/** Milliseconds that one statement of a read may take on PostgreSQL. */
const STATEMENT_TIMEOUT = 10_000;

/**
 * Several statements that see one revision. PostgreSQL's JIT compiler costs more than it gains on queries of a few
 * milliseconds (`perf.md` section C).
 */
export async function inSnapshot<T>(
  knex: Knex,
  dialect: SqlDialect,
  read: (trx: Knex) => Promise<T>,
  moment: Moment = NOW,
): Promise<T> {
  if (!dialect.isPostgres) {
    return knex.transaction(read);
  }
  return knex.transaction(
    async trx => {
      await trx.raw(
        `SET LOCAL jit = off; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT}; ${plannedFor(
          moment,
        )}`,
      );
      return read(trx);
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

/**
 * What PostgreSQL is told before it plans a read. The log grows faster than its statistics: without a word the planner may
 * read all of it to join a few rows, or all nodes with several workers, to compare each with each of the rows.
 */
export function plannedFor(moment: Moment): string {
  return moment.isPast
    ? 'SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL max_parallel_workers_per_gather = 0'
    : '';
}
