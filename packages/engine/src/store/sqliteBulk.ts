import { Knex } from 'knex';
import { setImmediate } from 'timers/promises';
import { Bulk, chunksOf, Columns, onConflict, Row } from './bulk';

/** About 5 ms of work: reads on the same thread wait no longer. */
const CHUNK = 1000;

interface SqliteConnection {
  prepare(sql: string): { run(values: readonly unknown[]): unknown };
}

/**
 * Prepared statements on knex's own connection: there is no round trip to save, and knex's `batchInsert` costs twice
 * as much and fails above 500 rows (`perf.md` section B).
 */
export const SQLITE_BULK: Bulk = {
  upsert(trx, statement, rows) {
    const names = Object.keys(statement.columns);
    return runForEach(
      trx,
      `INSERT INTO ${statement.table} (${names.join(', ')})
       VALUES (${names.map(() => '?').join(', ')}) ${onConflict(statement)}`,
      names,
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
      [...values, ...statement.key],
      statement.columns,
      rows,
    );
  },
  remove(trx, statement, rows) {
    const names = Object.keys(statement.columns);
    return runForEach(
      trx,
      `DELETE FROM ${statement.table}
       WHERE ${names.map(name => `${name} = ?`).join(' AND ')}`,
      names,
      statement.columns,
      rows,
    );
  },
};

async function runForEach(
  trx: Knex.Transaction,
  sql: string,
  names: readonly string[],
  columns: Columns,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const connection: SqliteConnection = await trx.client.acquireConnection();
  const statement = connection.prepare(sql);
  const all = Object.keys(columns);
  const order = names.map(name => all.indexOf(name));
  const isJson = names.map(name => columns[name] === 'json');
  const values: unknown[] = [];
  let isFirst = true;
  for (const chunk of chunksOf(rows, CHUNK)) {
    if (!isFirst) {
      await setImmediate();
    }
    isFirst = false;
    for (const row of chunk) {
      for (let nth = 0; nth < order.length; nth++) {
        values[nth] = sqliteValue(row[order[nth]], isJson[nth]);
      }
      statement.run(values);
    }
  }
}

function sqliteValue(value: unknown, isJson: boolean): unknown {
  if (value === undefined || value === null) {
    return null;
  }
  return isJson ? JSON.stringify(value) : value;
}
