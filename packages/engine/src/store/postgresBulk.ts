import { Knex } from 'knex';
import { Bulk, chunksOf, Columns, onConflict, Row } from './bulk';
import { postgresJson } from './postgresJson';

const CHUNK = 2000;

/** One statement a chunk, with all its rows as one JSON value: 0.7 times the speed of COPY here, and it can upsert. */
export const POSTGRES_BULK: Bulk = {
  upsert(trx, statement, rows) {
    const names = Object.keys(statement.columns).join(', ');
    return runChunks(
      trx,
      `INSERT INTO ${statement.table} (${names})
       SELECT ${names} FROM ${given(statement.columns)} ${onConflict(
        statement,
      )}`,
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
      rows,
    );
  },
  remove(trx, statement, rows) {
    const { table, columns } = statement;
    return runChunks(
      trx,
      `DELETE FROM ${table} USING ${given(columns)}
       WHERE ${sameRow(table, Object.keys(columns))}`,
      rows,
    );
  },
};

/** Arrays of values, for keys would be repeated and parsed in every row. */
function given(columns: Columns): string {
  const fields = Object.entries(columns).map(([name, type], nth) =>
    type === 'json'
      ? `NULLIF(value -> ${nth}, 'null'::jsonb) AS ${name}`
      : `(value ->> ${nth})::${type} AS ${name}`,
  );
  return `(SELECT ${fields.join(', ')}
    FROM jsonb_array_elements(?::jsonb) AS elements(value)) AS given`;
}

function sameRow(table: string, names: readonly string[]): string {
  return names.map(name => `${table}.${name} = given.${name}`).join(' AND ');
}

async function runChunks(
  trx: Knex.Transaction,
  sql: string,
  rows: readonly Row[],
): Promise<void> {
  for (const chunk of chunksOf(rows, CHUNK)) {
    await trx.raw(sql, [postgresJson(chunk)]);
  }
}
