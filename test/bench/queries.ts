// The query language beside hand-written SQL that reads the same rows of the same store (`perf.md` section C's set).
//
//   node --require @backstage/cli/config/nodeTransform.cjs test/bench/queries.ts \
//     '{"pods": 1000, "samples": 200, "database": ":memory:"}'     (or a PostgreSQL connection string, of an empty database)
//
// Ours and theirs take turns, so that what others on the machine do falls on both. The ratio is of the medians.
import {
  ClusterGraph,
  KIND_DEFINITIONS,
  KindUpdate,
  newNodesAtMost,
  openSqlite,
  RELATIONS,
  runGremlin,
  selectRows,
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
const TARGET = 1.5;

interface Options {
  pods: number;
  samples?: number;
  database: string;
}

interface Question {
  name: string;
  gremlin: (nth: number) => string;
  /** `?` for each binding; the same rows as the answer's. */
  sql: (nth: number) => [text: string, bindings: (string | number)[]];
}

/* eslint-disable no-console */

function textOf({ apiVersion, kind }: KubernetesObject): string {
  const [group, version] = String(apiVersion).split('/');
  return version === undefined ? String(kind) : `${kind}.${group}`;
}

async function fill(store: TopologyStore, pods: number) {
  const graph = ClusterGraph.create({
    cluster: CLUSTER,
    kinds: KIND_DEFINITIONS,
    relations: RELATIONS,
    allocateId: store.nodeIds.allocate,
  });
  const byKind = new Map<string, KubernetesObject[]>();
  for (const object of generateLandscape({ pods })) {
    const kind = textOf(object);
    byKind.set(kind, [...(byKind.get(kind) ?? []), object]);
  }
  const apply = async (update: KindUpdate) => {
    await store.nodeIds.reserve(newNodesAtMost(update));
    await store.writePacked(packDelta(graph.apply(update, T)));
  };
  for (const definition of KIND_DEFINITIONS) {
    const { id: kind } = definition;
    const text = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
    const observed = (byKind.get(text) ?? []).map(object =>
      definition.observe(object as never, { cluster: CLUSTER, now: T }),
    );
    await apply({ type: 'listing', kind });
    for (let at = 0; at < observed.length; at += 500) {
      const page = observed.slice(at, at + 500);
      await apply({ type: 'page', kind, observed: page });
    }
    await apply({ type: 'listed', kind, resourceVersion: '1' });
  }
  return (byKind.get('Pod') ?? []).map(pod => pod.metadata!.name as string);
}

const COLUMNS =
  'n.id, n.key, n.namespace, n.name, n.level, n.labels, n.properties, n.created_at, n.updated_at, n.revision, k.type, c.name AS cluster';
const WHOLE =
  'JOIN kinds k ON k.id = n.kind_id JOIN clusters c ON c.id = n.cluster_id';

async function questions(knex: Knex, pods: readonly string[]) {
  const kinds = new Map(
    (
      await selectRows<{ id: number; type: string }>(
        knex,
        'SELECT id, type FROM kinds',
      )
    ).map(({ id, type }) => [type, id]),
  );
  const isPostgres = knex.client.config.client === 'pg';
  const pod = kinds.get('pod')!;
  const some = (nth: number) => pods[(nth * 7919) % pods.length];
  const namespace = (nth: number) => `team-000${1 + (nth % 5)}`;
  const label = isPostgres
    ? `(n.labels ->> 'app')`
    : `json_extract(n.labels, '$.app')`;
  const cross = isPostgres ? 'JOIN' : 'CROSS JOIN';
  const list: Question[] = [
    {
      name: 'neighbours by name and type',
      gremlin: nth => `G.V().Has('Name', '${some(nth)}', 'Type', 'pod').Out()`,
      sql: nth => [
        `SELECT ${COLUMNS} FROM nodes p ${cross} edges e ON e.src = p.id ${cross} nodes n ON n.id = e.dst ${WHOLE} WHERE p.name = ? AND p.kind_id = ?`,
        [some(nth), pod],
      ],
    },
    {
      name: 'what reads a secret',
      gremlin: () => `G.V().Has('Type', 'secret').Limit(1).In('Type', 'pod')`,
      sql: () => [
        `SELECT DISTINCT ${COLUMNS.replace(
          'n.labels, n.properties',
          'CAST(n.labels AS text) AS labels, CAST(n.properties AS text) AS properties',
        )} FROM (SELECT id FROM nodes WHERE kind_id = ? ORDER BY id LIMIT 1) s ${cross} edges e ON e.dst = s.id ${cross} nodes n ON n.id = e.src ${WHOLE} WHERE n.kind_id = ?`,
        [kinds.get('secret')!, pod],
      ],
    },
    {
      name: 'pods of a namespace',
      gremlin: nth =>
        `G.V().Has('K8s.Namespace', '${namespace(nth)}', 'Type', 'pod')`,
      sql: nth => [
        `SELECT ${COLUMNS} FROM nodes n ${WHOLE} WHERE n.kind_id = ? AND n.namespace = ?`,
        [pod, namespace(nth)],
      ],
    },
    {
      name: 'descendants of a namespace',
      gremlin: nth =>
        `G.V().Has('Name', '${namespace(
          nth,
        )}', 'Type', 'namespace').Descendants(0)`,
      sql: nth => [
        `WITH RECURSIVE r(id) AS (SELECT id FROM nodes WHERE kind_id = ? AND name = ? UNION SELECT e.dst FROM r ${cross} edges e ON e.src = r.id WHERE e.rel IN (SELECT id FROM relations WHERE relation_type = 'ownership')) SELECT ${COLUMNS} FROM r ${cross} nodes n ON n.id = r.id ${WHOLE}`,
        [kinds.get('namespace')!, namespace(nth)],
      ],
    },
    {
      name: 'all that a secret carries, up to 6',
      gremlin: () =>
        `G.V().Has('Type', 'secret').Limit(1).Ascendants('Manager', 'k8s', 6).Count()`,
      sql: () => [
        `WITH RECURSIVE r(id, depth) AS (SELECT id, 0 FROM (SELECT id FROM nodes WHERE kind_id = ? ORDER BY id LIMIT 1) s UNION SELECT e.src, r.depth + 1 FROM r ${cross} edges e ON e.dst = r.id WHERE r.depth < 6 AND e.rel IN (SELECT id FROM relations WHERE relation_type <> 'ownership')) SELECT count(DISTINCT id) AS count FROM r`,
        [kinds.get('secret')!],
      ],
    },
    {
      name: 'count by kind',
      gremlin: () => `G.V().GroupCount('Type')`,
      sql: () => [
        'SELECT k.type, count(*) AS count FROM nodes n JOIN kinds k ON k.id = n.kind_id GROUP BY k.type',
        [],
      ],
    },
    {
      name: 'count of a kind',
      gremlin: () => `G.V().Has('Type', 'pod').Count()`,
      sql: () => [
        'SELECT count(*) AS count FROM nodes WHERE kind_id = ?',
        [pod],
      ],
    },
    {
      name: 'by label, in a namespace',
      gremlin: nth =>
        `G.V().Has('K8s.Namespace', '${namespace(
          nth,
        )}', 'Type', 'pod', 'K8s.Labels.app', 'app-01')`,
      sql: nth => [
        `SELECT ${COLUMNS} FROM nodes n ${WHOLE} WHERE n.kind_id = ? AND n.namespace = ? AND ${label} = ?`,
        [pod, namespace(nth), 'app-01'],
      ],
    },
    {
      name: 'by label alone',
      gremlin: () =>
        `G.V().Has('Type', 'pod', 'K8s.Labels.app', 'app-01').Count()`,
      sql: () => [
        `SELECT count(*) AS count FROM nodes n WHERE n.kind_id = ? AND ${label} = ?`,
        [pod, 'app-01'],
      ],
    },
    {
      name: 'by a property',
      gremlin: () =>
        `G.V().Has('Type', 'pod', 'K8s.Status', 'Pending').Count()`,
      sql: () => [
        isPostgres
          ? `SELECT count(*) AS count FROM nodes n WHERE n.kind_id = ? AND n.properties ->> 'Status' = ?`
          : `SELECT count(*) AS count FROM nodes n WHERE n.kind_id = ? AND json_extract(n.properties, '$.Status') = ?`,
        [pod, 'Pending'],
      ],
    },
  ];
  return list;
}

function percentile(took: readonly number[], share: number): number {
  const sorted = [...took].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** What a program makes of rows: JSON columns parsed. */
function parsed(rows: Record<string, unknown>[]): unknown[] {
  return rows.map(row =>
    typeof row.labels === 'string'
      ? {
          ...row,
          labels: JSON.parse(row.labels),
          properties: JSON.parse(row.properties as string),
        }
      : row,
  );
}

async function main({ pods, samples = 200, database }: Options) {
  const isPostgres = database.startsWith('postgresql:');
  const knex = isPostgres
    ? knexFactory({ client: 'pg', connection: database })
    : openSqlite(database);
  const store = await TopologyStore.create({ knex });
  const names = await fill(store, pods);
  await knex.raw('ANALYZE');
  const rows = [];
  for (const { name, gremlin, sql } of await questions(knex, names)) {
    const ours: number[] = [];
    const theirs: number[] = [];
    let found = 0;
    let read = 0;
    for (let nth = -10; nth < samples; nth++) {
      const n = nth + 10;
      let started = performance.now();
      const { value } = await runGremlin({ knex, text: gremlin(n) });
      const took = performance.now() - started;
      started = performance.now();
      const list = parsed(await selectRows(knex, ...sql(n)));
      if (nth >= 0) {
        ours.push(took);
        theirs.push(performance.now() - started);
      }
      found = Array.isArray(value) ? value.length : 1;
      read = list.length;
    }
    const ratio = percentile(ours, 0.5) / percentile(theirs, 0.5);
    rows.push({
      query: name,
      rows: found,
      'rows of SQL': read,
      'p50 ms': percentile(ours, 0.5).toFixed(3),
      'p95 ms': percentile(ours, 0.95).toFixed(3),
      'SQL p50 ms': percentile(theirs, 0.5).toFixed(3),
      ratio: ratio.toFixed(2),
      [`≤ ${TARGET}`]: ratio <= TARGET ? 'yes' : 'no',
    });
  }
  console.log(`${pods} pods on ${isPostgres ? 'PostgreSQL' : 'SQLite'}`);
  console.table(rows);
  await knex.destroy();
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
