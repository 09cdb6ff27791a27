// Reads in process, by the engine's public reads and by hand-written SQL on bare drivers (which reads ids, names and
// levels, no documents); the same at a past time; and what a pod takes on disk.
//
// argv[2]: { pods, rounds, database: <new and empty> }
import { TopologyEngine, TopologyStore } from '@kubernetes-topology/engine';
import { performance } from 'node:perf_hooks';
import {
  isPostgres,
  openBarePostgres,
  openBareSqlite,
  openKnex,
  percentile,
  sizeOf,
} from './database';
import { BenchLandscape, CLUSTER, HUB, HUB_SECRET } from './landscape';

interface Options {
  pods: number;
  rounds: number;
  database: string;
}

/** A value for each `?`, and the rows. */
type Ask = (sql: string, values: unknown[]) => Promise<unknown[]> | unknown[];

interface Read {
  samples: number;
  /** How many rows it answers with. */
  ours(nth: number, at?: number): Promise<number>;
  /** Undefined: the bare SQL is that of another read. */
  probe?: (nth: number) => Promise<number>;
}

interface Measured {
  rows: number;
  p50: number;
  p95: number;
  past: { p50: number; p95: number };
  probe?: { rows: number; p50: number; p95: number };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

async function openBare(database: string): Promise<{ ask: Ask; end(): void }> {
  if (isPostgres(database)) {
    const client = await openBarePostgres(database);
    return {
      ask: async (sql, values) => {
        let nth = 0;
        const text = sql.replace(/\?/g, () => `$${++nth}`);
        const { rows } = await client.query({
          name: text.slice(0, 60).replace(/\s+/g, ' '),
          text,
          values,
        });
        return rows;
      },
      end: () => client.end(),
    };
  }
  const file = openBareSqlite(database);
  const prepared = new Map<string, ReturnType<typeof file.prepare>>();
  return {
    ask: (sql, values) => {
      const statement = prepared.get(sql) ?? file.prepare(sql);
      prepared.set(sql, statement);
      return statement.all(...values);
    },
    end: () => file.close(),
  };
}

const NARROW = 'n.id, n.kind_id, n.namespace, n.name, n.level';

function readsOf(
  engine: TopologyEngine,
  ask: Ask,
  landscape: BenchLandscape,
  kinds: { pod: number; namespace: number },
): Record<string, Read> {
  const named = landscape.pods
    .slice(landscape.hubPods)
    .map(({ metadata }) => metadata);
  const pod = (nth: number) => named[(nth * 7919) % named.length];
  const namespaces = [...new Set(named.map(({ namespace }) => namespace!))];
  const namespace = (nth: number) => namespaces[(nth * 31) % namespaces.length];
  const secret = `${CLUSTER}/Secret/${HUB}/${HUB_SECRET}`;
  const query = async (text: string, at?: number) =>
    ((await engine.query(text, { at })).value as unknown[]).length;
  return {
    'neighbours by name and type': {
      samples: 300,
      ours: (nth, at) =>
        query(
          `G.V().Has('Name', '${pod(nth).name}', 'Type', 'pod').Both()`,
          at,
        ),
      probe: async nth =>
        (
          await ask(
            `SELECT ${NARROW} FROM nodes s CROSS JOIN edges e CROSS JOIN nodes n
             WHERE s.name = ? AND s.kind_id = ? AND e.src = s.id AND n.id = e.dst
             UNION ALL
             SELECT ${NARROW} FROM nodes s CROSS JOIN edges e CROSS JOIN nodes n
             WHERE s.name = ? AND s.kind_id = ? AND e.dst = s.id AND n.id = e.src`,
            [pod(nth).name, kinds.pod, pod(nth).name, kinds.pod],
          )
        ).length,
    },
    'neighbours of a key (the side panel)': {
      samples: 200,
      ours: async (nth, at) => {
        const { namespace: place, name } = pod(nth);
        const key = `${CLUSTER}/Pod/${place}/${name}`;
        return (await engine.neighbours(key, { at })).neighbours.length;
      },
    },
    'namespace view': {
      samples: 40,
      ours: (nth, at) =>
        query(
          `G.V().Has('Name', '${namespace(
            nth,
          )}', 'Type', 'namespace').Descendants(0)`,
          at,
        ),
      probe: async nth =>
        (
          await ask(
            `WITH RECURSIVE below(id) AS (
               SELECT id FROM nodes WHERE name = ? AND kind_id = ?
               UNION
               SELECT e.dst FROM below CROSS JOIN edges e
               WHERE e.src = below.id AND e.rel IN
                 (SELECT id FROM relations WHERE relation_type = 'ownership')
             )
             SELECT ${NARROW} FROM below CROSS JOIN nodes n WHERE n.id = below.id`,
            [namespace(nth), kinds.namespace],
          )
        ).length,
    },
    'namespace as a picture (400 drawn)': {
      samples: 20,
      ours: async (nth, at) =>
        (
          await engine.graph([{ labels: [], namespace: namespace(nth) }], {
            at,
          })
        ).nodes.length,
    },
    'dependent pods of a secret': {
      samples: 40,
      ours: async (_, at) => {
        const { pods, more } = await engine.dependentPods(secret, { at });
        return pods.length + more;
      },
      probe: async () =>
        (
          await ask(
            `SELECT DISTINCT ${NARROW} FROM nodes s CROSS JOIN edges e CROSS JOIN nodes n
             WHERE s.key = ? AND e.dst = s.id AND n.id = e.src AND n.kind_id = ?
             UNION
             SELECT DISTINCT ${NARROW} FROM nodes s CROSS JOIN edges e CROSS JOIN nodes n
             WHERE s.key = ? AND e.src = s.id AND n.id = e.dst AND n.kind_id = ?`,
            [secret, kinds.pod, secret, kinds.pod],
          )
        ).length,
    },
    'dependent pods, all documents (query)': {
      samples: 20,
      ours: (_, at) =>
        query(
          `G.V().Has('Name', '${HUB_SECRET}', 'K8s.Namespace', '${HUB}', 'Type', 'secret').Both().Has('Type', 'pod')`,
          at,
        ),
    },
  };
}

interface Samples {
  rows: number;
  p50: number;
  p95: number;
}

async function sample(
  samples: number,
  work: (nth: number) => Promise<number>,
  from: number,
): Promise<Samples> {
  const took: number[] = [];
  const rows: number[] = [];
  for (let nth = from; nth < from + samples; nth++) {
    const started = performance.now();
    rows.push(await work(nth));
    took.push(performance.now() - started);
  }
  return {
    rows: percentile(rows, 0.5),
    p50: percentile(took, 0.5),
    p95: percentile(took, 0.95),
  };
}

/** Median of ours, best of the probe. */
function over(rounds: readonly Samples[], part: 0 | 0.5): Samples {
  const of = (what: 'p50' | 'p95') =>
    percentile(
      rounds.map(round => round[what]),
      part,
    );
  return { rows: rounds[0].rows, p50: of('p50'), p95: of('p95') };
}

async function measure(
  { samples, ours, probe }: Read,
  rounds: number,
  at: number,
): Promise<Measured> {
  const now: Samples[] = [];
  const past: Samples[] = [];
  const bare: Samples[] = [];
  await sample(Math.ceil(samples / 3), ours, 0);
  await sample(Math.ceil(samples / 3), nth => ours(nth, at), 0);
  for (let round = 0; round < rounds; round++) {
    const from = round * samples;
    now.push(await sample(samples, ours, from));
    past.push(await sample(samples, nth => ours(nth, at), from));
    if (probe) {
      bare.push(await sample(samples, probe, from));
    }
  }
  return {
    ...over(now, 0.5),
    past: over(past, 0.5),
    ...(probe && { probe: over(bare, 0) }),
  };
}

async function main({ pods, rounds, database }: Options) {
  const knex = openKnex(database);
  const store = await TopologyStore.create({ knex });
  const empty = await sizeOf(knex, database);
  const landscape = await BenchLandscape.build({
    pods,
    write: async delta => {
      await store.writePacked(delta);
    },
  });
  const bytes = (await sizeOf(knex, database)) - empty;
  const inThePast = landscape.clock + 500;
  // A fifth of the pods has changed since, some of them more than once.
  for (let changed = 0; changed < pods / 5; changed += 100) {
    await store.writePacked(landscape.change(100));
  }
  const engine = await TopologyEngine.create({
    knex,
    clusters: [],
    logger: silent,
  });
  const { ask, end } = await openBare(database);
  const kindId = async (text: string) =>
    (await knex('kinds').where({ text }).first('id')).id;
  const reads = readsOf(engine, ask, landscape, {
    pod: await kindId('Pod'),
    namespace: await kindId('Namespace'),
  });
  const measured: Record<string, Measured> = {};
  for (const [name, read] of Object.entries(reads)) {
    measured[name] = await measure(read, rounds, inThePast);
  }
  const count = async (table: string) =>
    Number((await knex(table).count({ rows: '*' }))[0].rows);
  process.stdout.write(
    `${JSON.stringify({
      bytesAPod: bytes / pods,
      nodes: await count('nodes'),
      edges: await count('edges'),
      reads: measured,
    })}\n`,
  );
  end();
  await knex.destroy();
  process.exit(0);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
