// The table of goals (`docs/performance.md`): each row measured beside its probe in the same run, in interleaved rounds;
// the best of the probe and the median of ours count. Says what is met and what is missed, and enforces nothing: fails only
// when something could not be measured.
//
//   node test/bench/table.mjs [--only sync,memory,restart,events,freshness,write,neighbours,views,past,disk]
//     [--pods 10000] [--rounds 3] [--databases sqlite,postgres] [--long]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../scripts/postgres.mjs';
import { root } from '../../scripts/toolchain.mjs';
import { ClusterRows } from './table/clusterRows.mjs';
import { printTable } from './table/goals.mjs';
import { StoreRows } from './table/storeRows.mjs';

const NAMES = [
  'sync',
  'memory',
  'restart',
  'events',
  'freshness',
  'write',
  'neighbours',
  'views',
  'past',
  'disk',
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pods: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    databases: { type: 'string', default: 'sqlite,postgres' },
    long: { type: 'boolean', default: false },
  },
});

const only = values.only?.split(',') ?? NAMES;
const unknown = only.filter(name => !NAMES.includes(name));
if (unknown.length > 0) {
  console.error(`--only takes ${NAMES.join(', ')}, not ${unknown.join(', ')}`);
  process.exit(1);
}
const pods = Number(values.pods);
const databases = values.databases.split(',');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-table-'));
const postgres = databases.includes('postgres')
  ? await startPostgres()
  : undefined;
const bench = {
  work,
  connectionString: postgres?.connectionString,
  databases,
  wants: name => only.includes(name),
  rounds: Number(values.rounds),
  say: text => console.error(`… ${text}`),
  attempt,
};

let failures = 0;

/** What cannot be measured is a row that says so; the others are measured all the same. */
async function attempt(what, measure) {
  try {
    return await measure();
  } catch (error) {
    failures++;
    console.error(error);
    return [{ what, at: '', measured: error.message, failed: true }];
  }
}

const rows = [];
const parts = [
  () =>
    new ClusterRows(bench).rows({
      sizes: values.long ? [50_000, 100_000, 150_000] : [pods / 2, pods],
      restartAt: pods,
      freshnessAt: pods,
      freshnessSeconds: values.long ? 60 : 10,
    }),
  () =>
    new StoreRows(bench).rows({
      pods,
      writeAt: pods,
      readsAt: [1000, values.long ? 100_000 : pods],
    }),
];
try {
  for (const part of parts) {
    rows.push(...(await part()));
  }
} finally {
  await postgres?.stop();
  fs.rmSync(work, { recursive: true, force: true });
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
  cwd: root,
})
  .toString()
  .trim();
console.log(
  `\n${new Date().toISOString().slice(0, 16)}Z, commit ${commit}, Node ${
    process.versions.node
  }, ${os.cpus().length} × ${os.cpus()[0].model}, load average ${os
    .loadavg()
    .map(load => load.toFixed(1))
    .join(' ')}; median of ${bench.rounds}, probe best of ${bench.rounds}\n`,
);
printTable(rows);
const judged = rows.filter(row => row.isMet !== undefined);
console.log(
  `\n${judged.filter(row => row.isMet).length} of ${judged.length} goals met`,
);
process.exit(failures === 0 ? 0 : 1);
