// The limit that a first sync is measured against, in a process of its own: the bare reader (a worker thread) and the
// bare writer (the same rows that our sync wrote, with prepared statements or COPY) at the same time.
//
// argv[2]: { url, token, paths, rows: <SQLite file of our sync>, database: 'sqlite' | <PostgreSQL connection string> }
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const options = JSON.parse(process.argv[2]);
const source = new Database(options.rows, { readonly: true });
const TABLES = ['nodes', 'edges'];

/** The tables as our store has them, with their rows in memory before the clock starts. */
const tables = TABLES.map(name => ({
  name,
  create: source
    .prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?")
    .pluck()
    .get(name),
  indexes: source
    .prepare(
      "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
    )
    .pluck()
    .all(name),
  columns: source.pragma(`table_info(${name})`).map(column => column.name),
  rows: source.prepare(`SELECT * FROM ${name}`).raw().all(),
}));
source.close();

async function writeSqlite() {
  const file = path.join(
    fs.mkdtempSync(path.join(os.tmpdir(), 'probe-')),
    'probe.sqlite',
  );
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  for (const table of tables) {
    database.exec(table.create);
    table.indexes.forEach(index => database.exec(index));
  }
  for (const table of tables) {
    const insert = database.prepare(
      `INSERT INTO ${table.name} VALUES (${table.columns
        .map(() => '?')
        .join(', ')})`,
    );
    // Slices, so that the reader's messages are taken in between, as in any real pipeline.
    for (let at = 0; at < table.rows.length; at += 5000) {
      database.transaction(rows => rows.forEach(row => insert.run(row)))(
        table.rows.slice(at, at + 5000),
      );
      await new Promise(resolve => setImmediate(resolve));
    }
  }
  database.close();
  fs.rmSync(path.dirname(file), { recursive: true });
}

function copyText(value) {
  return value === null
    ? '\\N'
    : String(value)
        .replace(/\\/g, '\\\\')
        .replace(/\t/g, '\\t')
        .replace(/\n/g, '\\n')
        .replace(/\r/g, '\\r');
}

async function writePostgres(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  // Our store migrated a schema of its own here before; the probe fills a copy of its tables, indexes included.
  await client.query(
    'DROP SCHEMA IF EXISTS probe CASCADE; CREATE SCHEMA probe',
  );
  for (const table of tables) {
    await client.query(
      `CREATE TABLE probe.${table.name} (LIKE public.${table.name} INCLUDING ALL)`,
    );
  }
  const began = process.hrtime.bigint();
  for (const table of tables) {
    await pipeline(
      Readable.from(
        (function* lines() {
          for (let at = 0; at < table.rows.length; at += 500) {
            yield `${table.rows
              .slice(at, at + 500)
              .map(row => row.map(copyText).join('\t'))
              .join('\n')}\n`;
          }
        })(),
      ),
      client.query(
        copyFrom(
          `COPY probe.${table.name} (${table.columns.join(', ')}) FROM STDIN`,
        ),
      ),
    );
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  await client.query('DROP SCHEMA probe CASCADE');
  await client.end();
  return seconds;
}

function read() {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./probeReader.mjs', import.meta.url), {
      workerData: options,
    });
    worker.on('message', message => message.done && resolve(message.objects));
    worker.on('error', reject);
  });
}

const began = process.hrtime.bigint();
const [objects] = await Promise.all([
  read(),
  options.database === 'sqlite'
    ? writeSqlite()
    : writePostgres(options.database),
]);
process.stdout.write(
  JSON.stringify({
    seconds: Number(process.hrtime.bigint() - began) / 1e9,
    objects,
    rows: tables.reduce((sum, table) => sum + table.rows.length, 0),
  }),
);
process.exit(0);
