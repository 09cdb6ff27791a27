import { Knex } from 'knex';
import { Clock } from '../cluster/clock';
import { KindDefinition } from '../kinds/kindDefinition';
import { kindText } from '../kinds/identity';
import { readClusters, readRevision } from '../store/clusterReads';
import { selectRows, sqlDialect } from '../store/sqlDialect';
import { ClusterState } from '../topology';
import { compareRows, isReadable, Sight } from './compareRows';
import { compareStates } from './compareStates';
import { NamedRows, nodeKeys, readNamedRows } from './namedRows';
import {
  Difference,
  Verification,
  VerifyError,
  VerifyOptions,
} from './verification';

/** Nodes that are compared at once: others get their turn in between. */
const PAGE = 250;
const POLL = 250;
const PATIENCE = 10_000;
const TIMEOUT = 600_000;
const LIMIT = 1_000;
/** How long a cluster may be unreachable before there is nothing to compare with. */
const LONGEST_OUTAGE = 30_000;
/** Candidates followed: most of those in a changing cluster turn out to be none. */
const CANDIDATES_OF_LIMIT = 10;

/** The cluster, followed anew into a database that had never seen it. */
export interface FreshReading {
  knex: Knex;
  stop(): Promise<void>;
}

export interface VerifyClusterOptions extends VerifyOptions {
  /** The database in question; only read. */
  knex: Knex;
  cluster: string;
  kinds: readonly KindDefinition[];
  read(): Promise<FreshReading>;
  clock: Pick<Clock, 'sleep'>;
}

interface Candidate {
  difference: Difference;
  text: string;
  /** Since when it stands as it is, on the clock of `performance.now()`. */
  since: number;
}

class Comparison {
  readonly #options: VerifyClusterOptions;
  readonly #fresh: Knex;
  readonly #candidates = new Map<string, Candidate>();
  readonly #expired = new Set<string>();
  readonly #deadline: number;
  readonly #signal: AbortSignal;
  readonly #patience: number;
  readonly #limit: number;
  #unreadable: string[] = [];
  #more = 0;
  #from = 0;
  #nodes = 0;
  #edges = 0;

  constructor(options: VerifyClusterOptions, fresh: Knex) {
    const { timeout = TIMEOUT, patience = PATIENCE, limit = LIMIT } = options;
    this.#options = options;
    this.#fresh = fresh;
    this.#patience = patience;
    this.#limit = limit;
    this.#deadline = performance.now() + timeout;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  async waitForLists(): Promise<void> {
    let failingSince: number | undefined;
    for (;;) {
      const state = await this.#freshState();
      if (state && isListed(state)) {
        return;
      }
      const now = performance.now();
      failingSince =
        state?.state === 'failing' ? failingSince ?? now : undefined;
      if (failingSince !== undefined && now - failingSince > LONGEST_OUTAGE) {
        throw new VerifyError(
          `Cluster ${this.#options.cluster} cannot be read: ${state?.message}`,
        );
      }
      if (now > this.#deadline) {
        throw new VerifyError(
          `Cluster ${
            this.#options.cluster
          } was not listed in time; allow more of it`,
        );
      }
      await this.#sleep(POLL);
    }
  }

