import { setTimeout as delay } from 'node:timers/promises';
import {
  KIND_DEFINITIONS,
  Verification,
  verifyCluster,
} from '@kubernetes-topology/engine';
import { EngineRun } from './engineRun';
import { Failure, Interrupted, messageOf } from './failure';
import { failingText } from './firstLists';
import { ProgressLine } from './progressLine';
import { ClusterSource, ReadingOptions } from './source';
import { openStored } from './storedTopology';

export interface VerificationOptions {
  /** Read anew; its name is the cluster's in the database. */
  source: ClusterSource & { name: string };
  /** A file of SQLite, or a connection string of PostgreSQL. */
  database: string;
  /** How long a difference has to stand. Milliseconds. */
  patience: number;
  /** Differences that are told. */
  limit: number;
  reading: Omit<ReadingOptions, 'database'>;
  signal: AbortSignal;
}

/**
 * Compares what a database holds of a cluster with a fresh reading of it by this process.
 *
 * @throws Failure with exit code 2, when there is nothing to compare; Interrupted
 */
export async function verification(
  options: VerificationOptions,
): Promise<Verification> {
  const { signal } = options;
  try {
    return await compare(options);
  } catch (error) {
    if (signal.aborted) {
      throw signal.reason;
    }
    if (error instanceof Interrupted) {
      throw error;
    }
    const details = error instanceof Failure ? error.details : undefined;
    throw new Failure(messageOf(error), { exitCode: 2, details });
  }
}

async function compare(options: VerificationOptions): Promise<Verification> {
  const { source, database, patience, limit, reading, signal } = options;
  const stored = await openStored(database, source.name);
  const line = new ProgressLine(process.stderr, reading.progress);
  try {
    return await verifyCluster({
      knex: stored,
      cluster: source.name,
      kinds: KIND_DEFINITIONS,
      patience,
      limit,
      timeout: reading.timeout,
      signal,
      clock: {
        async sleep(milliseconds) {
          await delay(milliseconds, undefined, { signal }).catch(
            () => undefined,
          );
        },
      },
      read: async () => {
        const fresh = await freshReading(source, reading, signal);
        line.show(`${source.name}: comparing`);
        return fresh;
      },
    });
  } finally {
    line.end();
    await stored.destroy();
  }
}

async function freshReading(
  source: VerificationOptions['source'],
  reading: Omit<ReadingOptions, 'database'>,
  signal: AbortSignal,
): Promise<EngineRun> {
  const run = await EngineRun.create(source, reading, signal);
  try {
    const state = await run.firstLists();
    if (state.state === 'failing') {
      throw new Failure(`${state.name} cannot be read: ${failingText(state)}`);
    }
    return run;
  } catch (error) {
    await run.stop();
    throw error;
  }
}
