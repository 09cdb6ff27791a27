import { observeCluster } from '../kinds/cluster';
import { KindId, kindText, NodeKey } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';
import { Observation, Observed } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { ownerRelation as ownerRelationOf } from '../kinds/relations';
import { KindUpdate } from '../kinds/update';
import { Changes } from './changes';
import { judgeInContext } from './contextJudge';
import { GraphDelta, KindState, NodeId } from './delta';
import { noRowChanges, takeRowChanges } from './deltaBuilder';
import { DueQueue } from './dueQueue';
import { EdgeSet } from './edgeSet';
import { EventBook, EventBounds } from './eventBook';
import { verdictPrint } from './fingerprint';
import { GraphKind } from './graphKind';
import { GraphNode } from './graphNode';
import { Linker } from './linker';
import { assertRelations } from './linksOf';
import { NodeSet } from './nodeSet';
import { Objects } from './objects';
import { judgeOwn } from './ownJudge';
import { Restored } from './restored';
import { SelectorLinker } from './selectorLinker';
import { storedClusterOf } from './storedClusterOf';
import { StoredCluster } from './storedCluster';

export interface ClusterGraphOptions {
  cluster: string;
  /** Those with a `plural` are watched; the others (containers, the cluster itself) come with something else. */
  kinds: readonly KindDefinition[];
  relations: readonly Relation[];
  /** The relation of an owner reference (the owner is the edge's source); default: `kinds/relations.ts`. */
  ownerRelation?: (owner: KindId, owned: KindId) => Relation;
  /** Must not fail within `apply`: reserve `newNodesAtMost(update)` ids before. */
  allocateId: () => NodeId;
  /** What the database has of the cluster from before a restart. */
  restored?: StoredCluster;
  events?: EventBounds;
}

const EVENT_BOUNDS: EventBounds = { perObject: 20, total: 50_000 };

/**
 * The graph of one cluster, in memory, without its objects: takes what the cluster stage observes and says what has
 * to be written. Synchronous and deterministic; an update costs in proportion to what it touches.
 *
 * While the first lists are on their way nothing is judged by its neighbours, for half of them are not there yet;
 * after a restart nothing is written either until every kind was listed once or cannot be, and then only what differs.
 */
export class ClusterGraph {
  readonly #cluster: string;
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #watched: readonly GraphKind[];
  readonly #nodes: NodeSet;
  readonly #edges: EdgeSet;
  readonly #events: EventBook;
  readonly #objects: Objects;
  readonly #changes = new Changes();
  readonly #due = new DueQueue();
  #restored: Restored | undefined;
  #root: Observation | undefined;
  #settled = false;
  #kindStates: KindState[] = [];
  #clusterState = '';
  #now = 0;

  static create(options: ClusterGraphOptions): ClusterGraph {
    return new ClusterGraph(options);
  }