  /** Everything once. */
  async compareAll(): Promise<void> {
    const { knex, cluster } = this.#options;
    this.#from = await readRevision(knex);
    const sight = await this.#sight();
    for await (const keys of nodeKeys(knex, cluster, PAGE)) {
      const rows = await this.#compare(keys, sight);
      this.#nodes += rows.nodes.size;
      this.#edges += rows.edges.size;
      await this.#sleep(0);
    }
    for await (const keys of nodeKeys(this.#fresh, cluster, PAGE)) {
      const stored = await this.#storedOf(keys);
      const absent = keys.filter(key => !stored.has(key));
      if (absent.length > 0) {
        await this.#compare(absent, sight);
      }
      await this.#sleep(0);
    }
    this.#take(await this.#stateDifferences());
  }

  /** Until each difference stood for long enough, is gone, or time is up. */
  async waitForCandidates(): Promise<void> {
    const last = Math.min(
      this.#deadline,
      performance.now() + 6 * this.#patience,
    );
    while (this.#unsettled().length > 0 && performance.now() < last) {
      await this.#sleep(Math.min(POLL, this.#patience));
      await this.#compareAgain();
    }
  }

  async result(began: number): Promise<Verification> {
    const { cluster, knex } = this.#options;
    const unsettled = this.#unsettled();
    const settled = [...this.#candidates.values()].filter(
      candidate => !unsettled.includes(candidate),
    );
    const more = this.#more + Math.max(0, settled.length - this.#limit);
    return {
      cluster,
      isEqual: settled.length + unsettled.length + more === 0,
      differences: settled
        .slice(0, this.#limit)
        .map(({ difference }) => difference),
      more,
      unsettled: unsettled.map(({ difference }) => difference.subject),
      notCompared: this.#notCompared(),
      nodes: this.#nodes,
      edges: this.#edges,
      revisions: { from: this.#from, to: await readRevision(knex) },
      milliseconds: Math.round(performance.now() - began),
    };
  }

  async #compareAgain(): Promise<void> {
    const former = new Map(this.#candidates);
    this.#candidates.clear();
    const sight = await this.#sight();
    const keys = new Set<string>();
    for (const { difference } of former.values()) {
      if (difference.what !== 'kind' && difference.what !== 'cluster') {
        keys.add(difference.about);
      }
    }
    const all = [...keys];
    for (let start = 0; start < all.length; start += PAGE) {
      await this.#compare(all.slice(start, start + PAGE), sight);
      await this.#sleep(0);
    }
    this.#take(await this.#stateDifferences());
    for (const [subject, candidate] of this.#candidates) {
      const same = former.get(subject);
      if (!same) {
        // It came up only now, as everything does that changes: what is compared is how it was at the beginning.
        this.#candidates.delete(subject);
      } else if (same.text === candidate.text) {
        candidate.since = same.since;
      }
    }
  }

  async #compare(keys: readonly string[], sight: Sight): Promise<NamedRows> {
    const { knex } = this.#options;
    const fresh = await this.#rows(this.#fresh, keys);
    const stored = await this.#rows(knex, keys);
    this.#take(compareRows(stored, fresh, sight));
    return stored;
  }

  #rows(knex: Knex, keys: readonly string[]): Promise<NamedRows> {
    return readNamedRows(knex, sqlDialect(knex), keys);
  }

  async #stateDifferences(): Promise<Difference[]> {
    const fresh = await this.#freshState();
    const states = await readClusters(this.#options.knex);
    const stored = states.find(({ name }) => name === this.#options.cluster);
    return fresh ? compareStates(stored, fresh) : [];
  }

  #take(differences: readonly Difference[]): void {
    const since = performance.now();
    for (const difference of differences) {
      if (this.#candidates.size < this.#limit * CANDIDATES_OF_LIMIT) {
        this.#candidates.set(`${difference.what} ${difference.subject}`, {
          difference,
          text: JSON.stringify(difference),
          since,
        });
      } else {
        this.#more++;
      }
    }
  }

  #unsettled(): Candidate[] {
    const now = performance.now();
    return [...this.#candidates.values()].filter(
      ({ since }) => now - since < this.#patience,
    );
  }

  async #sight(): Promise<Sight> {
    const { kinds = [] } = (await this.#freshState()) ?? {};
    const states = new Map(
      kinds.map(({ kind, state }) => [kindText(kind), state]),
    );
    this.#unreadable = [...states.keys()].filter(
      kind => !isReadable(states.get(kind)!),
    );
    return new Sight(this.#options.kinds, states, this.#expired);
  }

  #notCompared(): string[] {
    const said = this.#unreadable.map(
      kind => `${kind}: the kind cannot be read`,
    );
    return this.#expired.size > 0
      ? [
          ...said,
          `${
            this.#expired.size
          } verdicts, and those that follow from them: they rest on events that the API server does not hold any more`,
        ]
      : said;
  }

  async #freshState(): Promise<ClusterState | undefined> {
    const states = await readClusters(this.#fresh);
    return states.find(({ name }) => name === this.#options.cluster);
  }

  async #storedOf(keys: readonly string[]): Promise<Set<string>> {
    const { knex } = this.#options;
    const rows = await selectRows<{ key: string }>(
      knex,
      `SELECT key FROM nodes WHERE key IN (${keys.map(() => '?').join()})`,
      keys,
    );
    return new Set(rows.map(({ key }) => key));
  }

  async #sleep(milliseconds: number): Promise<void> {
    await this.#options.clock.sleep(milliseconds, this.#signal);
    if (this.#signal.aborted) {
      throw new VerifyError('The comparison was ended before it was complete');
    }
  }
}

/**
 * Compares what the database holds of a cluster with a fresh reading, which goes on following the cluster meanwhile.
 * Both are late by a little, each by its own: so a difference counts only once it stood still, on both sides, for the
 * whole patience. While it changes, nothing is said of it, but that it does.
 *
 * @throws VerifyError when the cluster cannot be read
 */
export async function verifyCluster(
  options: VerifyClusterOptions,
): Promise<Verification> {
  const began = performance.now();
  const reading = await options.read();
  try {
    const comparison = new Comparison(options, reading.knex);
    await comparison.waitForLists();
    await comparison.compareAll();
    await comparison.waitForCandidates();
    return await comparison.result(began);
  } finally {
    await reading.stop();
  }
}

function isListed(state: ClusterState): boolean {
  return (
    state.state !== 'syncing' &&
    state.kinds.length > 0 &&
    state.kinds.every(kind => kind.state !== 'listing')
  );
}
