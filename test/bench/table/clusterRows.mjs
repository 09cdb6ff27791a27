// The rows that need an API server: first sync, memory, event loop, restart, freshness.
import fs from 'node:fs';
import path from 'node:path';
import {
  dropPostgres,
  freshPostgres,
  median,
  runScript,
  startSimulator,
} from '../processes.mjs';
import {
  atLeast,
  atMost,
  GOALS,
  kilobytes,
  milliseconds,
  seconds,
  times,
} from './goals.mjs';

const SOME_HEAP = ['--max-old-space-size=12000'];
/** More changes than a run of freshness makes. */
const CHANGES = 50_000;

/**
 * @param {{ work: string, connectionString?: string, databases: string[], wants: (name: string) => boolean,
 *   rounds: number, say: (text: string) => void }} bench
 */
export class ClusterRows {
  #bench;
  #names = 0;
  #base = 0;

  constructor(bench) {
    this.#bench = bench;
  }

  /** @returns rows of all sizes, each measured beside a simulator of that size */
  async rows({ sizes, restartAt, freshnessAt, freshnessSeconds }) {
    const { wants, say, attempt } = this.#bench;
    const rows = [];
    const syncs = [];
    const all = new Set([
      ...(wants('sync') || wants('memory') ? sizes : []),
      ...(wants('restart') ? [restartAt] : []),
      ...(wants('freshness') ? [freshnessAt] : []),
    ]);
    for (const pods of [...all].sort((a, b) => a - b)) {
      say(`a simulated cluster of ${pods} pods`);
      const simulator = await startSimulator(pods);
      const cluster = { url: simulator.url, token: simulator.token };
      try {
        if ((wants('sync') || wants('memory')) && sizes.includes(pods)) {
          rows.push(
            ...(await attempt(`first sync of ${pods} pods`, async () => {
              const measured = await this.#sync(cluster, pods);
              syncs.push(measured);
              return measured.rows;
            })),
          );
        }
        if (wants('restart') && pods === restartAt) {
          rows.push(
            ...(await attempt('restart', () => this.#restart(cluster, pods))),
          );
        }
        if (wants('freshness') && pods === freshnessAt) {
          rows.push(
            ...(await attempt('freshness', () =>
              this.#freshness(cluster, pods, freshnessSeconds),
            )),
          );
        }
      } finally {
        simulator.stop();
      }
    }
    return [...rows, ...(wants('sync') ? doubling(syncs) : [])];
  }

  async #fresh(database) {
    const { work, connectionString } = this.#bench;
    return database === 'sqlite'
      ? path.join(work, `${this.#names++}.sqlite`)
      : freshPostgres(connectionString);
  }

  async #drop(database) {
    const { connectionString } = this.#bench;
    if (database.startsWith('postgresql:')) {
      await dropPostgres(connectionString, database);
    } else {
      ['', '-wal', '-shm'].forEach(end =>
        fs.rmSync(database + end, { force: true }),
      );
    }
  }

  async #sync(cluster, pods) {
    const { databases, rounds, wants, say } = this.#bench;
    const rowsFile = await this.#fresh('sqlite');
    const { paths } = await runScript('sync.ts', {
      ...cluster,
      database: rowsFile,
    });
    const ours = { sqlite: [], postgres: [] };
    const limits = { sqlite: [], postgres: [] };
    const informers = [];
    for (let round = 0; round < rounds; round++) {
      for (const database of databases) {
        say(`first sync, ${pods} pods, ${database}, round ${round + 1}`);
        const target = await this.#fresh(database);
        ours[database].push(
          await runScript('sync.ts', { ...cluster, database: target }),
        );
        limits[database].push(
          await runScript(
            'probe.mjs',
            {
              ...cluster,
              paths,
              rows: rowsFile,
              database: database === 'sqlite' ? 'sqlite' : target,
            },
            SOME_HEAP,
          ),
        );
        await this.#drop(target);
      }
      if (wants('sync')) {
        informers.push(
          await runScript(
            'table/informer.mjs',
            { ...cluster, paths },
            SOME_HEAP,
          ),
        );
      }
    }
    await this.#drop(rowsFile);
    return {
      pods,
      took: Object.fromEntries(
        databases.map(name => [
          name,
          median(ours[name].map(each => each.seconds)),
        ]),
      ),
      rows: databases.flatMap(database => [
        ...(wants('sync')
          ? syncRows(
              pods,
              database,
              ours[database],
              limits[database],
              informers,
            )
          : []),
        ...(wants('memory')
          ? memoryRows(pods, database, ours[database], informers)
          : []),
      ]),
    };
  }

  async #restart(cluster, pods) {
    const { databases, rounds, say } = this.#bench;
    const again = { sqlite: [], postgres: [] };
    const starts = { sqlite: [], postgres: [] };
    const first = { sqlite: [], postgres: [] };
    const alone = [];
    const files = {};
    for (const database of databases) {
      files[database] = await this.#fresh(database);
      for (const kept of [true, false]) {
        const target = kept ? files[database] : await this.#fresh(database);
        const sync = await runScript('sync.ts', {
          ...cluster,
          database: target,
        });
        first[database].push(sync);
        starts[database].push(sync.startSeconds);
        if (!kept) {
          await this.#drop(target);
        }
      }
    }
    for (let round = 0; round < rounds; round++) {
      say(`restart, ${pods} pods, round ${round + 1}`);
      for (const database of databases) {
        again[database].push(
          await runScript('sync.ts', {
            ...cluster,
            database: files[database],
          }),
        );
      }
      const { paths } = first[databases[0]][0];
      alone.push(
        await runScript('table/listAndParse.mjs', { ...cluster, paths }),
      );
    }
    await Promise.all(databases.map(name => this.#drop(files[name])));
    const limit = Math.min(...alone.map(each => each.seconds));
    return databases.flatMap(database => {
      // Loading what is stored is before the first request; the worker's code, which a first sync loads too, is not ours.
      const start = Math.min(...starts[database]);
      const took = median(
        again[database].map(each => each.seconds + each.startSeconds - start),
      );
      const written = median(again[database].map(each => each.rowsWritten));
      const { nodes, edges } = first[database][0];
      const at = `${pods} pods, ${database}`;
      return [
        atMost(
          {
            what: 'restart on an unchanged cluster / list and parse alone',
            at,
            measured: seconds(took),
            probe: seconds(limit),
          },
          took / limit,
          GOALS.restart,
          'x',
        ),
        atMost(
          {
            what: 'rows written by it',
            at,
            measured: `${written} of ${nodes + edges}`,
          },
          (written / (nodes + edges)) * 100,
          GOALS.restartRows * 100,
          '%',
        ),
      ];
    });
  }

  async #freshness(cluster, pods, duration) {
    const { databases, say } = this.#bench;
    const rows = [];
    for (const database of databases) {
      say(`freshness, ${pods} pods, ${database}`);
      const measure = async script => {
        const target = await this.#fresh(database);
        const measured = await runScript(script, {
          ...cluster,
          rate: 500,
          seconds: duration,
          base: this.#base,
          database: target,
        });
        this.#base += CHANGES;
        await this.#drop(target);
        return measured;
      };
      const ours = await measure('table/freshness.ts');
      const limit = await measure('table/freshnessProbe.ts');
      const at = `${Math.round(
        ours.rate,
      )} events/s for ${duration} s, ${pods} pods, ${database}`;
      const [early, late] = ours.thirds;
      rows.push(
        atMost(
          {
            what: 'freshness: answer of the API server → committed row, p95',
            at,
            measured: milliseconds(ours.p95),
            probe: milliseconds(limit.p95),
            number: times(ours.p95 / limit.p95),
          },
          ours.p95,
          GOALS.freshness,
          'ms',
        ),
        {
          what: 'no growing queue: p95 of the first → the last third',
          at,
          measured: `${milliseconds(early)} → ${milliseconds(late)}`,
          target: '≤ 2 × of the first',
          isMet: late <= Math.max(2 * early, GOALS.freshness),
        },
      );
    }
    return rows;
  }
}

