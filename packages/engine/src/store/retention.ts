import { Knex } from 'knex';
import { setImmediate } from 'timers/promises';
import { Clock } from '../cluster/clock';
import { Logger } from '../cluster/logger';
import { selectRows } from './sqlDialect';

/** How much of the past is kept. */
export interface HistoryLimits {
  /** Milliseconds. */
  maxAge: number;
  /** Closed versions of nodes, and as many of edges: about 1.5 KB and 0.15 KB each. */
  maxVersions: number;
}

export const defaultHistoryLimits: HistoryLimits = {
  maxAge: 7 * 24 * 60 * 60 * 1000,
  maxVersions: 20_000_000,
};

export interface RetentionOptions {
  knex: Knex;
  clock: Clock;
  logger: Logger;
  limits?: Partial<HistoryLimits>;
  /** Milliseconds between two looks. Default: a minute. */
  every?: number;
}

export interface Pruned {
  nodes: number;
  edges: number;
  revisions: number;
}

/** A step takes about so long, in milliseconds: SQLite answers nobody else meanwhile. */
const STEP = 8;
/** The pause after a step, in parts of what it took: others come first. */
const PAUSE = 3;
const LEAST_ROWS = 100;
const MOST_ROWS = 5_000;
/** Whatever their age: numbers that others may still ask for. */
const REVISIONS_KEPT = 100_000;

/** A table that grows at its end. */
interface Log {
  table: string;
  /** In the order of writing. */
  order: string;
  time: string;
}

const NODES: Log = {
  table: 'node_versions',
  order: 'version',
  time: 'valid_to',
};
const EDGES: Log = { ...NODES, table: 'edge_versions' };
const REVISIONS: Log = { table: 'revisions', order: 'id', time: 'at' };

/** Takes what is older or more than is to be kept off the log, a little at a time. */
export class HistoryRetention {
  readonly #options: RetentionOptions;
  readonly #limits: HistoryLimits;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#limits = { ...defaultHistoryLimits, ...options.limits };
  }

  /** Until the signal is aborted. A failure is logged, and tried again next time. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, every = 60_000 } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(every, signal);
      if (!signal.aborted) {
        await this.prune(signal).catch(error => {
          logger.warn(`The history could not be shortened: ${error}`);
        });
      }
    }
  }

  /** Once, to the end. Several processes may do so at a time. */
  async prune(signal: AbortSignal): Promise<Pruned> {
    const { knex, clock } = this.#options;
    const since = Math.max(
      clock.now() - this.#limits.maxAge,
      ...(await Promise.all([NODES, EDGES].map(log => this.#lastBeyond(log)))),
    );
    // Said before it is done: a read of a time that is on its way out is refused, and never answered in part.
    await knex('history')
      .where('since', '<', since)
      .update({ since: Math.trunc(since) });
    await knex('incidents')
      .where('resolved_at', '<=', Math.trunc(since))
      .delete();
    const newest = await this.#newest(REVISIONS);
    return {
      nodes: await this.#shorten(NODES, signal, row => row.time <= since),
      edges: await this.#shorten(EDGES, signal, row => row.time <= since),
      revisions: await this.#shorten(
        REVISIONS,
        signal,
        row =>
          row.place <= newest - REVISIONS_KEPT ||
          (row.time <= since && row.place < newest),
      ),
    };
  }

  /** When the newest version ended of those that are too many; -Infinity when there are none. */
  async #lastBeyond(log: Log): Promise<number> {
    const beyond = (await this.#newest(log)) - this.#limits.maxVersions;
    const [row] = await selectRows<{ time: number | string }>(
      this.#options.knex,
      `SELECT ${log.time} AS time FROM ${log.table}
       WHERE ${log.order} <= CAST(? AS bigint) ORDER BY ${log.order} DESC LIMIT 1`,
      [beyond],
    );
    return row ? Number(row.time) : -Infinity;
  }

  async #newest({ table, order }: Log): Promise<number> {
    const [row] = await selectRows<{ newest: number | string | null }>(
      this.#options.knex,
      `SELECT MAX(${order}) AS newest FROM ${table}`,
    );
    return Number(row.newest ?? 0);
  }

  /**
   * From the beginning of the log on, until nothing goes any more. Clusters' clocks differ, so that rows may be a little
   * out of order: those that stay are passed over.
   */
  async #shorten(
    log: Log,
    signal: AbortSignal,
    goes: (row: { place: number; time: number }) => boolean,
  ): Promise<number> {
    const { knex, clock } = this.#options;
    const { table, order, time } = log;
    let rows = LEAST_ROWS;
    let last = -1;
    let count = 0;
    while (!signal.aborted) {
      const startedAt = clock.now();
      const head = await selectRows<{
        place: number | string;
        time: number | string;
      }>(
        knex,
        `SELECT ${order} AS place, ${time} AS time FROM ${table}
         WHERE ${order} > CAST(? AS bigint) ORDER BY ${order} LIMIT ?`,
        [last, rows],
      );
      const gone = head
        .map(row => ({ place: Number(row.place), time: Number(row.time) }))
        .filter(goes);
      if (gone.length === 0) {
        break;
      }
      last = Number(head[head.length - 1].place);
      await removePlaces(
        knex,
        log,
        gone.map(({ place }) => place),
      );
      count += gone.length;
      const took = clock.now() - startedAt;
      if (took > STEP) {
        rows = Math.max(LEAST_ROWS, Math.floor(rows / 2));
      } else if (took < STEP / 2) {
        rows = Math.min(MOST_ROWS, rows * 2);
      }
      await clock.sleep(Math.max(1, took * PAUSE), signal);
    }
    return count;
  }
}

/** Neighbours in the log go together: one range for each run of them. */
async function removePlaces(
  knex: Knex,
  { table, order }: Log,
  places: readonly number[],
): Promise<void> {
  let start = 0;
  for (let nth = 1; nth <= places.length; nth++) {
    if (nth === places.length || places[nth] !== places[nth - 1] + 1) {
      await knex(table)
        .whereBetween(order, [places[start], places[nth - 1]])
        .delete();
      start = nth;
    }
  }
}

/** Takes a cluster's past out, a little at a time: its number may be given to another. */
export async function removeClusterHistory(
  knex: Knex,
  clusterId: number,
  /** Runs a step in a transaction; refuses when the cluster is not this replica's any more. */
  write: (step: (trx: Knex.Transaction) => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const { table, order } of [NODES, EDGES]) {
    const [range] = await selectRows<{
      first: number | string | null;
      last: number | string | null;
    }>(
      knex,
      `SELECT MIN(${order}) AS first, MAX(${order}) AS last FROM ${table}`,
    );
    const last = Number(range.last ?? -1);
    for (
      let first = Number(range.first ?? 0);
      first <= last;
      first += MOST_ROWS
    ) {
      const step = [first, first + MOST_ROWS - 1] as const;
      await write(async trx => {
        await trx(table)
          .where({ cluster_id: clusterId })
          .whereBetween(order, step)
          .delete();
      });
      await setImmediate();
    }
  }
}
