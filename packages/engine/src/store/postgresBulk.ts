import { Knex } from 'knex';
import { Bulk, chunksOf, Columns, onConflict, Row } from './bulk';
import { postgresJson } from './postgresJson';

const CHUNK = 2000;

const TYPES = {
  integer: 'integer',
  bigint: 'bigint',
  text: 'text',
  json: 'jsonb',
} as const;

/** One statement a chunk, with all its rows as one JSON value: 0.7 times the speed of COPY, and it can upsert. */
export const POSTGRES_BULK: Bulk = {
  upsert(trx, statement, rows) {
    const names = Object.keys(statement.columns).join(', ');
    return runChunks(
      trx,
      `INSERT INTO ${statement.table} (${names})
       SELECT ${names} FROM ${given(statement.columns)} ${onConflict(
        statement,
      )}`,
      statement.columns,
      rows,
    );
  },
  update(trx, statement, rows) {
    const { table, columns, key } = statement;
    const set = [
      ...Object.keys(columns)
        .filter(name => !key.includes(name))
        .map(name => `${name} = given.${name}`),
      ...Object.entries(statement.set).map(
        ([name, expression]) => `${name} = ${expression}`,
      ),
    ];
    return runChunks(
      trx,
      `UPDATE ${table} SET ${set.join(', ')} FROM ${given(columns)}
       WHERE ${sameRow(table, key)}`,
      columns,
      rows,
    );
  },
  remove(trx, statement, rows) {
    const { table, columns } = statement;
    return runChunks(
      trx,
      `DELETE FROM ${table} USING ${given(columns)}
       WHERE ${sameRow(table, Object.keys(columns))}`,
      columns,
      rows,
    );
  },
};

function given(columns: Columns): string {
  const definitions = Object.entries(columns).map(
    ([name, type]) => `${name} ${TYPES[type]}`,
  );
  return `json_to_recordset(?::json) AS given(${definitions.join(', ')})`;
}

function sameRow(table: string, names: readonly string[]): string {
  return names.map(name => `${table}.${name} = given.${name}`).join(' AND ');
}

async function runChunks(
  trx: Knex.Transaction,
  sql: string,
  columns: Columns,
  rows: readonly Row[],
): Promise<void> {
  const names = Object.keys(columns);
  for (const chunk of chunksOf(rows, CHUNK)) {
    const objects = chunk.map(row =>
      Object.fromEntries(names.map((name, nth) => [name, row[nth]])),
    );
    await trx.raw(sql, [postgresJson(objects)]);
  }
}
