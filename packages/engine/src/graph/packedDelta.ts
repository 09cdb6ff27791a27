import { KindId, kindText } from '../kinds/identity';
import {
  EdgeRow,
  EventRow,
  GraphDelta,
  KindState,
  NodeId,
  NodeRow,
} from './delta';

/** JSON as text, once nobody looks into it any more. */
export type JsonText = string;

export interface PackedNode {
  id: NodeId;
  /** Index into `kinds`. */
  kind: number;
  namespace: string;
  name: string;
  key: string;
  uid: string | undefined;
  level: string;
  labels: JsonText;
  properties: JsonText;
  verdict: JsonText;
  hash: string;
  createdAt: number | undefined;
}

export interface PackedVerdict {
  id: NodeId;
  level: string;
  verdict: JsonText;
  hash: string;
}

/** Integers of an edge in `edges`: source, index into `relations`, target, 1 when required. */
export const EDGE_FIELDS = 4;
/** Integers of an edge in `removedEdges`: source, index into `relations`, target. */
export const REMOVED_EDGE_FIELDS = 3;

/**
 * A `GraphDelta` as it goes from thread to thread and into SQL: JSON is text, and edges are integers, which cost next
 * to nothing to hand over (an object for each edge costs more than writing it).
 */
export interface PackedDelta
  extends Pick<
    GraphDelta,
    | 'cluster'
    | 'at'
    | 'removedNodes'
    | 'removedEvents'
    | 'kindStates'
    | 'followedKinds'
    | 'clusterState'
  > {
  kinds: KindId[];
  relations: string[];
  /** The first so many have no row in the database. */
  newNodes: number;
  nodes: PackedNode[];
  verdicts: PackedVerdict[];
  /** The first so many have no row in the database. */
  newEdges: number;
  edges: Int32Array<ArrayBuffer>;
  /** By the number of the edge; most have none. */
  edgeDetails: ReadonlyMap<number, JsonText>;
  removedEdges: Int32Array<ArrayBuffer>;
  events: EventRow[];
  kindStates: KindState[];
}

/** Values by their number in the order of their first use. */
class Numbered<Value> {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  number(text: string, value: Value): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.values.push(value) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

export function packDelta(delta: GraphDelta): PackedDelta {
  const kinds = new Numbered<KindId>();
  const relations = new Numbered<string>();
  const nodes = newFirst(delta.nodes);
  const edges = newFirst(delta.edges);
  sortNew(edges);
  const edgeDetails = new Map<number, JsonText>();
  const detailTexts = new Map<object, JsonText>();
  const ends = new Int32Array(edges.rows.length * EDGE_FIELDS);
  edges.rows.forEach(({ source, relation, target, required, details }, nth) => {
    const at = nth * EDGE_FIELDS;
    ends[at] = source;
    ends[at + 1] = relations.number(relation, relation);
    ends[at + 2] = target;
    ends[at + 3] = required ? 1 : 0;
    if (details) {
      let text = detailTexts.get(details);
      if (text === undefined) {
        text = JSON.stringify(details);
        detailTexts.set(details, text);
      }
      edgeDetails.set(nth, text);
    }
  });
  return {
    cluster: delta.cluster,
    at: delta.at,
    newNodes: nodes.count,
    nodes: nodes.rows.map(node => packNode(node, delta, kinds)),
    verdicts: (delta.verdicts ?? []).map(({ id, verdict, hash }) => ({
      id,
      level: verdict.level,
      verdict: JSON.stringify(verdict),
      hash,
    })),
    removedNodes: delta.removedNodes,
    newEdges: edges.count,
    edges: ends,
    edgeDetails,
    removedEdges: packEnds(delta.removedEdges, relations),
    events: delta.events,
    removedEvents: delta.removedEvents,
    kindStates: delta.kindStates,
    followedKinds: delta.followedKinds,
    clusterState: delta.clusterState,
    kinds: kinds.values,
    relations: relations.values,
  };
}

function packNode(
  node: NodeRow,
  { texts }: GraphDelta,
  kinds: Numbered<KindId>,
): PackedNode {
  const text = texts?.get(node.id);
  return {
    id: node.id,
    kind: kinds.number(kindText(node.kind), node.kind),
    namespace: node.namespace,
    name: node.name,
    key: node.key,
    uid: node.uid,
    level: node.verdict.level,
    labels: text?.labels ?? JSON.stringify(node.labels),
    properties: text?.properties ?? JSON.stringify(node.properties),
    verdict: text?.verdict ?? JSON.stringify(node.verdict),
    hash: node.hash,
    createdAt: node.createdAt,
  };
}

function packEnds(
  edges: readonly Pick<EdgeRow, 'source' | 'relation' | 'target'>[],
  relations: Numbered<string>,
): Int32Array<ArrayBuffer> {
  const ends = new Int32Array(edges.length * REMOVED_EDGE_FIELDS);
  edges.forEach(({ source, relation, target }, nth) => {
    const at = nth * REMOVED_EDGE_FIELDS;
    ends[at] = source;
    ends[at + 1] = relations.number(relation, relation);
    ends[at + 2] = target;
  });
  return ends;
}

function newFirst<Row extends { isNew?: boolean }>(
  rows: readonly Row[],
): { rows: Row[]; count: number } {
  const isNew = rows.filter(row => row.isNew);
  return {
    rows: [...isNew, ...rows.filter(row => !row.isNew)],
    count: isNew.length,
  };
}

/** In the order of their table's key, an insert goes where the one before it went: half the time on SQLite. */
function sortNew({ rows, count }: { rows: EdgeRow[]; count: number }): void {
  const isNew = rows.slice(0, count);
  isNew.sort(
    (one, other) => one.source - other.source || one.target - other.target,
  );
  for (let nth = 0; nth < count; nth++) {
    rows[nth] = isNew[nth];
  }
}
