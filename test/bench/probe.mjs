// The limit that a first sync is measured against, in a process of its own: the bare reader (a worker thread) and the
// bare writer (the same rows that our sync wrote, with prepared statements or COPY) at the same time.
//
// On the clock: requests, parsing, trimming, handing the trimmed rows over, inserting and committing. Not on the clock,
// as it is not on our sync's either: loading code, opening the database, making its tables, and clearing up.
//
// argv[2]: { url, token, paths, rows: <SQLite file of our sync>, database: 'sqlite' | <PostgreSQL connection string> }
import { once } from 'node:events';
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

/** Each writer comes with its tables made: `write` is on the clock, `end` is not. */
function sqliteWriter() {
  const file = path.join(
    fs.mkdtempSync(path.join(os.tmpdir(), 'probe-')),
    'probe.sqlite',
  );
  const database = new Database(file);
  // Those of our store (`openSqlite.ts`).
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = NORMAL',
    'cache_size = -65536',
    'temp_store = MEMORY',
    'wal_autocheckpoint = 4000',
  ]) {
    database.pragma(pragma);
  }
  for (const table of tables) {
    database.exec(table.create);
    table.indexes.forEach(index => database.exec(index));
  }
  return {
    async write() {
      for (const table of tables) {
        const insert = database.prepare(
          `INSERT INTO ${table.name} VALUES (${table.columns
            .map(() => '?')
            .join(', ')})`,
        );
        const insertAll = database.transaction(rows =>
          rows.forEach(row => insert.run(row)),
        );
        // Slices, so that the reader's messages are taken in between, as in any real pipeline.
        for (let at = 0; at < table.rows.length; at += 5000) {
          insertAll(table.rows.slice(at, at + 5000));
          await new Promise(resolve => setImmediate(resolve));
        }
      }
    },
    async end() {
      database.close();
      fs.rmSync(path.dirname(file), { recursive: true });
    },
  };
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

async function postgresWriter(connectionString) {
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
  return {
    async write() {
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
              `COPY probe.${table.name} (${table.columns.join(
                ', ',
              )}) FROM STDIN`,
            ),
          ),
        );
      }
    },
    async end() {
      await client.query('DROP SCHEMA probe CASCADE');
      await client.end();
    },
  };
}

/** A worker that has loaded its code and waits for `read`. */
async function startReader() {
  const worker = new Worker(new URL('./probeReader.mjs', import.meta.url), {
    workerData: options,
  });
  await once(worker, 'message');
  return {
    read: () =>
      new Promise((resolve, reject) => {
        worker.on(
          'message',
          message => message.done && resolve(message.objects),
        );
        worker.on('error', reject);
        worker.postMessage('go');
      }),
  };
}

const reader = await startReader();
const writer =
  options.database === 'sqlite'
    ? sqliteWriter()
    : await postgresWriter(options.database);
const began = process.hrtime.bigint();
const since = () => Number(process.hrtime.bigint() - began) / 1e9;
const [[objects, readSeconds], writeSeconds] = await Promise.all([
  reader.read().then(count => [count, since()]),
  writer.write().then(since),
]);
const seconds = since();
await writer.end();
process.stdout.write(
  JSON.stringify({
    seconds,
    readSeconds,
    writeSeconds,
    objects,
    rows: tables.reduce((sum, table) => sum + table.rows.length, 0),
  }),
);
process.exit(0);
