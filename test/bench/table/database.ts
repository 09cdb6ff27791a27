// The two databases, and the bare drivers beside them that the probes use.
import { openSqlite } from '@kubernetes-topology/engine';
import Database from 'better-sqlite3';
import knexFactory, { Knex } from 'knex';
import fs from 'node:fs';
import pg from 'pg';

export function isPostgres(database: string): boolean {
  return database.startsWith('postgresql:');
}

export function openKnex(database: string): Knex {
  return isPostgres(database)
    ? knexFactory({ client: 'pg', connection: database })
    : openSqlite(database);
}

/** Those of our store (`openSqlite.ts`). */
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'cache_size = -65536',
  'temp_store = MEMORY',
  'wal_autocheckpoint = 4000',
];

export function openBareSqlite(file: string): Database.Database {
  const database = new Database(file);
  PRAGMAS.forEach(pragma => database.pragma(pragma));
  return database;
}

export async function openBarePostgres(database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  return client;
}

/** Bytes, all included. */
export async function sizeOf(knex: Knex, database: string): Promise<number> {
  if (isPostgres(database)) {
    const { rows } = await knex.raw(
      'SELECT pg_database_size(current_database()) AS size',
    );
    return Number(rows[0].size);
  }
  await knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  return fs.statSync(database).size;
}

export function percentile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}
