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

/** Numbers of a node in `nodeNumbers`: id, index into `kinds`, createdAt (`NaN` when it has none). */
export const NODE_NUMBERS = 3;
/** Texts of a node in `nodeTexts`, JSON where the store has JSON. */
export const NODE_TEXTS = [
  'namespace',
  'name',
  'key',
  'uid',
  'level',
  'labels',
  'properties',
  'verdict',
  'hash',
] as const;

export interface PackedVerdict {
  id: NodeId;
  level: string;
  verdict: JsonText;
  hash: string;
}

/** Integers of an edge in `edges`: source, index into `relations`, target, 1 when required, index into `details` or -1. */
export const EDGE_FIELDS = 5;
/** Integers of an edge in `removedEdges`: source, index into `relations`, target. */
export const REMOVED_EDGE_FIELDS = 3;

/**
 * A `GraphDelta` as it goes from thread to thread and into SQL: JSON is text, and nodes and edges are columns, which cost
 * half of what objects do to hand over (an object for each edge costs more than writing it).
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
  nodeNumbers: Float64Array<ArrayBuffer>;
  nodeTexts: (string | undefined)[];
  verdicts: PackedVerdict[];
  /** The first so many have no row in the database. */
  newEdges: number;
  edges: Int32Array<ArrayBuffer>;
  /** Of edges; many share theirs. */
  details: JsonText[];
  removedEdges: Int32Array<ArrayBuffer>;
  events: EventRow[];
  kindStates: KindState[];
  /** Of the graph as it was handed over, for metrics: what it holds, and the objects that waited for it. */
  graph?: {
    nodes: number;
    edges: number;
    queued: number;
    /** When the oldest change in the delta arrived. */
    since: number | undefined;
  };
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

/** The JSON of objects by their number; the same object is the same text. */
class NumberedObjects {
  readonly texts: JsonText[] = [];
  readonly #numbers = new Map<object, number>();

  number(value: object): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.texts.push(JSON.stringify(value)) - 1;
      this.#numbers.set(value, number);
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
  const details = new NumberedObjects();
  const ends = new Int32Array(edges.rows.length * EDGE_FIELDS);
  edges.rows.forEach((edge, nth) => {
    const at = nth * EDGE_FIELDS;
    ends[at] = edge.source;
    ends[at + 1] = relations.number(edge.relation, edge.relation);
    ends[at + 2] = edge.target;
    ends[at + 3] = edge.required ? 1 : 0;
    ends[at + 4] = edge.details ? details.number(edge.details) : -1;
  });
  return {
    cluster: delta.cluster,
    at: delta.at,
    newNodes: nodes.count,
    ...packNodes(nodes.rows, delta, kinds),
    verdicts: (delta.verdicts ?? []).map(({ id, verdict, hash }) => ({
      id,
      level: verdict.level,
      verdict: JSON.stringify(verdict),
      hash,
    })),
    removedNodes: delta.removedNodes,
    newEdges: edges.count,
    edges: ends,
    details: details.texts,
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

function packNodes(
  nodes: readonly NodeRow[],
  { texts }: GraphDelta,
  kinds: Numbered<KindId>,
): Pick<PackedDelta, 'nodeNumbers' | 'nodeTexts'> {
  const nodeNumbers = new Float64Array(nodes.length * NODE_NUMBERS);
  const nodeTexts: (string | undefined)[] = [];
  nodes.forEach((node, nth) => {
    const at = nth * NODE_NUMBERS;
    nodeNumbers[at] = node.id;
    nodeNumbers[at + 1] = kinds.number(kindText(node.kind), node.kind);
    nodeNumbers[at + 2] = node.createdAt ?? NaN;
    const text = texts?.get(node.id);
    nodeTexts.push(
      node.namespace,
      node.name,
      node.key,
      node.uid,
      node.verdict.level,
      text?.labels ?? JSON.stringify(node.labels),
      text?.properties ?? JSON.stringify(node.properties),
      text?.verdict ?? JSON.stringify(node.verdict),
      node.hash,
    );
  });
  return { nodeNumbers, nodeTexts };
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
