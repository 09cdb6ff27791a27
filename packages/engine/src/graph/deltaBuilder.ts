import { Changes } from './changes';
import { withoutHeartbeat } from '../kinds/status';
import {
  ContentTexts,
  EdgeRow,
  EventRow,
  GraphDelta,
  NodeId,
  NodeRow,
  RowTexts,
} from './delta';
import { DetailTexts, edgePrint, EdgeSet } from './edgeSet';
import { BookedEvent, EventBook, eventPrint } from './eventBook';
import { rowHash } from './fingerprint';
import { GraphKind } from './graphKind';
import { Edge, GraphNode } from './graphNode';
import { contentInContext } from './missingKeys';
import { NodeSet } from './nodeSet';
import { contentPrint } from './objects';

const NO_CONTENT: ContentTexts = { labels: '{}', properties: '{}' };

export type RowChanges = Pick<
  GraphDelta,
  | 'nodes'
  | 'removedNodes'
  | 'edges'
  | 'removedEdges'
  | 'events'
  | 'removedEvents'
> &
  Required<Pick<GraphDelta, 'verdicts'>> & {
    texts: Map<NodeId, RowTexts>;
  };

export function noRowChanges(): RowChanges {
  return {
    nodes: [],
    texts: new Map(),
    verdicts: [],
    removedNodes: [],
    edges: [],
    removedEdges: [],
    events: [],
    removedEvents: [],
  };
}

/**
 * Compares what was touched with what the database has, and takes it for written. What is not part of the graph any
 * more leaves memory here: until now it may have come back.
 */
export function takeRowChanges(graph: {
  nodes: NodeSet;
  edges: EdgeSet;
  events: EventBook;
  changes: Changes;
  /** Whether the kind's first list is still to come. */
  awaits(kind: GraphKind): boolean;
}): RowChanges {
  const { changes } = graph;
  const rows = noRowChanges();
  for (const node of changes.nodes) {
    takeNode(node, graph, rows);
  }
  const texts: DetailTexts = new Map();
  for (const edge of changes.edges) {
    if (!isAwaited(edge.source, graph) && !isAwaited(edge.target, graph)) {
      takeEdge(edge, graph.edges, rows, texts);
    }
  }
  for (const { source, relation, target } of changes.obsoleteEdges) {
    rows.removedEdges.push({ source, relation, target });
  }
  for (const row of graph.events.changed) {
    takeEvent(row, rows);
  }
  changes.nodes.clear();
  changes.edges.clear();
  changes.contents.clear();
  changes.verdictTexts.clear();
  changes.obsoleteEdges.length = 0;
  graph.events.changed.clear();
  return rows;
}

function takeNode(
  node: GraphNode,
  graph: {
    nodes: NodeSet;
    edges: EdgeSet;
    changes: Changes;
    awaits(kind: GraphKind): boolean;
  },
  rows: RowChanges,
): void {
  if (node.presence === 'restored') {
    return;
  }
  if (node.presence === 'ghost') {
    if (!node.hasLiveEdges()) {
      forget(node, graph, rows.removedNodes);
      return;
    }
    if (isAwaited(node, graph)) {
      graph.changes.awaited.add(node);
      return;
    }
    node.contentPrint = contentPrint({ name: node.name }, NO_CONTENT);
  }
  const { contentPrint: content, verdictPrint: verdict } = node;
  const sameContent = node.published && content === node.publishedContent;
  if (sameContent && verdict === node.publishedVerdict) {
    return;
  }
  const hash = rowHash(content, verdict);
  if (sameContent) {
    const written = withoutHeartbeat(node.verdict);
    rows.verdicts.push({ id: node.id, verdict: written, hash });
  } else {
    const row = nodeRow(node, graph.changes, hash);
    if (!node.published) {
      row.isNew = true;
    }
    rows.nodes.push(row);
    const texts = graph.changes.contents.get(node)?.texts;
    const text = graph.changes.verdictTexts.get(node.verdict);
    if (texts || text) {
      rows.texts.set(row.id, { ...texts, verdict: text });
    }
  }
  node.published = true;
  node.publishedContent = content;
  node.publishedVerdict = verdict;
}

function nodeRow(node: GraphNode, changes: Changes, hash: string): NodeRow {
  const { id, key, kind, namespace, name, uid, verdict, createdAt } = node;
  const content = changes.contents.get(node);
  return {
    id,
    key,
    kind: kind.id,
    namespace,
    name,
    uid,
    labels: content?.labels ?? {},
    properties: content?.properties ?? {},
    verdict: withoutHeartbeat(verdict),
    createdAt,
    hash,
  };
}

/** It would be written as unknown, and a moment later as what it is. */
function isAwaited(
  node: GraphNode,
  { awaits }: { awaits(kind: GraphKind): boolean },
): boolean {
  return node.presence === 'ghost' && !node.published && awaits(node.kind);
}

function forget(
  node: GraphNode,
  graph: { nodes: NodeSet; edges: EdgeSet; changes: Changes },
  removed: NodeId[],
): void {
  for (const edge of [...node.in, ...node.out]) {
    graph.edges.detach(edge);
    graph.changes.edges.delete(edge);
  }
  graph.nodes.forget(node);
  graph.changes.awaited.delete(node);
  if (node.published) {
    node.published = false;
    removed.push(node.id);
  }
}

function takeEdge(
  edge: Edge,
  edges: EdgeSet,
  rows: RowChanges,
  texts: DetailTexts,
): void {
  if (edge.live) {
    const content = contentInContext(edge);
    const print = edgePrint(content, texts);
    if (print !== edge.published) {
      const row = edgeRow(endsOf(edge), content);
      if (edge.published === 0) {
        row.isNew = true;
      }
      edge.published = print;
      rows.edges.push(row);
    }
  } else if (edge.outAt >= 0) {
    edges.detach(edge);
    if (edge.published !== 0) {
      edge.published = 0;
      rows.removedEdges.push(endsOf(edge));
    }
  }
}

function endsOf({ source, relation, target }: Edge) {
  return { source: source.id, relation: relation.name, target: target.id };
}

export function edgeRow(
  ends: Pick<EdgeRow, 'source' | 'relation' | 'target'>,
  content: Pick<EdgeRow, 'required' | 'details'>,
): EdgeRow {
  const { source, relation, target } = ends;
  const { required, details } = content;
  return details && Object.keys(details).length > 0
    ? { source, relation, target, required, details }
    : { source, relation, target, required };
}

function takeEvent(row: BookedEvent, rows: RowChanges): void {
  const { about, reason, source } = row;
  if (row.dropped) {
    if (row.published !== 0) {
      rows.removedEvents.push({ about, reason, source });
    }
    return;
  }
  const print = eventPrint(row);
  if (print !== row.published) {
    row.published = print;
    rows.events.push(eventRow(row));
  }
}

export function eventRow(row: BookedEvent): EventRow {
  const { about, reason, source, eventType, message } = row;
  const { count, firstAt, lastAt } = row;
  return {
    about,
    reason,
    source,
    eventType,
    message,
    count,
    firstAt,
    lastAt,
  };
}