function syncRows(pods, database, ours, limits, informers) {
  const at = `${pods} pods, ${database}`;
  const took = median(ours.map(each => each.seconds));
  const limit = Math.min(...limits.map(each => each.seconds));
  const informer = Math.min(...informers.map(each => each.seconds));
  const loop = what => median(ours.map(each => each[what]));
  return [
    atMost(
      {
        what: 'first sync / bare reader and writer',
        at,
        measured: seconds(took),
        probe: seconds(limit),
      },
      took / limit,
      GOALS.sync[database],
      'x',
    ),
    atLeast(
      {
        what: 'informers of client-node / first sync',
        at,
        measured: seconds(took),
        probe: seconds(informer),
      },
      informer / took,
      GOALS.informer,
      'x',
    ),
    atMost(
      {
        what: 'main thread while syncing, p99',
        at,
        measured: milliseconds(loop('loopP99Milliseconds')),
      },
      loop('loopP99Milliseconds'),
      GOALS.loopP99,
      'ms',
    ),
    atMost(
      {
        what: 'main thread while syncing, longest',
        at,
        measured: milliseconds(loop('loopMaxMilliseconds')),
      },
      loop('loopMaxMilliseconds'),
      GOALS.loopMax,
      'ms',
    ),
  ];
}

function memoryRows(pods, database, ours, informers) {
  const at = `${pods} pods, ${database}`;
  const of = read => median(ours.map(read));
  const peak =
    (of(each => each.peakMegabytes - each.idleMegabytes) * 1024) / pods;
  const kept = of(
    each =>
      ((each.kept.residentMegabytes - each.loadedMegabytes) * 1024) /
      each.nodes,
  );
  const heap = of(each => each.kept.workerHeapMegabytes);
  const informer = informers.length
    ? Math.min(
        ...informers.map(each => each.peakMegabytes - each.idleMegabytes),
      )
    : undefined;
  return [
    atMost(
      {
        what: 'peak memory above idle, a pod',
        at,
        measured: kilobytes(peak),
        ...(informer && {
          probe: `${kilobytes((informer * 1024) / pods)} (informers)`,
        }),
        number: `${of(each => each.peakMegabytes).toFixed(0)} MB in all`,
      },
      peak,
      GOALS.kilobytesAPod,
      'KB',
    ),
    atMost(
      {
        what: 'memory kept after garbage collection, a node of the graph',
        at,
        measured: kilobytes(kept),
        number: `worker’s heap ${heap.toFixed(0)} MB`,
      },
      kept,
      GOALS.kilobytesAnObject,
      'KB',
    ),
  ];
}

/** From each size to the next one, as if that were twice the size. */
function doubling(syncs) {
  return syncs.slice(1).flatMap(({ pods, took }, nth) => {
    const before = syncs[nth];
    return Object.keys(took).map(database => {
      const factor =
        (took[database] / before.took[database]) **
        (1 / Math.log2(pods / before.pods));
      return atMost(
        {
          what: 'first sync when the pods double',
          at: `${before.pods} → ${pods} pods, ${database}`,
          measured: `${seconds(before.took[database])} → ${seconds(
            took[database],
          )}`,
        },
        factor,
        GOALS.doubling,
        'x',
      );
    });
  });
}
