import { Knex } from 'knex';
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
): Promise<T> {
  if (!dialect.isPostgres) {
    return knex.transaction(read);
  }
  return knex.transaction(
    async trx => {
      await trx.raw(
        `SET LOCAL jit = off; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT}`,
      );
      return read(trx);
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}