  private constructor(options: ClusterGraphOptions) {
    const changes = this.#changes;
    const relations = new Map(
      options.relations.map(relation => [relation.name, relation]),
    );
    const nodes = new NodeSet(options);
    const edges = new EdgeSet(changes);
    const selectors = new SelectorLinker(nodes, edges);
    const { ownerRelation = ownerRelationOf } = options;
    const linker = new Linker({ nodes, edges, selectors, ownerRelation });
    this.#cluster = options.cluster;
    this.#relations = relations;
    this.#nodes = nodes;
    this.#edges = edges;
    this.#events = new EventBook(options.events ?? EVENT_BOUNDS);
    this.#watched = options.kinds
      .filter(kind => kind.plural !== '')
      .map(kind => nodes.kind(kind.id));
    this.#objects = new Objects({
      nodes,
      linker,
      selectors,
      changes,
      relations,
    });
    const events = this.#events;
    this.#restored =
      options.restored &&
      new Restored(options.restored, {
        nodes,
        edges,
        events,
        changes,
        relations,
      });
    this.#root = observeCluster(options.cluster);
  }

  /**
   * @param now milliseconds since the epoch; verdicts that come due by then are part of the answer
   * @throws UnknownRelationError before anything was changed
   */
  apply(update: KindUpdate, now: number): GraphDelta {
    this.#assertRelations(update);
    this.#plantRoot();
    const kind = this.#nodes.kind(update.kind);
    switch (update.type) {
      case 'listing':
        kind.listing = true;
        kind.generation++;
        this.#kindStates.push({ state: 'listing', kind: kind.id });
        break;
      case 'page':
        for (const observed of update.observed) {
          this.#observe(observed, kind);
        }
        break;
      case 'listed':
        this.#finishList(kind, update.resourceVersion);
        break;
      case 'changed':
        for (const change of update.changes) {
          if (change.type === 'upsert') {
            this.#observe(change.observed, kind);
          } else {
            this.#remove(change.key, change.uid);
          }
        }
        kind.resourceVersion = update.resourceVersion ?? kind.resourceVersion;
        break;
      case 'unavailable':
        this.#giveUp(kind, update);
        break;
      default:
        update satisfies never;
    }
    this.#settle(now);
    return this.#takeDelta(
      update.type === 'changed' && kind.knowledge.state === 'complete'
        ? kind
        : undefined,
    );
  }

  /** Verdicts that change by time alone; `undefined` when none did. */
  tick(now: number): GraphDelta | undefined {
    this.#settle(now);
    const delta = this.#takeDelta();
    return isEmptyDelta(delta) ? undefined : delta;
  }

  /** When `tick` has something to do, milliseconds since the epoch. */
  nextDue(): number | undefined {
    return this.#due.next();
  }

  /** What the database holds when all deltas were written. */
  stored(): StoredCluster {
    return storedClusterOf(this.#nodes, this.#events, this.#restored);
  }

  /** The cluster's own node comes with the first update: its id has to be reserved, too. */
  #plantRoot(): void {
    if (this.#root) {
      this.#objects.upsert(this.#root, 0);
      this.#root = undefined;
    }
  }

  #assertRelations(update: KindUpdate): void {
    const observed =
      update.type === 'page'
        ? update.observed
        : update.type === 'changed'
        ? update.changes.flatMap(change =>
            change.type === 'upsert' ? [change.observed] : [],
          )
        : [];
    for (const each of observed) {
      if (each.type === 'object') {
        assertRelations(each, this.#relations);
      }
    }
  }

  #observe(observed: Observed, kind: GraphKind): void {
    if (observed.type === 'object') {
      this.#objects.upsert(observed, kind.generation);
    } else {
      this.#rejudge(this.#events.record(observed, kind.generation));
    }
  }

  #remove(key: NodeKey, uid: string | undefined): void {
    const event = this.#events.withEvent(key);
    if (event) {
      event.withdrawn = true;
      this.#rejudge([event.about]);
      return;
    }
    const node = this.#nodes.get(key);
    const isFormer =
      uid !== undefined && node?.uid !== undefined && node.uid !== uid;
    if (node && node.presence !== 'ghost' && !node.partOf && !isFormer) {
      this.#objects.remove(node);
    }
  }

  #finishList(kind: GraphKind, resourceVersion: string): void {
    kind.listing = false;
    kind.knowledge = { state: 'complete' };
    kind.resourceVersion = resourceVersion;
    this.#removeObjects(kind, node => node.generation < kind.generation);
    this.#withdrawEvents(kind, kind.generation);
    this.#rejudgeGhosts(kind);
    this.#kindStates.push({
      state: 'listed',
      kind: kind.id,
      resourceVersion,
      objects: kind.objects,
    });
  }

  #giveUp(
    kind: GraphKind,
    update: Extract<KindUpdate, { type: 'unavailable' }>,
  ): void {
    const { why, message } = update;
    kind.listing = false;
    kind.knowledge = { state: why, message };
    // What may not be read any more is not shown any more; a failure, however, passes, and its objects stay.
    if (why !== 'failing') {
      this.#removeObjects(kind, () => true);
      this.#withdrawEvents(kind, Infinity);
    }
    this.#rejudgeGhosts(kind);
    this.#kindStates.push({ state: why, kind: kind.id, message });
  }

  #removeObjects(kind: GraphKind, gone: (node: GraphNode) => boolean): void {
    for (const node of [...kind.observedNodes()]) {
      if (!node.partOf && gone(node)) {
        this.#objects.remove(node);
      }
    }
    for (const node of [...kind.unobserved]) {
      if (node.presence === 'restored' && node.uid !== undefined) {
        this.#objects.remove(node);
      }
    }
  }

  /** What is known of a kind changed: what is said of those that were not observed, too. */
  #rejudgeGhosts(kind: GraphKind): void {
    for (const node of kind.unobserved) {
      this.#changes.unjudged.add(node);
    }
  }

  #withdrawEvents(kind: GraphKind, before: number): void {
    if (kind.id.group === '' && kind.id.kind === 'Event') {
      const gone = this.#events.unseenSince(before);
      for (const event of gone) {
        event.withdrawn = true;
      }
      this.#rejudge(gone.map(event => event.about));
    }
  }

  /** Events about an object changed. What nobody can be judged by and whose Event is gone is dropped. */
  #rejudge(keys: Iterable<NodeKey>): void {
    for (const key of keys) {
      const node = this.#nodes.get(key);
      if (node) {
        this.#changes.unjudged.add(node);
      } else if (!this.#restored) {
        this.#dropWithdrawn(key);
      }
    }
  }

  #dropWithdrawn(key: NodeKey): void {
    for (const event of this.#events.about(key)) {
      if (event.withdrawn) {
        this.#events.drop(event);
      }
    }
  }

  #settle(now: number): void {
    this.#now = Math.max(this.#now, now);
    for (const node of this.#due.due(this.#now)) {
      this.#changes.unjudged.add(node);
      this.#changes.seenDifferently.add(node);
    }
    const wasSettled = this.#settled;
    this.#settled ||= this.#watched.every(kind => kind.settled);
    if (this.#settled && !wasSettled) {
      this.#startJudgingInContext();
    }
    if (this.#restored) {
      if (!this.#settled) {
        return;
      }
      this.#sweepRestored(this.#restored);
    }
    this.#judge();
  }

  #startJudgingInContext(): void {
    for (const kind of this.#nodes.kinds()) {
      if (kind.definition?.judgeInContext) {
        for (const node of kind.observedNodes()) {
          this.#changes.seenDifferently.add(node);
        }
      }
    }
  }

  #sweepRestored(restored: Restored): void {
    const watched = new Set(this.#watched);
    restored.sweep({
      isWatched: node => watched.has(node.kind),
      refute: node => this.#objects.remove(node),
    });
    for (const event of this.#events.rows()) {
      if (event.withdrawn) {
        const node = this.#nodes.get(event.about);
        if (node) {
          this.#changes.unjudged.add(node);
        } else {
          this.#events.drop(event);
        }
      }
    }
    if (restored.isEmpty) {
      this.#restored = undefined;
    }
  }

  #judge(): void {
    const now = this.#now;
    const changes = this.#changes;
    for (const node of changes.unjudged) {
      if (node.presence !== 'restored') {
        const events = this.#events.about(node.key);
        const { own, due, expired } = judgeOwn(node, events, now);
        for (const event of expired) {
          this.#events.drop(event);
        }
        const print =
          own === node.declared ? node.currentPrint : verdictPrint(own);
        if (print !== node.ownPrint) {
          node.own = own;
          node.ownPrint = print;
          changes.seenDifferently.add(node);
        }
        node.ownDue = due;
        this.#schedule(node);
      }
    }
    changes.unjudged.clear();
    this.#judgeFinal();
  }

  #judgeFinal(): void {
    const changes = this.#changes;
    let judged: ReadonlySet<GraphNode> = changes.seenDifferently;
    if (this.#settled) {
      judged = judgeInContext(changes, this.#now);
    } else {
      for (const node of judged) {
        node.verdict = node.own;
      }
    }
    for (const node of judged) {
      if (node.presence !== 'restored') {
        const print =
          node.verdict === node.own
            ? node.ownPrint
            : verdictPrint(node.verdict);
        if (print !== node.verdictPrint) {
          node.verdictPrint = print;
          changes.nodes.add(node);
        }
        this.#schedule(node);
      }
    }
    changes.seenDifferently.clear();
    changes.relinked.clear();
  }

  #schedule(node: GraphNode): void {
    this.#due.schedule(
      node,
      node.presence === 'observed'
        ? Math.min(node.ownDue, node.verdict.sequel?.at ?? Infinity)
        : Infinity,
    );
  }

  #takeDelta(written?: GraphKind): GraphDelta {
    const holdsBack = this.#restored !== undefined && !this.#settled;
    const rows = holdsBack
      ? noRowChanges()
      : takeRowChanges({
          nodes: this.#nodes,
          edges: this.#edges,
          events: this.#events,
          changes: this.#changes,
        });
    const delta: GraphDelta = {
      cluster: this.#cluster,
      at: this.#now,
      ...rows,
      kindStates: this.#kindStates,
    };
    this.#kindStates = [];
    this.#addClusterState(delta);
    if (written && !isEmptyDelta(delta)) {
      delta.kindStates.push({
        state: 'listed',
        kind: written.id,
        resourceVersion: written.resourceVersion,
        objects: written.objects,
      });
    }
    return delta;
  }

  #addClusterState(delta: GraphDelta): void {
    const state = clusterState(this.#watched, this.#settled);
    const text = `${state.state} ${state.message}`;
    if (text !== this.#clusterState) {
      this.#clusterState = text;
      delta.clusterState = state;
    }
  }
}

