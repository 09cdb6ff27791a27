// How late a change is in the database: from the API server's answer to the one who made it, to the committed row, at a
// fixed rate of changes, through the real engine.
//
// argv[2]: { url, token, rate, seconds, base, database: <new and empty> }
import { TopologyEngine } from '@kubernetes-topology/engine';
import { Knex } from 'knex';
import { openKnex } from './database';
import { changeOf, lateness, milliseconds, patchPods } from './patching';

interface Options {
  url: string;
  token: string;
  rate: number;
  seconds: number;
  base: number;
  database: string;
}

const CLUSTER = 'bench';
/** Changes that are looked for at each revision: more than come between two of them. */
const LOOKED_FOR = 400;
const PATIENCE = 60_000;

const silent = {
  debug() {},
  info() {},
  warn(message: string) {
    console.error(message);
  },
  error(message: string, details?: unknown) {
    console.error(message, details);
  },
};

/** Looks after each commit which of the next changes are in the rows. */
class Seen {
  readonly at = new Map<number, number>();
  readonly #knex: Knex;
  readonly #pods: readonly string[];
  readonly #base: number;
  #first = 1;
  #looking: Promise<void> = Promise.resolve();

  constructor(knex: Knex, pods: readonly string[], base: number) {
    this.#knex = knex;
    this.#base = base;
    this.#pods = pods;
  }

  look(): void {
    const committed = milliseconds();
    this.#looking = this.#looking.then(() => this.#look(committed));
  }

  async #look(committed: number): Promise<void> {
    const wanted = new Map<string, number>();
    for (let nth = this.#first; wanted.size < LOOKED_FOR; nth++) {
      if (!this.at.has(nth)) {
        wanted.set(
          `${CLUSTER}/Pod/${this.#pods[nth % this.#pods.length]}`,
          nth,
        );
      }
      if (nth - this.#first > this.#pods.length - 2) {
        break;
      }
    }
    const rows = await this.#knex('nodes')
      .whereIn('key', [...wanted.keys()])
      .select('key', 'properties');
    for (const { key, properties } of rows) {
      const { Restarts } =
        typeof properties === 'string' ? JSON.parse(properties) : properties;
      const nth = wanted.get(key)!;
      if (changeOf(Restarts, this.#base) >= nth) {
        this.at.set(nth, committed);
      }
    }
    while (this.at.has(this.#first)) {
      this.#first++;
    }
  }

  async until(changes: number): Promise<void> {
    const started = milliseconds();
    while (this.#first <= changes && milliseconds() - started < PATIENCE) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}

async function main({ url, token, rate, seconds, base, database }: Options) {
  const knex = openKnex(database);
  const engine = await TopologyEngine.create({
    knex,
    reading: { encoding: 'identity' },
    logger: silent,
    clusters: [
      {
        name: CLUSTER,
        connection: { url },
        headers: async () => ({ authorization: `Bearer ${token}` }),
      },
    ],
  });
  const ready = new Promise<void>(resolve => {
    engine.onRevision(async () => {
      const [cluster] = await engine.clusters();
      if (cluster?.state === 'ready') {
        resolve();
      }
    });
  });
  engine.start();
  await ready;
  const rows = await knex('nodes')
    .join('kinds', 'kinds.id', 'nodes.kind_id')
    .where('kinds.text', 'Pod')
    .select('nodes.namespace', 'nodes.name')
    .orderBy('nodes.id');
  const pods = rows.map(({ namespace, name }) => `${namespace}/${name}`);
  const seen = new Seen(knex, pods, base);
  engine.onRevision(() => seen.look());
  const before = await engine.revision();
  const changes = await patchPods({ url, token, pods, rate, seconds, base });
  await seen.until(changes.length);
  const revisions = (await engine.revision()) - before;
  process.stdout.write(
    `${JSON.stringify({ ...lateness(changes, seen.at), revisions })}\n`,
  );
  process.exit(0);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
