// The one bulk implementation of the store against bare drivers, with the same rows: what a first sync writes, with no
// reading, judging and linking on the clock.
//
// argv[2]: { pods, rounds: [{ ours: <database>, probe: <database> }] }, databases new and empty
import { TopologyStore } from '@kubernetes-topology/engine';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
import { PackedDelta } from '../../../packages/engine/src/graph/packedDelta';
import {
  isPostgres,
  openBarePostgres,
  openBareSqlite,
  openKnex,
} from './database';
import { BenchLandscape } from './landscape';

interface Options {
  pods: number;
  rounds: { ours: string; probe: string }[];
}

interface Table {
  name: string;
  columns: string[];
  rows: unknown[][];
}

const ROWS_A_TRANSACTION = 5000;
const LINES = 500;

async function writeOurs(
  database: string,
  deltas: readonly PackedDelta[],
): Promise<{ milliseconds: number; tables: Table[] }> {
  const knex = openKnex(database);
  const store = await TopologyStore.create({ knex });
  const started = performance.now();
  for (const delta of deltas) {
    await store.writePacked(delta);
  }
  const milliseconds = performance.now() - started;
  const tables = await Promise.all(
    ['nodes', 'edges'].map(async (name): Promise<Table> => {
      const rows: Record<string, unknown>[] = await knex(name).select('*');
      const columns = Object.keys(rows[0]);
      return {
        name,
        columns,
        rows: rows.map(row => columns.map(column => row[column])),
      };
    }),
  );
  await knex.destroy();
  return { milliseconds, tables };
}

function writeBareSqlite(file: string, tables: readonly Table[]): number {
  const database = openBareSqlite(file);
  const started = performance.now();
  for (const { name, columns, rows } of tables) {
    const insert = database.prepare(
      `INSERT INTO ${name} (${columns.join(', ')})
       VALUES (${columns.map(() => '?').join(', ')})`,
    );
    const insertAll = database.transaction((some: unknown[][]) =>
      some.forEach(row => insert.run(row)),
    );
    for (let at = 0; at < rows.length; at += ROWS_A_TRANSACTION) {
      insertAll(rows.slice(at, at + ROWS_A_TRANSACTION));
    }
  }
  const milliseconds = performance.now() - started;
  database.close();
  return milliseconds;
}

function copyText(value: unknown): string {
  if (value === null) {
    return '\\N';
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : `${value}`;
  return text
    .replace(/\\/g, '\\\\')
    .replace(/\t/g, '\\t')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r');
}

function* copyLines(rows: readonly unknown[][]): Generator<string> {
  for (let at = 0; at < rows.length; at += LINES) {
    const lines = rows
      .slice(at, at + LINES)
      .map(row => row.map(copyText).join('\t'));
    yield `${lines.join('\n')}\n`;
  }
}

async function writeBarePostgres(
  database: string,
  tables: readonly Table[],
): Promise<number> {
  const client = await openBarePostgres(database);
  const started = performance.now();
  for (const { name, columns, rows } of tables) {
    await pipeline(
      Readable.from(copyLines(rows)),
      client.query(copyFrom(`COPY ${name} (${columns.join(', ')}) FROM STDIN`)),
    );
  }
  const milliseconds = performance.now() - started;
  await client.end();
  return milliseconds;
}

async function migrate(database: string): Promise<void> {
  const knex = openKnex(database);
  await TopologyStore.create({ knex });
  await knex.destroy();
}

async function main({ pods, rounds }: Options) {
  const deltas: PackedDelta[] = [];
  await BenchLandscape.build({
    pods,
    write: async delta => {
      deltas.push(delta);
    },
  });
  const ours: number[] = [];
  const probe: number[] = [];
  let count = 0;
  for (const round of rounds) {
    const { milliseconds, tables } = await writeOurs(round.ours, deltas);
    count = tables.reduce((sum, { rows }) => sum + rows.length, 0);
    ours.push(count / (milliseconds / 1000));
    await migrate(round.probe);
    const bare = isPostgres(round.probe)
      ? await writeBarePostgres(round.probe, tables)
      : writeBareSqlite(round.probe, tables);
    probe.push(count / (bare / 1000));
  }
  process.stdout.write(`${JSON.stringify({ rows: count, ours, probe })}\n`);
  process.exit(0);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
