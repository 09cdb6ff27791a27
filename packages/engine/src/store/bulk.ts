import { Knex } from 'knex';

export type ColumnType = 'integer' | 'bigint' | 'text' | 'json';
export type Columns = Readonly<Record<string, ColumnType>>;

/** Values in the order of the statement's columns; `undefined` becomes NULL. JSON columns take JSON as text. */
export type Row = readonly unknown[];

export interface Upsert {
  readonly table: string;
  readonly columns: Columns;
  readonly key: readonly string[];
  /** What to set when the row is there: expressions over the table's and `excluded`'s columns. */
  readonly set: Readonly<Record<string, string>>;
  /** Rows that are there are left alone unless this holds. */
  readonly unless?: string;
}

export interface Update {
  readonly table: string;
  readonly columns: Columns;
  readonly key: readonly string[];
  /** Further columns to set: expressions over the table's columns. */
  readonly set: Readonly<Record<string, string>>;
}

export interface Removal {
  readonly table: string;
  /** The columns that tell which rows. */
  readonly columns: Columns;
}

/** Copies rows as they stand, before they are changed or removed: how a version is closed into the log. */
export interface Copy {
  /** The table that has the rows, `former` in expressions. */
  readonly from: string;
  readonly into: string;
  /** What is given for each row: `given` in expressions. */
  readonly columns: Columns;
  /** Columns of both, which tell which rows. */
  readonly key: readonly string[];
  /** The columns of `into`, as expressions over `former` and `given`. */
  readonly set: Readonly<Record<string, string>>;
  /** Rows for which this does not hold are left out. */
  readonly where: string;
}

/** Writes many rows within a transaction, in chunks that let others run in between. */
export interface Bulk {
  /** Rows that are not there. Fails, and the transaction with it, when one is. */
  append(
    trx: Knex.Transaction,
    statement: Upsert,
    rows: readonly Row[],
  ): Promise<void>;
  upsert(
    trx: Knex.Transaction,
    statement: Upsert,
    rows: readonly Row[],
  ): Promise<void>;
  update(
    trx: Knex.Transaction,
    statement: Update,
    rows: readonly Row[],
  ): Promise<void>;
  copy(
    trx: Knex.Transaction,
    statement: Copy,
    rows: readonly Row[],
  ): Promise<void>;
  remove(
    trx: Knex.Transaction,
    statement: Removal,
    rows: readonly Row[],
  ): Promise<void>;
}

export function* chunksOf<T>(
  rows: readonly T[],
  size: number,
): Iterable<readonly T[]> {
  for (let start = 0; start < rows.length; start += size) {
    yield rows.slice(start, start + size);
  }
}

/** The clause that both dialects share. */
export function onConflict(statement: Upsert): string {
  const set = Object.entries(statement.set).map(
    ([column, expression]) => `${column} = ${expression}`,
  );
  const action =
    set.length === 0
      ? 'DO NOTHING'
      : `DO UPDATE SET ${set.join(', ')}${
          statement.unless ? ` WHERE NOT (${statement.unless})` : ''
        }`;
  return `ON CONFLICT (${statement.key.join(', ')}) ${action}`;
}

/** The copy of the rows that `given` tells. CROSS JOIN keeps SQLite from scanning the table for each of them. */
export function copySql(statement: Copy, given: string): string {
  const { from, into, key, set, where } = statement;
  const same = key.map(name => `former.${name} = given.${name}`);
  return `INSERT INTO ${into} (${Object.keys(set).join(', ')})
    SELECT ${Object.values(set).join(
      ', ',
    )} FROM ${given} CROSS JOIN ${from} former
    WHERE ${[...same, where].join(' AND ')}`;
}
