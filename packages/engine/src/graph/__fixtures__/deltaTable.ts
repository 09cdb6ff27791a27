import { EdgeRow, EventRow, GraphDelta, NodeId, NodeRow } from '../delta';
import { canonicalJson } from '../fingerprint';

/** What the database would hold: applies deltas strictly, so that a delta that says too much fails. */
export class DeltaTable {
  readonly nodes = new Map<NodeId, NodeRow>();
  readonly edges = new Map<string, EdgeRow>();
  readonly events = new Map<string, EventRow>();

  apply(delta: GraphDelta): void {
    for (const id of delta.removedNodes) {
      if (!this.nodes.delete(id)) {
        throw new Error(`Node ${id} is removed, but was not there`);
      }
      for (const [key, edge] of this.edges) {
        if (edge.source === id || edge.target === id) {
          this.edges.delete(key);
        }
      }
    }
    for (const { isNew = false, ...node } of delta.nodes) {
      if (isNew === this.nodes.has(node.id)) {
        throw new Error(`${node.key} is new: ${isNew}, which is not so`);
      }
      const before = this.nodes.get(node.id);
      if (before?.hash === node.hash) {
        throw new Error(`${node.key} is written, but did not change`);
      }
      for (const other of this.nodes.values()) {
        if (other.key === node.key && other.id !== node.id) {
          throw new Error(`${node.key} has two ids`);
        }
      }
      this.nodes.set(node.id, node);
    }
    for (const { id, verdict, hash } of delta.verdicts ?? []) {
      const before = this.nodes.get(id);
      if (!before || before.hash === hash) {
        throw new Error(`The verdict on ${before?.key ?? id} did not change`);
      }
      this.nodes.set(id, { ...before, verdict, hash });
    }
    for (const edge of delta.removedEdges) {
      if (!this.edges.delete(edgeKey(edge))) {
        throw new Error(`${edgeKey(edge)} is removed, but was not there`);
      }
    }
    for (const { isNew = false, ...edge } of delta.edges) {
      const key = edgeKey(edge);
      if (isNew === this.edges.has(key)) {
        throw new Error(`${key} is new: ${isNew}, which is not so`);
      }
      if (canonicalJson(this.edges.get(key)) === canonicalJson(edge)) {
        throw new Error(`${key} is written, but did not change`);
      }
      if (!this.nodes.has(edge.source) || !this.nodes.has(edge.target)) {
        throw new Error(`${key} has an end that is not there`);
      }
      this.edges.set(key, edge);
    }
    for (const event of delta.removedEvents) {
      if (!this.events.delete(eventKey(event))) {
        throw new Error(`${eventKey(event)} is removed, but was not there`);
      }
    }
    for (const event of delta.events) {
      this.events.set(eventKey(event), event);
    }
  }

  /** Comparable with another graph's, whose ids differ. */
  content(): { nodes: unknown; edges: unknown; events: unknown } {
    const nodes = [...this.nodes.values()].map(({ id: _, ...row }) => row);
    const name = (id: NodeId) => this.nodes.get(id)?.key;
    const edges = [...this.edges.values()].map(edge => ({
      ...edge,
      source: name(edge.source),
      target: name(edge.target),
    }));
    return {
      nodes: sorted(nodes),
      edges: sorted(edges),
      events: sorted([...this.events.values()]),
    };
  }
}

export function sorted(rows: readonly unknown[]): string[] {
  return rows.map(canonicalJson).sort();
}

function edgeKey(edge: Pick<EdgeRow, 'source' | 'relation' | 'target'>) {
  return `${edge.source} ${edge.relation} ${edge.target}`;
}

export function eventKey(
  event: Pick<EventRow, 'about' | 'reason' | 'source'>,
): string {
  return `${event.about} ${event.reason} ${event.source}`;
}
