// Full sync of generated landscapes from the simulator into SQLite and PostgreSQL, as a ratio to the limit measured in
// the same minutes (probe.mjs). Rounds are interleaved; the probe's best round and our median count.
//
//   node test/bench/run.mjs [--pods 1000,10000] [--rounds 3] [--databases sqlite,postgres]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../scripts/postgres.mjs';
import {
  freshPostgres,
  median,
  runScript,
  startSimulator,
} from './processes.mjs';

const TARGET = 2.5;

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '3' },
    databases: { type: 'string', default: 'sqlite,postgres' },
  },
});

const seconds = number => number.toFixed(2).padStart(8);

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
const rounds = Number(values.rounds);
const databases = values.databases.split(',');
const postgres = databases.includes('postgres')
  ? await startPostgres()
  : undefined;
const table = [];

for (const pods of values.pods.split(',').map(Number)) {
  const simulator = await startSimulator(pods);
  const { url, token } = simulator;
  const sync = database => runScript('sync.ts', { url, token, database });
  try {
    // The rows that the bare writer inserts are the ones that our own sync writes.
    const rowsFile = path.join(work, `rows-${pods}.sqlite`);
    const { paths } = await sync(rowsFile);
    for (const database of databases) {
      const limits = [];
      const ours = [];
      for (let round = 0; round < rounds; round++) {
        const target =
          database === 'sqlite'
            ? path.join(work, `sync-${pods}-${round}.sqlite`)
            : await freshPostgres(postgres.connectionString);
        ours.push(await sync(target));
        limits.push(
          await runScript('probe.mjs', {
            url,
            token,
            paths,
            rows: rowsFile,
            database: database === 'sqlite' ? 'sqlite' : target,
          }),
        );
        if (database === 'sqlite') {
          fs.rmSync(target);
        }
      }
      const limit = Math.min(...limits.map(({ seconds: s }) => s));
      const took = median(ours.map(({ seconds: s }) => s));
      table.push({
        pods,
        database,
        rows: limits[0].rows,
        limit,
        took,
        ratio: took / limit,
        start: median(ours.map(({ startSeconds }) => startSeconds)),
        idle: median(ours.map(({ idleMegabytes }) => idleMegabytes)),
        peak: median(ours.map(({ peakMegabytes }) => peakMegabytes)),
        p99: median(ours.map(({ loopP99Milliseconds }) => loopP99Milliseconds)),
        longest: median(
          ours.map(({ loopMaxMilliseconds }) => loopMaxMilliseconds),
        ),
      });
    }
  } finally {
    simulator.stop();
  }
}
await postgres?.stop();
fs.rmSync(work, { recursive: true, force: true });

console.log(
  `\nFull sync, median of ${rounds}; limit = best of ${rounds} of a bare reader and a bare writer at once`,
);
console.log(
  '    pods  database       rows   limit s    ours s   ratio   idle MB   peak MB   loop p99 ms   max ms   start s',
);
for (const row of table) {
  console.log(
    [
      String(row.pods).padStart(8),
      ` ${row.database.padEnd(9)}`,
      String(row.rows).padStart(10),
      seconds(row.limit),
      '  ',
      seconds(row.took),
      row.ratio.toFixed(2).padStart(8),
      row.idle.toFixed(0).padStart(10),
      row.peak.toFixed(0).padStart(10),
      row.p99.toFixed(0).padStart(14),
      row.longest.toFixed(0).padStart(9),
      row.start.toFixed(2).padStart(10),
    ].join(''),
  );
}
const missed = table.filter(row => row.ratio > TARGET);
console.log(
  missed.length === 0
    ? `all within ${TARGET} times the limit`
    : `${missed.length} above ${TARGET} times the limit`,
);
process.exit(missed.length === 0 ? 0 : 1);
