import { KindId, kindText, nodeKey, NodeKey } from '../../kinds/identity';
import { EventObservation, Observation } from '../../kinds/observation';
import { Verdict } from '../../kinds/status';
import { KindUpdate, Unavailability } from '../../kinds/update';
import { ClusterGraph } from '../clusterGraph';
import { GraphDelta, NodeId } from '../delta';
import { EventBounds } from '../eventBook';
import { StoredCluster } from '../storedCluster';
import { WATCHED } from './actions';
import { DeltaTable } from '../__fixtures__/deltaTable';
import { CLUSTER_NAME, KINDS, ownerRelation, RELATIONS } from './madeUpKinds';

/** A graph that is told things, and the table that its deltas make. */
export class Told {
  readonly graph: ClusterGraph;
  readonly table: DeltaTable;
  now = 1_000;

  constructor(
    options: {
      restored?: StoredCluster;
      table?: DeltaTable;
      events?: EventBounds;
    } = {},
  ) {
    this.table = options.table ?? new DeltaTable();
    let nextId = Math.max(0, ...this.table.nodes.keys()) + 1;
    this.graph = ClusterGraph.create({
      cluster: CLUSTER_NAME,
      kinds: KINDS,
      relations: RELATIONS,
      ownerRelation,
      allocateId: () => nextId++ as NodeId,
      restored: options.restored,
      events: options.events,
    });
  }

  tell(update: KindUpdate): GraphDelta {
    const delta = this.graph.apply(update, this.now);
    this.table.apply(delta);
    return delta;
  }

  list(kind: KindId, ...observed: (Observation | EventObservation)[]): this {
    this.tell({ type: 'listing', kind });
    this.tell({ type: 'page', kind, observed });
    this.tell({ type: 'listed', kind, resourceVersion: '1' });
    return this;
  }

  /** Lists every kind with what there is of it. */
  listAll(...observed: (Observation | EventObservation)[]): this {
    for (const kind of WATCHED) {
      const text = kindText(kind);
      this.list(
        kind,
        ...observed.filter(
          each =>
            (each.type === 'event' ? 'Event' : kindText(each.kind)) === text,
        ),
      );
    }
    return this;
  }

  upsert(observed: Observation): GraphDelta {
    return this.tell({
      type: 'changed',
      kind: observed.kind,
      changes: [{ type: 'upsert', observed }],
    });
  }

  event(observed: EventObservation): GraphDelta {
    const kind = { group: '', kind: 'Event' };
    return this.tell({
      type: 'changed',
      kind,
      changes: [{ type: 'upsert', observed }],
    });
  }

  remove(kind: KindId, key: NodeKey, uid?: string): GraphDelta {
    return this.tell({
      type: 'changed',
      kind,
      changes: [{ type: 'remove', key, uid }],
    });
  }

  unavailable(kind: KindId, why: Unavailability): GraphDelta {
    return this.tell({ type: 'unavailable', kind, why, message: 'no' });
  }

  tick(at: number): GraphDelta | undefined {
    this.now = at;
    const delta = this.graph.tick(at);
    if (delta) {
      this.table.apply(delta);
    }
    return delta;
  }

  verdict(kind: KindId, namespace: string, name: string): Verdict | undefined {
    const key = nodeKey({ cluster: CLUSTER_NAME, kind, namespace, name });
    return [...this.table.nodes.values()].find(row => row.key === key)?.verdict;
  }

  /** `missing NotFound`, or `-` when there is no such node. */
  status(kind: KindId, namespace: string, name: string): string {
    const verdict = this.verdict(kind, namespace, name);
    return verdict ? `${verdict.level} ${verdict.reason}` : '-';
  }

  /** `a gate-widget b` for every edge of some relations. */
  edges(...relations: string[]): string[] {
    const name = (id: NodeId) =>
      this.table.nodes.get(id)!.key.split('/').slice(2).join('/');
    return [...this.table.edges.values()]
      .filter(edge => relations.includes(edge.relation))
      .map(edge => `${name(edge.source)} ${edge.relation} ${name(edge.target)}`)
      .sort();
  }
}