function clusterState(
  watched: readonly GraphKind[],
  settled: boolean,
): NonNullable<GraphDelta['clusterState']> {
  const readable = watched.some(kind => kind.knowledge.state === 'complete');
  if (settled && !readable && watched.length > 0) {
    const [first] = watched;
    const { state } = first.knowledge;
    return {
      state: 'failing',
      message: `No kind can be read (${kindText(first.id)}: ${state})`,
    };
  }
  return { state: settled ? 'ready' : 'syncing', message: '' };
}

export function isEmptyDelta(delta: GraphDelta): boolean {
  return (
    delta.nodes.length === 0 &&
    (delta.verdicts?.length ?? 0) === 0 &&
    delta.removedNodes.length === 0 &&
    delta.edges.length === 0 &&
    delta.removedEdges.length === 0 &&
    delta.events.length === 0 &&
    delta.removedEvents.length === 0 &&
    delta.kindStates.length === 0 &&
    delta.clusterState === undefined
  );
}

/** How many ids `apply` may ask for: a node for each object and part, one for each object they name, and the cluster's. */
export function newNodesAtMost(update: KindUpdate): number {
  const count = (observation: Observation): number =>
    1 +
    observation.references.length +
    observation.parts.reduce((sum, part) => sum + count(part), 0);
  const observed =
    update.type === 'page'
      ? update.observed
      : update.type === 'changed'
      ? update.changes.flatMap(change =>
          change.type === 'upsert' ? [change.observed] : [],
        )
      : [];
  return observed.reduce(
    (sum, each) => sum + (each.type === 'object' ? count(each) : 0),
    1,
  );
}
