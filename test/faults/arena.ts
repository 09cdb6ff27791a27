import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Backup,
  ClusterSimulator,
} from '@kubernetes-topology/cluster-simulator';
import { openSqlite } from '@kubernetes-topology/engine';
import SqliteDatabase from 'better-sqlite3';
import knexFactory, { Knex } from 'knex';
import { EngineProcess } from './engineProcess';
import { landscape } from './landscape';
import { Database } from './messages';
import { OwnPostgres } from './postgres';

const REPLICAS = { sqlite: 1, postgres: 2 };

/** What storms rage in: a cluster, a database, and the engine's process between them. */
export class Arena {
  readonly simulator: ClusterSimulator;
  /** A connection of our own, to look. */
  readonly knex: Knex;
  readonly postgres: OwnPostgres | undefined;
  readonly #folder: string;
  readonly #database: Database;
  /** One for a file; two replicas share a PostgreSQL. */
  readonly #engines: EngineProcess[];
  #backup: Backup;
  #skew = { least: 0, most: 0 };
  /** Outages of the API server, one after another; and of the database. */
  #outage: Promise<void> = Promise.resolve();
  #failure: Promise<void> = Promise.resolve();
  #timers: Promise<void>[] = [];

  static async start(
    kind: 'sqlite' | 'postgres',
    random: () => number,
  ): Promise<Arena> {
    const engines = Array.from({ length: REPLICAS[kind] }, EngineProcess.load);
    const folder = mkdtempSync(path.join(tmpdir(), 'faults-'));
    const postgres =
      kind === 'postgres' ? await OwnPostgres.start() : undefined;
    const simulator = await ClusterSimulator.start({
      objects: landscape(),
      controllers: true,
      speed: 60,
      // One that streams lists, and one that does not.
      minorVersion: kind === 'postgres' ? 34 : 31,
      random,
      bookmarkSeconds: 1,
    });
    const database: Database = postgres
      ? { postgres: postgres.connectionString }
      : { sqlite: path.join(folder, 'topology.sqlite') };
    const arena = new Arena(folder, database, simulator, engines, postgres);
    for (const engine of engines) {
      await engine.start(simulator.url, database);
    }
    return arena;
  }

  private constructor(
    folder: string,
    database: Database,
    simulator: ClusterSimulator,
    engines: EngineProcess[],
    postgres: OwnPostgres | undefined,
  ) {
    this.simulator = simulator;
    this.postgres = postgres;
    this.#folder = folder;
    this.#database = database;
    this.#engines = engines;
    this.#backup = simulator.backUp();
    this.knex = connect(database);
  }

  get logs(): readonly string[] {
    return this.#engines.flatMap(({ logs }) => logs).sort();
  }

  /** The least and the most that an engine's clock was ahead, in milliseconds. */
  get skew(): { readonly least: number; readonly most: number } {
    return this.#skew;
  }

  /** For the next time that the API server comes back with an older version. */
  backUp(): void {
    this.#backup = this.simulator.backUp();
  }

  setClock(skew: number): void {
    const { least, most } = this.#skew;
    this.#skew = { least: Math.min(least, skew), most: Math.max(most, skew) };
    this.#engines.forEach(engine => engine.say({ type: 'setClock', skew }));
  }

  /** @param lasting milliseconds */
  takeServerAway(lasting: number, watches: 'cut' | 'silent'): void {
    const { faults } = this.simulator;
    this.#outage = this.#outage.then(() => faults.goAway(lasting, { watches }));
  }

