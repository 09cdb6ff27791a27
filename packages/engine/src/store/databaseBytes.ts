import { Knex } from 'knex';
import { selectRows, sqlDialect } from './sqlDialect';

/** What the tables take on disk, with their indexes; SQLite: the whole file, without its log. */
export async function readDatabaseBytes(knex: Knex): Promise<number> {
  const [row] = await selectRows<{ bytes: number | string | null }>(
    knex,
    sqlDialect(knex).isPostgres
      ? `SELECT SUM(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c
         WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p')`
      : 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()',
  );
  return Number(row.bytes ?? 0);
}
