// Full pod events with history: a pod whose container restarted, from the parsed object to the committed rows, 100 a
// transaction. The probe writes the same rows with bare drivers: copies the former version into the log, updates the row,
// reads the pod's edges and compares them with what they should be.
//
// argv[2]: { pods, events, rounds, database: <new and empty>, probe: <SQLite file> | <PostgreSQL database, made here> }
import { TopologyStore } from '@kubernetes-topology/engine';
import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import {
  NODE_NUMBERS,
  NODE_TEXTS,
  PackedDelta,
} from '../../../packages/engine/src/graph/packedDelta';
import {
  isPostgres,
  openBarePostgres,
  openBareSqlite,
  openKnex,
} from './database';
import { BenchLandscape } from './landscape';

interface Options {
  pods: number;
  events: number;
  rounds: number;
  database: string;
  probe: string;
  /** Of PostgreSQL: where databases are made. */
  administration?: string;
}

const BATCH = 100;

/** What the probe writes of a batch. */
interface ChangedRow {
  id: number;
  level: string;
  properties: string;
  verdict: string;
  hash: string;
}

function changedRows({ nodeNumbers, nodeTexts }: PackedDelta): ChangedRow[] {
  const place = (name: (typeof NODE_TEXTS)[number]) => NODE_TEXTS.indexOf(name);
  const rows: ChangedRow[] = [];
  for (let nth = 0; nth * NODE_NUMBERS < nodeNumbers.length; nth++) {
    const text = (name: (typeof NODE_TEXTS)[number]) =>
      nodeTexts[nth * NODE_TEXTS.length + place(name)]!;
    rows.push({
      id: nodeNumbers[nth * NODE_NUMBERS],
      level: text('level'),
      properties: text('properties'),
      verdict: text('verdict'),
      hash: text('hash'),
    });
  }
  return rows;
}

interface Probe {
  write(rows: readonly ChangedRow[], at: number): Promise<void> | void;
  end(): Promise<void> | void;
}

const COPIED =
  'id, cluster_id, kind_id, namespace, name, key, uid, level, labels, properties, verdict, created_at';

/** All that is read is compared, so that nothing is read for nothing. */
function isSame(
  edges: readonly unknown[],
  known: Map<number, number>,
  id: number,
) {
  const before = known.get(id);
  known.set(id, edges.length);
  return before === undefined || before === edges.length;
}

function sqliteProbe(file: string): Probe {
  const database = openBareSqlite(file);
  const known = new Map<number, number>();
  const edges = database.prepare(
    'SELECT rel, dst, required, details FROM edges WHERE src = ?',
  );
  const close = database.prepare(
    `INSERT INTO node_versions (${COPIED}, valid_from, valid_to, revision, removed)
     SELECT ${COPIED}, updated_at, ?, revision, 0 FROM nodes WHERE id = ? AND hash <> ?`,
  );
  const update = database.prepare(
    `UPDATE nodes SET level = ?, properties = ?, verdict = ?, hash = ?, updated_at = ?,
     revision = revision + 1 WHERE id = ?`,
  );
  return {
    write: database.transaction((rows: readonly ChangedRow[], at: number) => {
      for (const row of rows) {
        if (!isSame(edges.all(row.id), known, row.id)) {
          throw new Error('edges changed');
        }
        close.run(at, row.id, row.hash);
        update.run(
          row.level,
          row.properties,
          row.verdict,
          row.hash,
          at,
          row.id,
        );
      }
    }),
    end: () => {
      database.close();
    },
  };
}

async function postgresProbe(url: string): Promise<Probe> {
  const client = await openBarePostgres(url);
  const known = new Map<number, number>();
  return {
    async write(rows, at) {
      const ids = rows.map(row => row.id);
      await client.query('BEGIN');
      const { rows: edges } = await client.query<{ src: number }>({
        name: 'edges',
        text: 'SELECT src, rel, dst, required, details FROM edges WHERE src = ANY($1)',
        values: [ids],
      });
      const bySource = new Map<number, unknown[]>();
      for (const edge of edges) {
        const those = bySource.get(edge.src) ?? [];
        those.push(edge);
        bySource.set(edge.src, those);
      }
      if (!ids.every(id => isSame(bySource.get(id) ?? [], known, id))) {
        throw new Error('edges changed');
      }
      await client.query({
        name: 'close',
        text: `INSERT INTO node_versions (${COPIED}, valid_from, valid_to, revision, removed)
          SELECT ${COPIED}, updated_at, $2, revision, 0 FROM nodes WHERE id = ANY($1)`,
        values: [ids, at],
      });
      await client.query({
        name: 'update',
        text: `UPDATE nodes SET level = given.level, properties = given.properties::jsonb,
            verdict = given.verdict::jsonb, hash = given.hash, updated_at = $6, revision = revision + 1
          FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
            AS given(id, level, properties, verdict, hash)
          WHERE nodes.id = given.id`,
        values: [
          ids,
          rows.map(row => row.level),
          rows.map(row => row.properties),
          rows.map(row => row.verdict),
          rows.map(row => row.hash),
          at,
        ],
      });
      await client.query('COMMIT');
    },
    end: () => client.end(),
  };
}

/** The probe starts from what our store has. */
async function copyDatabase({ database, probe, administration }: Options) {
  if (isPostgres(database)) {
    const client = await openBarePostgres(administration!);
    const name = (url: string) => new URL(url).pathname.slice(1);
    await client.query(
      `CREATE DATABASE ${name(probe)} TEMPLATE ${name(database)}`,
    );
    await client.end();
  } else {
    fs.copyFileSync(database, probe);
  }
}

async function main(options: Options) {
  const { pods, events, rounds, database } = options;
  let knex = openKnex(database);
  let store = await TopologyStore.create({ knex });
  const landscape = await BenchLandscape.build({
    pods,
    write: async delta => {
      await store.writePacked(delta);
    },
  });
  await knex.destroy();
  await copyDatabase(options);
  knex = openKnex(database);
  store = await TopologyStore.create({ knex });
  const probe = isPostgres(database)
    ? await postgresProbe(options.probe)
    : sqliteProbe(options.probe);

  const ours: number[] = [];
  const writes: number[] = [];
  const probes: number[] = [];
  let nodes = 0;
  for (let round = 0; round < rounds + 1; round++) {
    const deltas: PackedDelta[] = [];
    const started = performance.now();
    let writing = 0;
    for (let done = 0; done < events; done += BATCH) {
      const delta = landscape.change(BATCH);
      deltas.push(delta);
      const before = performance.now();
      await store.writePacked(delta);
      writing += performance.now() - before;
    }
    const took = performance.now() - started;
    const batches = deltas.map(changedRows);
    nodes = batches.reduce((sum, rows) => sum + rows.length, 0);
    const before = performance.now();
    for (const [nth, rows] of batches.entries()) {
      await probe.write(rows, deltas[nth].at);
    }
    const bare = performance.now() - before;
    // The first round fills caches and compiles.
    if (round > 0) {
      ours.push(events / (took / 1000));
      writes.push(events / (writing / 1000));
      probes.push(events / (bare / 1000));
    }
  }
  await probe.end();
  const [{ count }] = await knex('node_versions').count({ count: '*' });
  await knex.destroy();
  process.stdout.write(
    `${JSON.stringify({
      ours,
      writes,
      probe: probes,
      rowsAnEvent: nodes / events,
      versions: Number(count),
    })}\n`,
  );
  process.exit(0);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
