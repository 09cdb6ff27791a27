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

/** What storms rage in: a cluster, a database, and the engine's process between them. */
export class Arena {
  readonly simulator: ClusterSimulator;
  /** A connection of our own, to look. */
  readonly knex: Knex;
  readonly postgres: OwnPostgres | undefined;
  readonly #folder: string;
  readonly #database: Database;
  #engine: EngineProcess;
  /** The next one, which loads its code meanwhile. */
  #spare: EngineProcess | undefined;
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
    const engine = EngineProcess.load();
    const folder = mkdtempSync(path.join(tmpdir(), 'faults-'));
    const postgres =
      kind === 'postgres' ? await OwnPostgres.start() : undefined;
    const simulator = await ClusterSimulator.start({
      objects: landscape(),
      controllers: true,
      speed: 60,
      random,
      bookmarkSeconds: 1,
    });
    const database: Database = postgres
      ? { postgres: postgres.connectionString }
      : { sqlite: path.join(folder, 'topology.sqlite') };
    const arena = new Arena(folder, database, simulator, engine, postgres);
    await engine.start(simulator.url, database);
    return arena;
  }

  private constructor(
    folder: string,
    database: Database,
    simulator: ClusterSimulator,
    engine: EngineProcess,
    postgres: OwnPostgres | undefined,
  ) {
    this.simulator = simulator;
    this.postgres = postgres;
    this.#folder = folder;
    this.#database = database;
    this.#engine = engine;
    this.#backup = simulator.backUp();
    this.knex = connect(database);
  }

  get logs(): readonly string[] {
    return this.#engine.logs;
  }

  /** The least and the most that the present engine's clock was ahead, in milliseconds. */
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
    this.#engine.say({ type: 'setClock', skew });
  }

  /** @param lasting milliseconds */
  takeServerAway(lasting: number, watches: 'cut' | 'silent'): void {
    const { faults } = this.simulator;
    this.#outage = this.#outage.then(() => faults.goAway(lasting, { watches }));
  }

  restartServer(lasting: number, state: 'same' | 'older'): void {
    const { faults } = this.simulator;
    this.#outage = this.#outage.then(() =>
      state === 'same'
        ? faults.restart(lasting)
        : faults.restore(this.#backup, lasting),
    );
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
  killEngine(statements: number | undefined): void {
    this.#spare ??= EngineProcess.load();
    if (statements === undefined) {
      this.#engine.signal('SIGKILL');
    } else {
      this.#engine.say({ type: 'killWithinBatch', statements });
    }
  }

  /** A process that gets no processor for a while, and does not know it. */
  freezeEngine(lasting: number): void {
    const engine = this.#engine;
    engine.signal('SIGSTOP');
    this.later(lasting, () => engine.signal('SIGCONT'));
  }

  later(milliseconds: number, action: () => void): void {
    this.#timers.push(sleep(milliseconds).then(action));
  }

  /** Until nothing is broken any more that a storm broke, and the engine runs, by the right clock. */
  async repair(): Promise<void> {
    await Promise.all(this.#timers.splice(0));
    await Promise.all([this.#outage, this.#failure]);
    this.simulator.faults.clear();
    this.#engine.say({ type: 'setClock', skew: 0 });
    await this.revive();
  }

  /** Starts a new process where the former one has ended, as Kubernetes would. */
  async revive(): Promise<void> {
    if (!this.#engine.isAlive) {
      const next = this.#spare ?? EngineProcess.load();
      this.#spare = undefined;
      next.logs.push(...this.#engine.logs, 'the engine was killed');
      this.#engine = next;
      this.#skew = { least: 0, most: 0 };
      await next.start(this.simulator.url, this.#database);
    }
  }

  async stop(): Promise<void> {
    for (const engine of [this.#engine, this.#spare]) {
      engine?.signal('SIGKILL');
      await engine?.ended;
    }
    await this.knex.destroy();
    await this.simulator.stop();
    await this.postgres?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
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
