import { Knex } from 'knex';
import { setImmediate } from 'timers/promises';
import {
  Bulk,
  chunksOf,
  Columns,
  copySql,
  onConflict,
  Row,
  Upsert,
} from './bulk';

/** About 5 ms of work: reads on the same thread wait no longer. */
const CHUNK = 1000;
/** Rows of one INSERT; SQLite takes 32,766 values. */
const TOGETHER = 50;

interface SqliteConnection {
  prepare(sql: string): { run(values: readonly unknown[]): unknown };
}

/**
 * Prepared statements on knex's own connection: there is no round trip to save, and knex's `batchInsert` costs twice
 * as much and fails above 500 rows (`perf.md` section B).
 */
export const SQLITE_BULK: Bulk = {
  append: insertTogether,
  upsert(trx, statement, rows) {
    return runForEach(
      trx,
      `${insert(statement)} ${onConflict(statement)}`,
      statement.columns,
      rows,
    );
  },
  update(trx, statement, rows) {
    const names = Object.keys(statement.columns);
    const values = names.filter(name => !statement.key.includes(name));
    const set = [
      ...values.map(name => `${name} = ?`),
      ...Object.entries(statement.set).map(
        ([name, expression]) => `${name} = ${expression}`,
      ),
    ];
    return runForEach(
      trx,
      `UPDATE ${statement.table} SET ${set.join(', ')}
       WHERE ${statement.key.map(name => `${name} = ?`).join(' AND ')}`,
      statement.columns,
      rows,
      [...values, ...statement.key],
    );
  },
  copy(trx, statement, rows) {
    const { columns } = statement;
    const values = Object.keys(columns).map(name => `? AS ${name}`);
    return runForEach(
      trx,
      copySql(statement, `(SELECT ${values.join(', ')}) given`),
      columns,
      rows,
    );
  },
  remove(trx, statement, rows) {
    const names = Object.keys(statement.columns);
    return runForEach(
      trx,
      `DELETE FROM ${statement.table}
       WHERE ${names.map(name => `${name} = ?`).join(' AND ')}`,
      statement.columns,
      rows,
    );
  },
};

function insert({ table, columns }: Upsert, rows = 1): string {
  const names = Object.keys(columns);
  const row = `(${names.map(() => '?').join(', ')})`;
  return `INSERT INTO ${table} (${names.join(', ')})
    VALUES ${Array(rows).fill(row).join(', ')}`;
}

/** Many rows a statement: nearly twice as fast as one by one. */
async function insertTogether(
  trx: Knex.Transaction,
  statement: Upsert,
  rows: readonly Row[],
): Promise<void> {
  const together = rows.length - (rows.length % TOGETHER);
  if (together > 0) {
    const connection: SqliteConnection = await trx.client.acquireConnection();
    const insertRows = connection.prepare(insert(statement, TOGETHER));
    const width = Object.keys(statement.columns).length;
    const values: unknown[] = Array(width * TOGETHER).fill(null);
    for (let start = 0; start < together; start += TOGETHER) {
      if (start > 0 && start % CHUNK === 0) {
        await setImmediate();
      }
      for (let nth = 0; nth < TOGETHER; nth++) {
        const row = rows[start + nth];
        for (let column = 0; column < width; column++) {
          values[nth * width + column] = row[column] ?? null;
        }
      }
      insertRows.run(values);
    }
  }
  await runForEach(
    trx,
    insert(statement),
    statement.columns,
    rows.slice(together),
  );
}

/** @param order the columns in the order of the statement's parameters; default: that of the rows */
async function runForEach(
  trx: Knex.Transaction,
  sql: string,
  columns: Columns,
  rows: readonly Row[],
  order?: readonly string[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const connection: SqliteConnection = await trx.client.acquireConnection();
  const statement = connection.prepare(sql);
  const all = Object.keys(columns);
  const places = (order ?? all).map(name => all.indexOf(name));
  const values: unknown[] = [];
  let isFirst = true;
  for (const chunk of chunksOf(rows, CHUNK)) {
    if (!isFirst) {
      await setImmediate();
    }
    isFirst = false;
    for (const row of chunk) {
      for (let nth = 0; nth < places.length; nth++) {
        values[nth] = row[places[nth]] ?? null;
      }
      statement.run(values);
    }
  }
}
