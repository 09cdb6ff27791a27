import { Knex } from 'knex';
import { BackOff } from '../cluster/backOff';
import { Clock } from '../cluster/clock';
import { Logger } from '../cluster/logger';
import { selectRows } from '../store/sqlDialect';

/** What replicas call out to each other. A message may be lost; nothing may depend on it but speed. */
export type ReplicaMessage =
  | { type: 'revision'; revision: number }
  | { type: 'leases' };

/** The part of `pg`'s client that is needed; knex opens it as it opens those of its pool. */
interface Connection {
  on(event: 'notification', take: (message: Notification) => void): void;
  on(event: 'error' | 'end', take: () => void): void;
  query(sql: string): Promise<unknown>;
}

interface Notification {
  channel: string;
  payload?: string;
}

/** PostgreSQL cuts longer names. */
const LONGEST_NAME = 63;
const BACK_OFF = { base: 500, max: 30_000 };
/** A connection that lasted this long did not fail at once. */
const LASTED = 60_000;

/**
 * LISTEN and NOTIFY on a connection of its own, opened again when it breaks. Where it cannot listen (a pooler in
 * transaction mode drops what is called out) others notice a little later, by polling.
 */
export class PostgresChannel {
  readonly #knex: Knex;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  /** Each schema has its own channel: it may hold a topology of its own. */
  static async create(
    knex: Knex,
    options: { logger: Logger; clock: Clock },
  ): Promise<PostgresChannel> {
    const [{ schema }] = await selectRows<{ schema: string | null }>(
      knex,
      'SELECT current_schema() AS schema',
    );
    const name = `kubernetes_topology_${schema ?? ''}`.slice(0, LONGEST_NAME);
    return new PostgresChannel(knex, name, options);
  }

  private constructor(
    knex: Knex,
    name: string,
    { logger, clock }: { logger: Logger; clock: Clock },
  ) {
    this.#knex = knex;
    this.#name = name;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Calls out to all that listen, this process too. Never rejects. */
  async send(message: ReplicaMessage): Promise<void> {
    await this.#knex
      .raw('SELECT pg_notify(?, ?)', [this.#name, JSON.stringify(message)])
      .catch(() => undefined);
  }

  listen(take: (message: ReplicaMessage) => void): void {
    this.#running ??= this.#run(take);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(take: (message: ReplicaMessage) => void): Promise<void> {
    const { signal } = this.#stop;
    const backOff = new BackOff(this.#clock, BACK_OFF);
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        await this.#listenOnce(take);
      } catch (error) {
        this.#logger.debug(
          `What other replicas write is noticed by polling only: ${error}`,
        );
      }
      if (performance.now() - startedAt > LASTED) {
        backOff.succeeded();
      }
      backOff.failed();
      await backOff.wait(signal);
    }
  }

  /** Until the connection breaks or the end has come. */
  async #listenOnce(take: (message: ReplicaMessage) => void): Promise<void> {
    const { signal } = this.#stop;
    const connection: Connection =
      await this.#knex.client.acquireRawConnection();
    try {
      const ended = new Promise<void>(resolve => {
        connection.on('error', resolve);
        connection.on('end', resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (signal.aborted) {
          resolve();
        }
      });
      connection.on('notification', ({ channel, payload }) => {
        const message = channel === this.#name && messageFrom(payload);
        if (message) {
          take(message);
        }
      });
      await connection.query(`LISTEN "${this.#name.replace(/"/g, '""')}"`);
      await ended;
    } finally {
      await this.#knex.client
        .destroyRawConnection(connection)
        .catch(() => undefined);
    }
  }
}

/** Anybody with the database's password may call out. */
function messageFrom(payload: string | undefined): ReplicaMessage | undefined {
  let message: Partial<Record<string, unknown>> | null;
  try {
    message = JSON.parse(payload ?? '');
  } catch {
    return undefined;
  }
  if (message?.type === 'leases') {
    return { type: 'leases' };
  }
  return message?.type === 'revision' && Number.isInteger(message.revision)
    ? { type: 'revision', revision: message.revision as number }
    : undefined;
}
