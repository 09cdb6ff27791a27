// The rows that need no API server: events, write path, reads now and then, disk.
import path from 'node:path';
import {
  dropPostgres,
  freshPostgres,
  median,
  runScript,
} from '../processes.mjs';
import {
  atLeast,
  atMost,
  GOALS,
  kilobytes,
  milliseconds,
  perSecond,
  times,
} from './goals.mjs';

const SOME_HEAP = ['--max-old-space-size=8000'];

/** @param bench as for `ClusterRows` */
export class StoreRows {
  #bench;
  #names = 0;

  constructor(bench) {
    this.#bench = bench;
  }

  async rows({ pods, writeAt, readsAt }) {
    const { wants, databases, attempt } = this.#bench;
    const rows = [];
    if (wants('events')) {
      rows.push(...(await attempt('events', () => this.#events(pods))));
    }
    if (wants('write')) {
      for (const database of databases) {
        rows.push(
          ...(await attempt('write path', async () => [
            await this.#write(database, writeAt),
          ])),
        );
      }
    }
    if (['neighbours', 'views', 'past', 'disk'].some(wants)) {
      for (const database of databases) {
        rows.push(
          ...(await attempt('reads', () => this.#reads(database, readsAt))),
        );
      }
    }
    return rows;
  }

  async #fresh(database) {
    const { work, connectionString } = this.#bench;
    return database === 'sqlite'
      ? path.join(work, `store-${this.#names++}.sqlite`)
      : freshPostgres(connectionString);
  }

  async #drop(...databases) {
    for (const database of databases) {
      if (database.startsWith('postgresql:')) {
        await dropPostgres(this.#bench.connectionString, database);
      }
    }
  }

  async #events(pods) {
    const { databases, rounds, connectionString, say } = this.#bench;
    const rows = [];
    let sqlite;
    for (const database of databases) {
      say(`events, ${pods} pods, ${database}`);
      const target = await this.#fresh(database);
      const probe =
        database === 'sqlite' ? await this.#fresh(database) : `${target}_probe`;
      const measured = await runScript(
        'table/events.ts',
        {
          pods,
          events: 5000,
          rounds,
          database: target,
          probe,
          administration: connectionString,
        },
        SOME_HEAP,
      );
      await this.#drop(probe, target);
      const ours = median(measured.ours);
      const written = median(measured.writes);
      const limit = Math.max(...measured.probe);
      const at = `${pods} pods, 100 a transaction, ${measured.rowsAnEvent.toFixed(
        1,
      )} rows an event, ${database}`;
      const row = {
        what: 'pod events with history, object → committed, one thread',
        at,
        measured: perSecond(ours),
        probe: `${perSecond(limit)} (rows alone)`,
        number: times(ours / limit),
      };
      if (database === 'sqlite') {
        sqlite = ours;
        rows.push(atLeast(row, ours, GOALS.events.sqlite, 'events/s'));
      } else if (sqlite === undefined) {
        rows.push(row);
      } else {
        rows.push({
          ...atLeast(row, ours / sqlite, GOALS.events.postgres, 'of SQLite'),
          number: `${times(ours / limit)}, ${times(ours / sqlite)} SQLite`,
        });
      }
      rows.push({
        what: 'of it the store alone: upsert and version',
        at,
        measured: perSecond(written),
        probe: perSecond(limit),
        number: times(written / limit),
      });
    }
    return rows;
  }

  async #write(database, pods) {
    const { rounds, say } = this.#bench;
    say(`write path, ${pods} pods, ${database}`);
    const targets = [];
    for (let round = 0; round < rounds; round++) {
      targets.push({
        ours: await this.#fresh(database),
        probe: await this.#fresh(database),
      });
    }
    const measured = await runScript(
      'table/writePath.ts',
      { pods, rounds: targets },
      SOME_HEAP,
    );
    await this.#drop(...targets.flatMap(({ ours, probe }) => [ours, probe]));
    const ours = median(measured.ours);
    const limit = Math.max(...measured.probe);
    return atLeast(
      {
        what: `write path / ${
          database === 'sqlite' ? 'raw prepared statements' : 'COPY'
        }`,
        at: `${measured.rows} new rows, ${database}`,
        measured: perSecond(ours),
        probe: perSecond(limit),
      },
      ours / limit,
      GOALS.write[database],
      'x',
    );
  }

  async #reads(database, sizes) {
    const { rounds, wants, say } = this.#bench;
    const measured = new Map();
    for (const pods of sizes) {
      say(`reads, ${pods} pods, ${database}`);
      const target = await this.#fresh(database);
      measured.set(
        pods,
        await runScript(
          'table/reads.ts',
          { pods, rounds, database: target },
          SOME_HEAP,
        ),
      );
      await this.#drop(target);
    }
    const [small, large] = [sizes[0], sizes.at(-1)];
    const at = `${large} pods, ${database}`;
    const { reads, bytesAPod } = measured.get(large);
    const rows = [];
    const add = (name, what, part, goal) => {
      const read = reads[name];
      rows.push(
        atMost(
          {
            what: `${what}, ${part}`,
            at: `${read.rows} rows, ${at}`,
            measured: milliseconds(read[part]),
            ...(read.probe && {
              probe: milliseconds(read.probe[part]),
              number: times(read[part] / read.probe[part]),
            }),
          },
          read[part],
          goal,
          'ms',
        ),
      );
    };
    if (wants('neighbours')) {
      for (const name of [
        'neighbours by name and type',
        'neighbours of a key (the side panel)',
      ]) {
        add(name, name, 'p50', GOALS.neighbours[database]);
        const before = measured.get(small).reads[name].p50;
        rows.push(
          atMost(
            {
              what: `${name}, growth`,
              at: `${small} → ${large} pods, ${database}`,
              measured: `${milliseconds(before)} → ${milliseconds(
                reads[name].p50,
              )}`,
            },
            reads[name].p50 / before,
            GOALS.growth[database],
            'x',
          ),
        );
      }
    }
    if (wants('views')) {
      for (const [name, goal] of [
        ['namespace view', GOALS.namespace],
        ['namespace as a picture (400 drawn)', GOALS.namespace],
        ['dependent pods of a secret', GOALS.dependents],
        ['dependent pods, all documents (query)', GOALS.dependents],
      ]) {
        add(name, name, 'p95', goal[database]);
      }
    }
    if (wants('past')) {
      for (const [name, { p50, past }] of Object.entries(reads)) {
        rows.push(
          atMost(
            {
              what: `${name}, at a past time / now`,
              at,
              measured: milliseconds(past.p50),
              probe: milliseconds(p50),
            },
            past.p50 / p50,
            GOALS.past,
            'x',
          ),
        );
      }
    }
    if (wants('disk')) {
      rows.push(
        atMost(
          {
            what: 'disk, a pod, all included',
            at,
            measured: kilobytes(bytesAPod / 1024),
          },
          bytesAPod / 1024,
          GOALS.kilobytesOnDisk,
          'KB',
        ),
      );
    }
    return rows;
  }
}
