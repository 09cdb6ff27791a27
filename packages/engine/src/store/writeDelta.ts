import { Knex } from 'knex';
import { KindState } from '../graph/delta';
import {
  EDGE_FIELDS,
  NODE_NUMBERS,
  NODE_TEXTS,
  PackedDelta,
  REMOVED_EDGE_FIELDS,
} from '../graph/packedDelta';
import { KindId, kindText } from '../kinds/identity';
import { Bulk, Row } from './bulk';
import { changedNodesText } from './changedNodes';
import { ClusterLease, inWrite } from './clusterLease';
import { Dictionaries } from './dictionaries';
import { takeFromBlock } from './nodeIds';
import { storableText } from './postgresJson';
import { selectRows, SqlDialect } from './sqlDialect';
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
import { Versions } from './versions';

/**
 * Writes what a batch changed as one revision, in one transaction: all of it or nothing. What goes is taken away
 * first, so that a name may come back under another id. The revision is numbered last: its row lock then orders
 * writers by their commits, and a reader that saw revision n has seen all before it.
 */
export async function writeDelta(
  { knex, dialect }: { knex: Knex; dialect: SqlDialect },
  dictionaries: Dictionaries,
  delta: PackedDelta,
  lease?: ClusterLease,
): Promise<number> {
  const clusterId = await dictionaries.clusterId(delta.cluster, delta.at);
  const kindIds = await dictionaries.kindIds(kindsOf(delta));
  const kindId = (kind: KindId) => kindIds.get(kindText(kind))!;
  const relations = delta.relations.map(name => dictionaries.relationId(name));
  const { bulk } = dialect;
  return inWrite({ knex, dialect, lease }, async trx => {
    const at = await moveClock(trx, clusterId, delta.at);
    const versions = new Versions(trx, bulk, { clusterId, at });
    await removeRows(trx, bulk, versions, {
      nodes: delta.removedNodes,
      edges: removedEdgeRows(delta, relations),
    });
    const nodes = nodeRows(delta, {
      clusterId,
      kinds: delta.kinds.map(kindId),
      at,
    });
    await bulk.append(trx, NODE_UPSERT, nodes.slice(0, delta.newNodes));
    const knownNodes = nodes.slice(delta.newNodes);
    await versions.closeNodes(knownNodes.map(identityOf));
    await bulk.upsert(trx, NODE_UPSERT, knownNodes);
    await versions.closeNodes(delta.verdicts);
    await bulk.update(
      trx,
      VERDICT_UPDATE,
      delta.verdicts.map(({ id, level, verdict, hash }) => [
        id,
        level,
        verdict,
        hash,
        at,
      ]),
    );
    const edges = edgeRows(delta, relations, at);
    await bulk.append(trx, EDGE_UPSERT, edges.slice(0, delta.newEdges));
    const knownEdges = edges.slice(delta.newEdges);
    await versions.closeEdges(knownEdges);
    await bulk.upsert(trx, EDGE_UPSERT, knownEdges);
    await writeEvents(trx, dialect, delta);
    await bulk.upsert(
      trx,
      KIND_STATE_UPSERT,
      latestStates(delta.kindStates).map(state => [
        clusterId,
        kindId(state.kind),
        state.state,
        state.state === 'listed' ? state.resourceVersion : '',
        'objects' in state ? state.objects ?? 0 : 0,
        'expected' in state ? state.expected ?? 0 : 0,
        'message' in state ? state.message ?? '' : '',
        delta.at,
      ]),
    );
    if (delta.followedKinds) {
      await trx('kind_states')
        .where({ cluster_id: clusterId })
        .whereNotIn('kind_id', delta.followedKinds.map(kindId))
        .delete();
    }
    if (delta.clusterState) {
      const { state, message } = delta.clusterState;
      await writeClusterState(trx, clusterId, { state, message, at: delta.at });
    }
    return writeRevision(trx, {
      clusterId,
      at,
      nodes: nodes.length + delta.removedNodes.length + delta.verdicts.length,
      edges: edges.length + delta.removedEdges.length / REMOVED_EDGE_FIELDS,
      fencing: lease?.fencing,
      changed: changedNodesText(delta),
    });
  });
}

