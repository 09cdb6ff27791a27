// What history costs: events written with their versions, and queries of a past time beside the same of now.
//
// argv[2]: { pods, events, batch, database: <SQLite file> | <PostgreSQL connection string> }
import {
  ClusterGraph,
  KIND_DEFINITIONS,
  KindUpdate,
  newNodesAtMost,
  openSqlite,
  RELATIONS,
  runGremlin,
  TopologyStore,
} from '@kubernetes-topology/engine';
import {
  generateLandscape,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import { packDelta } from '../../packages/engine/src/graph/packedDelta';
import knexFactory, { Knex } from 'knex';
import { performance } from 'node:perf_hooks';

const T = Date.parse('2026-01-16T00:00:00Z');
const CLUSTER = 'bench';

interface Options {
  pods: number;
  events: number;
  batch: number;
  database: string;
}

/* eslint-disable no-console */

function textOf({ apiVersion, kind }: KubernetesObject): string {
  const [group, version] = String(apiVersion).split('/');
  return version === undefined ? String(kind) : `${kind}.${group}`;
}

class Bench {
  readonly #store: TopologyStore;
  readonly #graph: ClusterGraph;
  readonly #pods: KubernetesObject[] = [];
  #clock = T;
  /** Milliseconds; and of the processor, which others on the machine do not lengthen. */
  readonly spent = { graph: 0, write: 0, writeProcessor: 0 };

  constructor(store: TopologyStore) {
    this.#store = store;
    this.#graph = ClusterGraph.create({
      cluster: CLUSTER,
      kinds: KIND_DEFINITIONS,
      relations: RELATIONS,
      allocateId: store.nodeIds.allocate,
    });
  }

  async sync(pods: number): Promise<void> {
    const byKind = new Map<string, KubernetesObject[]>();
    for (const object of generateLandscape({ pods })) {
      const kind = textOf(object);
      const known = byKind.get(kind);
      if (known) {
        known.push(object);
      } else {
        byKind.set(kind, [object]);
      }
      if (kind === 'Pod') {
        this.#pods.push(object);
      }
    }
    for (const definition of KIND_DEFINITIONS) {
      const { id: kind } = definition;
      const text = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
      const observed = (byKind.get(text) ?? []).map(object =>
        definition.observe(object as never, { cluster: CLUSTER, now: T }),
      );
      await this.apply({ type: 'listing', kind });
      for (let at = 0; at < observed.length; at += 500) {
        await this.apply({
          type: 'page',
          kind,
          observed: observed.slice(at, at + 500),
        });
      }
      await this.apply({ type: 'listed', kind, resourceVersion: '1' });
    }
  }

  async apply(update: KindUpdate): Promise<void> {
    await this.#store.nodeIds.reserve(newNodesAtMost(update));
    const started = performance.now();
    const packed = packDelta(this.#graph.apply(update, this.#clock));
    const between = performance.now();
    const before = process.cpuUsage();
    await this.#store.writePacked(packed);
    const { user, system } = process.cpuUsage(before);
    this.spent.graph += between - started;
    this.spent.write += performance.now() - between;
    this.spent.writeProcessor += (user + system) / 1000;
  }

  /** Pods whose status changes, one event each, at a time that goes on. */
  async change(events: number, batch: number): Promise<string> {
    const definition = KIND_DEFINITIONS.find(({ id }) => id.kind === 'Pod')!;
    let random = 12345;
    const before = { ...this.spent };
    for (let done = 0; done < events; done += batch) {
      this.#clock += 1000;
      const chosen = new Set<number>();
      while (chosen.size < batch) {
        random = (random * 48271) % 2147483647;
        chosen.add(random % this.#pods.length);
      }
      const changes = [...chosen].map(nth => {
        const pod = this.#pods[nth];
        for (const status of pod.status.containerStatuses ?? []) {
          status.restartCount++;
        }
        return {
          type: 'upsert' as const,
          observed: definition.observe(pod as never, {
            cluster: CLUSTER,
            now: this.#clock,
          }),
        };
      });
      await this.apply({ type: 'changed', kind: definition.id, changes });
    }
    const rate = (spent: number) => Math.round(events / (spent / 1000));
    return `${rate(this.spent.write - before.write)}, ${rate(
      this.spent.writeProcessor - before.writeProcessor,
    )} a second of this process's processor`;
  }

  get pods(): readonly KubernetesObject[] {
    return this.#pods;
  }

  get clock(): number {
    return this.#clock;
  }
}

async function quick(
  rounds: number,
  work: (nth: number) => Promise<unknown>,
): Promise<number> {
  const took: number[] = [];
  for (let nth = 0; nth < rounds; nth++) {
    const started = performance.now();
    await work(nth);
    took.push(performance.now() - started);
  }
  // A tenth, not the half: what others on the machine take is not ours.
  return took.sort((a, b) => a - b)[Math.floor(rounds / 10)];
}

async function size(knex: Knex, database: string): Promise<number> {
  if (database.startsWith('postgresql:')) {
    const { rows } = await knex.raw(
      'SELECT pg_database_size(current_database()) AS size',
    );
    return Number(rows[0].size);
  }
  const [{ page_count }] = await knex.raw('PRAGMA page_count');
  const [{ page_size }] = await knex.raw('PRAGMA page_size');
  return page_count * page_size;
}

async function main({ pods, events, batch, database }: Options) {
  const knex = database.startsWith('postgresql:')
    ? knexFactory({ client: 'pg', connection: database })
    : openSqlite(database);
  const store = await TopologyStore.create({ knex });
  const bench = new Bench(store);
  await bench.sync(pods);
  console.log('first sync, s', JSON.stringify(bench.spent));
  const empty = await size(knex, database);
  for (const each of [1, 10, 100, 1000]) {
    const some = Math.min(events, each * 300);
    const rate = await bench.change(some, Math.min(each, pods));
    console.log(`events/s written, ${each} a batch: ${rate}`);
  }
  const middle = bench.clock;
  const rate = await bench.change(events, batch);
  console.log(`events/s written, ${batch} a batch: ${rate}`);
  const [{ count }] = await knex('node_versions').count({ count: '*' });
  const grown = (await size(knex, database)) - empty;
  console.log(
    `versions ${count}, bytes a version ${Math.round(grown / Number(count))}`,
  );

  const named = bench.pods.map(pod => pod.metadata!.name as string);
  const namespace = 'team-0003';
  const [secret] = await store.reads
    .page({ limit: 1, kinds: [{ group: '', kind: 'Secret' }] })
    .then(({ nodes }) => nodes);
  const some = (nth: number) => named[(nth * 7919) % named.length];
  const queries: Record<string, (nth: number) => string> = {
    'neighbours by name and type': nth =>
      `G.V().Has('Name', '${some(nth)}', 'Type', 'pod').Out()`,
    'pods of a namespace': () =>
      `G.V().Has('K8s.Namespace', '${namespace}', 'Type', 'pod')`,
    'descendants of a namespace': () =>
      `G.V().Has('Name', '${namespace}', 'Type', 'namespace').Descendants(0)`,
    'pods of a node': () =>
      `G.V().Has('Type', 'node').Limit(1).Out().Has('Type', 'pod')`,
    'count of a kind': () => `G.V().Has('Type', 'pod').Count()`,
  };
  const filter = { not: { key: 'namespace' as const, values: ['hidden'] } };
  const reads: Record<string, (at?: number) => Promise<unknown>> = {
    node: at => store.reads.node(secret.key, { at }),
    neighbours: at => store.reads.neighbours(secret.key, { at }),
    'dependent pods': at => store.reads.dependentPods(secret.key, { at }),
    'graph of an application in its namespace': at =>
      store.reads.graph(
        [
          {
            labels: [{ key: 'app', operator: 'In', values: ['app-01'] }],
            namespace,
          },
        ],
        { at },
      ),
    'graph by label alone': at =>
      store.reads.graph(
        [{ labels: [{ key: 'app', operator: 'In', values: ['app-01'] }] }],
        { at, limit: 10 },
      ),
  };
  const show = (name: string, now: number, then: number) =>
    console.log(
      `${name.padEnd(45)} now ${now.toFixed(2)} ms, then ${then.toFixed(
        2,
      )} ms, ratio ${(then / now).toFixed(2)}`,
    );
  for (const [name, text] of Object.entries(queries)) {
    for (const each of [undefined, filter]) {
      const run = (at?: number) =>
        quick(31, nth =>
          runGremlin({ knex, text: text(nth), at, filter: each }),
        );
      await run();
      show(
        each ? `  … through a filter` : name,
        await run(),
        await run(middle),
      );
    }
  }
  for (const [name, read] of Object.entries(reads)) {
    await read();
    const now = await quick(15, () => read());
    show(name, now, await quick(15, () => read(middle)));
  }
  await knex.destroy();
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
