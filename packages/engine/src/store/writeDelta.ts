import { Knex } from 'knex';
import { KindState } from '../graph/delta';
import {
  EDGE_FIELDS,
  PackedDelta,
  REMOVED_EDGE_FIELDS,
} from '../graph/packedDelta';
import { KindId, kindText } from '../kinds/identity';
import { Row } from './bulk';
import { Dictionaries } from './dictionaries';
import { takeFromBlock } from './nodeIds';
import { storableText } from './postgresJson';
import { SqlDialect } from './sqlDialect';
import {
  EDGE_REMOVAL,
  EDGE_UPSERT,
  EDGES_INTO_REMOVAL,
  EDGES_OUT_OF_REMOVAL,
  EVENT_REMOVAL,
  EVENT_UPSERT,
  KIND_STATE_UPSERT,
  NODE_REMOVAL,
  NODE_UPSERT,
  VERDICT_UPDATE,
} from './statements';

/** Every so many revisions, those that are this much older go. */
const REVISIONS_KEPT = 100_000;
const PRUNED_EVERY = 1_000;

/**
 * Writes what a batch changed as one revision, in one transaction: all of it or nothing. What goes is taken away
 * first, so that a name may come back under another id. The revision is numbered last: its row lock then orders
 * writers by their commits, and a reader that saw revision n has seen all before it.
 */
export async function writeDelta(
  { knex, dialect }: { knex: Knex; dialect: SqlDialect },
  dictionaries: Dictionaries,
  delta: PackedDelta,
): Promise<number> {
  const clusterId = await dictionaries.clusterId(delta.cluster, delta.at);
  const kindIds = await dictionaries.kindIds(kindsOf(delta));
  const kindId = (kind: KindId) => kindIds.get(kindText(kind))!;
  const relations = delta.relations.map(name => dictionaries.relationId(name));
  const { bulk } = dialect;
  return knex.transaction(async trx => {
    if (dialect.beforeWrites) {
      await trx.raw(dialect.beforeWrites);
    }
    const removed = delta.removedNodes.map(id => [id]);
    await bulk.remove(trx, EDGES_OUT_OF_REMOVAL, removed);
    await bulk.remove(trx, EDGES_INTO_REMOVAL, removed);
    await bulk.remove(trx, NODE_REMOVAL, removed);
    await bulk.remove(trx, EDGE_REMOVAL, removedEdgeRows(delta, relations));
    const nodes = nodeRows(delta, {
      clusterId,
      kinds: delta.kinds.map(kindId),
    });
    await bulk.append(trx, NODE_UPSERT, nodes.slice(0, delta.newNodes));
    await bulk.upsert(trx, NODE_UPSERT, nodes.slice(delta.newNodes));
    await bulk.update(
      trx,
      VERDICT_UPDATE,
      delta.verdicts.map(({ id, level, verdict, hash }) => [
        id,
        level,
        verdict,
        hash,
        delta.at,
      ]),
    );
    const edges = edgeRows(delta, relations);
    await bulk.append(trx, EDGE_UPSERT, edges.slice(0, delta.newEdges));
    await bulk.upsert(trx, EDGE_UPSERT, edges.slice(delta.newEdges));
    await writeEvents(trx, dialect, delta);
    await bulk.upsert(
      trx,
      KIND_STATE_UPSERT,
      latestStates(delta.kindStates).map(state => [
        clusterId,
        kindId(state.kind),
        state.state,
        state.state === 'listed' ? state.resourceVersion : '',
        state.state === 'listed' ? state.objects : 0,
        'message' in state ? state.message : '',
        delta.at,
      ]),
    );
    if (delta.clusterState) {
      const { state, message } = delta.clusterState;
      await writeClusterState(trx, clusterId, { state, message, at: delta.at });
    }
    return writeRevision(trx, {
      clusterId,
      at: delta.at,
      nodes:
        delta.nodes.length + delta.removedNodes.length + delta.verdicts.length,
      edges: edges.length + delta.removedEdges.length / REMOVED_EDGE_FIELDS,
    });
  });
}

/** In the order of `NODE_UPSERT`'s columns. */
function nodeRows(
  delta: PackedDelta,
  ids: { clusterId: number; kinds: readonly number[] },
): Row[] {
  return delta.nodes.map(node => [
    node.id,
    ids.clusterId,
    ids.kinds[node.kind],
    node.namespace,
    node.name,
    node.key,
    node.uid,
    node.level,
    node.labels,
    node.properties,
    node.verdict,
    node.hash,
    node.createdAt,
    delta.at,
    1,
  ]);
}

/** In the order of `EDGE_UPSERT`'s columns. */
function edgeRows(
  { edges, edgeDetails, at: time }: PackedDelta,
  relations: readonly number[],
): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < edges.length; at += EDGE_FIELDS) {
    rows.push([
      edges[at],
      relations[edges[at + 1]],
      edges[at + 2],
      edges[at + 3],
      edgeDetails.get(at / EDGE_FIELDS),
      time,
    ]);
  }
  return rows;
}

function removedEdgeRows(
  { removedEdges }: PackedDelta,
  relations: readonly number[],
): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < removedEdges.length; at += REMOVED_EDGE_FIELDS) {
    rows.push([
      removedEdges[at],
      relations[removedEdges[at + 1]],
      removedEdges[at + 2],
    ]);
  }
  return rows;
}

async function writeEvents(
  trx: Knex.Transaction,
  { bulk }: SqlDialect,
  delta: PackedDelta,
): Promise<void> {
  await bulk.remove(
    trx,
    EVENT_REMOVAL,
    delta.removedEvents.map(event => [event.about, event.reason, event.source]),
  );
  await bulk.upsert(
    trx,
    EVENT_UPSERT,
    delta.events.map(event => [
      event.about,
      event.reason,
      event.source,
      event.eventType,
      event.message,
      event.count,
      event.firstAt,
      event.lastAt,
    ]),
  );
}

export async function writeClusterState(
  trx: Knex.Transaction,
  clusterId: number,
  { state, message, at }: { state: string; message: string; at: number },
): Promise<void> {
  await trx('clusters')
    .where({ id: clusterId })
    .update({ state, message: storableText(message), at });
}

export async function writeRevision(
  trx: Knex.Transaction,
  revision: { clusterId: number; at: number; nodes: number; edges: number },
): Promise<number> {
  const id = (await takeFromBlock(trx, 'revision', 1)) - 1;
  await trx('revisions').insert({
    id,
    cluster_id: revision.clusterId,
    at: revision.at,
    nodes: revision.nodes,
    edges: revision.edges,
  });
  if (id % PRUNED_EVERY === 0) {
    await trx('revisions')
      .where('id', '<=', id - REVISIONS_KEPT)
      .delete();
  }
  return id;
}

/** One row a kind: a statement may not meet the same row twice. */
function latestStates(states: readonly KindState[]): KindState[] {
  return [
    ...new Map(states.map(state => [kindText(state.kind), state])).values(),
  ];
}

function* kindsOf(delta: PackedDelta): Iterable<KindId> {
  yield* delta.kinds;
  for (const { kind } of delta.kindStates) {
    yield kind;
  }
}
