import { setTimeout as delay } from 'node:timers/promises';
import {
  ClusterState,
  KindCatalog,
  KindCatalogData,
  loadRules,
  loadShippedRules,
  Logger,
  openSqlite,
  progressText,
  TopologyEngine,
} from '@kubernetes-topology/engine';
import type { Knex } from 'knex';
import { engineSource } from './engineSource';
import { EngineTime } from './engineTime';
import { Failure, messageOf, usageFailure } from './failure';
import { firstLists } from './firstLists';
import { unlessAborted } from './interrupt';
import { ProgressLine } from './progressLine';
import { ClusterSource, FileSource, ReadingOptions } from './source';
import { assertSqliteFile } from './sqliteFile';

/** SQLite's name for a file of its own that is gone when it is closed, however the process ends. */
const TEMPORARY = '';
/** How long a cluster may not answer before nobody waits for it any more. Milliseconds. */
const LONGEST_OUTAGE = 5_000;

/** The engine for one cluster or files, in this process. */
export class EngineRun {
  readonly engine: TopologyEngine;
  readonly knex: Knex;
  readonly time: EngineTime;
  /** Its name. */
  readonly cluster: string;
  readonly #reading: ReadingOptions;
  readonly #signal: AbortSignal;
  /** Files that are wrong stay wrong. Milliseconds. */
  readonly #longestOutage: number;

  /** @throws Failure when the source cannot be found, or the database not be used */
  static async create(
    source: ClusterSource | FileSource,
    reading: ReadingOptions,
    signal: AbortSignal,
  ): Promise<EngineRun> {
    const catalog = await catalogOf(reading);
    const line = new ProgressLine(process.stderr, reading.progress);
    if (source.from === 'files') {
      line.show(`reading ${source.path}`);
    }
    const followed = await unlessAborted(
      signal,
      engineSource(source, KindCatalog.create(catalog)),
    ).finally(() => line.end());
    if (reading.database !== undefined) {
      await assertSqliteFile(reading.database, { mustExist: false });
    }
    const knex = openSqlite(reading.database ?? TEMPORARY);
    try {
      const time = EngineTime.create(followed, reading.now);
      const engine = await TopologyEngine.create({
        knex,
        clusters: [followed],
        catalog,
        logger: logger(reading.verbose),
        ...(time.isFixed && { now: () => time.now() }),
        ...(reading.rows !== undefined && { bounds: { rows: reading.rows } }),
      });
      await assertOwn(engine, followed.name, reading.database);
      signal.throwIfAborted();
      time.notBefore(await engine.clusters());
      return new EngineRun(
        { engine, knex, time, cluster: followed.name },
        source.from === 'files' ? 0 : LONGEST_OUTAGE,
        reading,
        signal,
      );
    } catch (error) {
      await knex.destroy();
      throw error instanceof Failure || signal.aborted
        ? error
        : databaseFailure(error, reading.database);
    }
  }

  private constructor(
    {
      engine,
      knex,
      time,
      cluster,
    }: Pick<EngineRun, 'engine' | 'knex' | 'time' | 'cluster'>,
    longestOutage: number,
    reading: ReadingOptions,
    signal: AbortSignal,
  ) {
    this.engine = engine;
    this.knex = knex;
    this.time = time;
    this.cluster = cluster;
    this.#longestOutage = longestOutage;
    this.#reading = reading;
    this.#signal = signal;
  }

  /**
   * Begins to read. Resolves when the first lists are through, or when the cluster is `failing` for good.
   *
   * @throws Failure, Interrupted
   */
  async firstLists(): Promise<ClusterState> {
    const { progress, timeout } = this.#reading;
    const line = new ProgressLine(process.stderr, progress);
    const since = this.time.now();
    this.engine.start();
    try {
      return await firstLists({
        read: () => this.state(),
        since,
        timeout,
        longestOutage: this.#longestOutage,
        onState: state => line.show(`${this.cluster}: ${stateText(state)}`),
        now: () => Date.now(),
        sleep: milliseconds => this.#sleep(milliseconds),
      });
    } finally {
      line.end();
    }
  }

  async state(): Promise<ClusterState | undefined> {
    const states = await this.engine.clusters();
    return states.find(({ name }) => name === this.cluster);
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.knex.destroy();
  }

  async #sleep(milliseconds: number): Promise<void> {
    const signal = this.#signal;
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

async function catalogOf({ rules }: ReadingOptions): Promise<KindCatalogData> {
  try {
    const own = await Promise.all(rules.map(folder => loadRules(folder)));
    return { rules: [...(await loadShippedRules()), ...own.flat()] };
  } catch (error) {
    throw usageFailure(`--rules: ${messageOf(error)}`);
  }
}

/** Of a cluster that nobody follows any more the engine would say that it is to be removed. */
async function assertOwn(
  engine: TopologyEngine,
  cluster: string,
  database: string | undefined,
): Promise<void> {
  const others = (await engine.clusters())
    .map(({ name }) => name)
    .filter(name => name !== cluster);
  if (others.length > 0) {
    throw usageFailure(
      `${database} holds ${others.join(
        ', ',
      )}, not ${cluster}; give each cluster a file of its own with --database, or name it with --cluster`,
    );
  }
}

function databaseFailure(error: unknown, file: string | undefined): Failure {
  return usageFailure(
    `${file ?? 'the temporary database'} cannot be used: ${messageOf(
      error,
    )}; give --database a file that this version of the command wrote, or a new one`,
  );
}

function stateText(state: ClusterState | undefined): string {
  if (!state) {
    return 'connecting';
  }
  if (state.state === 'failing') {
    return `trying again: ${state.message}`;
  }
  return state.progress ? progressText(state.progress) : state.state;
}

/** Warnings are about kinds; these are told when the lists are through. */
function logger(isVerbose: boolean): Logger {
  const tell: Logger['error'] = (message, fields = {}) => {
    const details = Object.entries(fields)
      .map(([name, value]) => ` ${name}=${value}`)
      .join('');
    process.stderr.write(`kube-topology: ${message}${details}\n`);
  };
  const tellIfVerbose: Logger['error'] = isVerbose ? tell : () => undefined;
  return {
    error: tell,
    warn: tellIfVerbose,
    info: tellIfVerbose,
    debug: tellIfVerbose,
  };
}
