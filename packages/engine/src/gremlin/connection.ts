import { Knex } from 'knex';
import { assertBindable, selectRows } from '../store/sqlDialect';
import { Select } from './dictionaries';

interface PostgresConnection {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: unknown[] } | { rows: unknown[] }[]>;
  /** Set: the pool throws the connection away. */
  __knex__disposed?: unknown;
}

/**
 * Several statements that see one revision, on PostgreSQL. Each message to it costs as much as a small query, so that
 * what a transaction begins with goes in one, with the first statement, and nobody waits for its end.
 *
 * @param settings statements that are said first
 * @param first a statement without bindings, whose row is given to `work`
 */
export async function inPostgresSnapshot<T>(
  knex: Knex,
  settings: string,
  first: string,
  work: (select: Select, row: unknown) => Promise<T>,
): Promise<T> {
  const { client } = knex;
  const connection: PostgresConnection = await client.acquireConnection();
  const end = async (word: 'COMMIT' | 'ROLLBACK') => {
    try {
      await connection.query(word);
    } catch (error) {
      connection.__knex__disposed = error;
    } finally {
      await client.releaseConnection(connection);
    }
  };
  try {
    const begun = await connection.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${settings}; ${first}`,
    );
    const [row] = (begun as { rows: unknown[] }[]).at(-1)!.rows;
    const select: Select = async <R>(
      sql: string,
      bindings: readonly (string | number)[] = [],
    ) => {
      assertBindable(bindings);
      const { rows } = (await connection.query(
        client.positionBindings(sql),
        bindings,
      )) as { rows: R[] };
      return rows;
    };
    const result = await work(select, row);
    void end('COMMIT');
    return result;
  } catch (error) {
    await end('ROLLBACK');
    throw error;
  }
}

export function selecting(knex: Knex): Select {
  return (sql, bindings = []) => selectRows(knex, sql, bindings);
}