/** What goes is closed first. Edges go with their nodes, each of them once. */
async function removeRows(
  trx: Knex.Transaction,
  bulk: Bulk,
  versions: Versions,
  removed: { nodes: readonly number[]; edges: readonly Row[] },
): Promise<void> {
  const nodes = removed.nodes.map(id => [id]);
  await versions.endEdgesOf(removed.nodes, 'src');
  await bulk.remove(trx, EDGES_OUT_OF_REMOVAL, nodes);
  await versions.endEdgesOf(removed.nodes, 'dst');
  await bulk.remove(trx, EDGES_INTO_REMOVAL, nodes);
  await versions.endNodes(removed.nodes);
  await bulk.remove(trx, NODE_REMOVAL, nodes);
  await versions.endEdges(removed.edges);
  await bulk.remove(trx, EDGE_REMOVAL, removed.edges);
}

/** In the order of `NODE_UPSERT`'s columns. */
function nodeRows(
  { nodeNumbers: numbers, nodeTexts: texts }: PackedDelta,
  ids: { clusterId: number; kinds: readonly number[]; at: number },
): Row[] {
  const rows: Row[] = [];
  let text = 0;
  for (let at = 0; at < numbers.length; at += NODE_NUMBERS) {
    const row: Row = [
      numbers[at],
      ids.clusterId,
      ids.kinds[numbers[at + 1]],
      ...texts.slice(text, text + NODE_TEXTS.length),
      Number.isNaN(numbers[at + 2]) ? undefined : numbers[at + 2],
      ids.at,
      1,
    ];
    rows.push(row);
    text += NODE_TEXTS.length;
  }
  return rows;
}

const ID = 0;
const HASH = 3 + NODE_TEXTS.indexOf('hash');

function identityOf(row: Row): { id: number; hash: string } {
  return { id: row[ID] as number, hash: row[HASH] as string };
}

/** In the order of `EDGE_UPSERT`'s columns. */
function edgeRows(
  { edges, details }: PackedDelta,
  relations: readonly number[],
  time: number,
): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < edges.length; at += EDGE_FIELDS) {
    rows.push([
      edges[at],
      relations[edges[at + 1]],
      edges[at + 2],
      edges[at + 3],
      details[edges[at + 4]],
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

/**
 * The time of a batch. It never goes back in a cluster, whatever the clock does: else two versions of one node would be
 * valid at one time. Orders the writers of a cluster, too, by the row's lock.
 */
async function moveClock(
  trx: Knex.Transaction,
  clusterId: number,
  at: number,
): Promise<number> {
  const [cluster] = await selectRows<{ written_at: number | string }>(
    trx,
    `UPDATE clusters SET written_at =
       CASE WHEN written_at > CAST(? AS bigint) THEN written_at ELSE CAST(? AS bigint) END
     WHERE id = ? RETURNING written_at`,
    [at, at, clusterId],
  );
  return cluster ? Number(cluster.written_at) : at;
}

export async function writeRevision(
  trx: Knex.Transaction,
  revision: {
    clusterId: number;
    at: number;
    nodes: number;
    edges: number;
    fencing?: number;
    /** As `changedNodesText` writes them; without, everything may have changed. */
    changed?: string;
  },
): Promise<number> {
  const id = (await takeFromBlock(trx, 'revision', 1)) - 1;
  await trx('revisions').insert({
    id,
    cluster_id: revision.clusterId,
    at: revision.at,
    nodes: revision.nodes,
    edges: revision.edges,
    fencing: revision.fencing ?? 0,
    ...(revision.changed !== undefined && { changed: revision.changed }),
  });
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
  yield* delta.followedKinds ?? [];
}