  restartServer(lasting: number, state: 'same' | 'older'): void {
    const { faults } = this.simulator;
    this.#outage = this.#outage.then(async () => {
      if (state === 'same') {
        await faults.restart(lasting);
      } else {
        await faults.restore(this.#backup, lasting);
        // What was restored is not restored again: two pasts with the same versions could not be told apart.
        this.backUp();
      }
    });
  }

  /** Another process locks the file; or the server ends all connections, again and again. */
  disturbDatabase(lasting: number): void {
    this.#failure = this.#failure.then(() =>
      'sqlite' in this.#database
        ? lock(this.#database.sqlite, lasting)
        : this.#cutConnections(lasting),
    );
  }

  restartDatabase(lasting: number): void {
    this.#failure = this.#failure.then(() => this.postgres?.restart(lasting));
  }

  /** @param statements so many into a transaction; without it, wherever it is */
  killEngine(replica: number, statements: number | undefined): void {
    const engine = this.#replica(replica);
    if (statements === undefined) {
      engine.signal('SIGKILL');
    } else {
      engine.say({ type: 'killWithinBatch', statements });
    }
  }

  /** A process that gets no processor for a while, and does not know it. */
  freezeEngine(replica: number, lasting: number): void {
    const engine = this.#replica(replica);
    engine.signal('SIGSTOP');
    this.later(lasting, () => engine.signal('SIGCONT'));
  }

  /** Somebody else has the lease for a while, under a new fencing number, and does nothing with it. */
  stealLease(lasting: number): void {
    this.#failure = this.#failure.then(() =>
      this.knex
        .transaction(async trx => {
          await trx('id_blocks')
            .where({ name: 'fencing' })
            .increment('next', 1);
          const [{ next }] = await trx('id_blocks')
            .where({ name: 'fencing' })
            .select('next');
          await trx('cluster_leases').update({
            holder: 'thief',
            fencing: Number(next) - 1,
            expires_at: Date.now() + lasting,
          });
        })
        .catch(() => undefined),
    );
  }

  later(milliseconds: number, action: () => void): void {
    this.#timers.push(sleep(milliseconds).then(action));
  }

  /** Until nothing is broken any more that a storm broke, and the engine runs, by the right clock. */
  async repair(): Promise<void> {
    await Promise.all(this.#timers.splice(0));
    await Promise.all([this.#outage, this.#failure]);
    this.simulator.faults.clear();
    this.#engines.forEach(engine => engine.say({ type: 'setClock', skew: 0 }));
    await this.revive();
  }

  /** Starts a new process where one has ended, as Kubernetes would. */
  async revive(): Promise<void> {
    for (const [nth, engine] of this.#engines.entries()) {
      if (!engine.isAlive) {
        const next = EngineProcess.load();
        next.logs.push(...engine.logs);
        this.#engines[nth] = next;
        await next.start(this.simulator.url, this.#database);
      }
    }
  }

  /** What an operator is told who asks a replica whether the database is right. */
  async verify(): Promise<string[]> {
    const { least, most } = this.#skew;
    return this.#engines[0].verify(least === 0 && most === 0);
  }

  async stop(): Promise<void> {
    for (const engine of this.#engines) {
      engine.signal('SIGKILL');
      await engine.ended;
    }
    await this.knex.destroy();
    await this.simulator.stop();
    await this.postgres?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #replica(nth: number): EngineProcess {
    return this.#engines[nth % this.#engines.length];
  }

  async #cutConnections(lasting: number): Promise<void> {
    const end = Date.now() + lasting;
    do {
      await this.knex
        .raw(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        )
        .catch(() => undefined);
      await sleep(30);
    } while (Date.now() < end);
  }
}

function connect(database: Database): Knex {
  if ('sqlite' in database) {
    return openSqlite(database.sqlite);
  }
  return knexFactory({
    client: 'pg',
    connection: database.postgres,
    // No connection outlives a look: those that idle are cut off with the rest.
    pool: { min: 0, max: 2 },
  });
}

async function lock(file: string, lasting: number): Promise<void> {
  const other = new SqliteDatabase(file, { timeout: 5_000 });
  try {
    other.exec('BEGIN IMMEDIATE');
    await sleep(lasting);
    other.exec('ROLLBACK');
  } finally {
    other.close();
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, Math.max(milliseconds, 0)));
}
