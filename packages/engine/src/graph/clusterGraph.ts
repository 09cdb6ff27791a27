import { observeCluster } from '../kinds/cluster';
import { KindId, NodeKey } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';
import { Observation, Observed } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { ownerRelation as ownerRelationOf } from '../kinds/relations';
import { KindUpdate } from '../kinds/update';
import { Changes } from './changes';
import { clusterState } from './clusterState';
import { isEmptyDelta } from './emptyDelta';
import { Judging } from './judging';
import { KindLists, listedState, listingState } from './kindLists';
import { newNodesAtMost } from './newNodes';
import { GraphDelta, KindState, NodeId } from './delta';
import { noRowChanges, takeRowChanges } from './deltaBuilder';
import { EdgeSet } from './edgeSet';
import { EventBook, EventBounds } from './eventBook';
import { GraphKind } from './graphKind';
import { Linker } from './linker';
import { assertRelations } from './linksOf';
import { NodeSet } from './nodeSet';
import { Objects } from './objects';
import { Restored } from './restored';
import { observationsOf } from './observationsOf';
import { SelectorLinker } from './selectorLinker';
import { storedClusterOf } from './storedClusterOf';
import { StoredCluster } from './storedCluster';

export interface ClusterGraphOptions {
  cluster: string;
  /**
   * Those with a `plural` are watched; the others (containers, the cluster itself) come with something else. More come
   * with `discovered`; with none at all the first lists are not through before some came.
   */
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

/** Milliseconds. */
const PROGRESS_INTERVAL = 1_000;
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
  readonly #watched: Set<GraphKind>;
  readonly #nodes: NodeSet;
  readonly #edges: EdgeSet;
  readonly #events: EventBook;
  readonly #objects: Objects;
  readonly #changes = new Changes();
  readonly #judging: Judging;
  readonly #lists: KindLists;
  #restored: Restored | undefined;
  #root: Observation | undefined;
  #settled = false;
  #kindStates: KindState[] = [];
  /** Watches went on since the former delta: with what they changed it says how far they are. */
  readonly #followed = new Set<GraphKind>();
  /** Pages of their lists came since that was said. */
  readonly #advanced = new Set<GraphKind>();
  #progressToldAt = -Infinity;
  #clusterState = '';
  #toldFollowed = false;
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
    this.#watched = new Set(
      options.kinds
        .filter(kind => kind.plural !== '')
        .map(kind => nodes.kind(kind.id)),
    );
    this.#objects = new Objects({
      nodes,
      linker,
      selectors,
      changes,
      relations,
    });
    const events = this.#events;
    const objects = this.#objects;
    this.#judging = new Judging({ changes, events, nodes });
    this.#lists = new KindLists({ nodes, objects, events, changes });
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
   * `take`, and what it changes.
   *
   * @param now milliseconds since the epoch; verdicts that come due by then are part of the answer
   * @throws UnknownRelationError before anything was changed
   */
  apply(update: KindUpdate, now: number): GraphDelta {
    this.take(update);
    return this.delta(now);
  }

  /**
   * Takes an update in. Several may follow each other before `delta` says once what they change together.
   *
   * @throws UnknownRelationError before anything was changed
   */
  take(update: KindUpdate): void {
    for (const observation of observationsOf(update)) {
      assertRelations(observation, this.#relations);
    }
    this.#plantRoot();
    const kind = this.#nodes.kind(update.kind);
    switch (update.type) {
      case 'discovered':
        this.#addKind(kind, update.definition);
        break;
      case 'listing':
        this.#kindStates.push(this.#lists.begin(kind));
        break;
      case 'page':
        for (const observed of update.observed) {
          this.#observe(observed, kind);
        }
        this.#lists.advance(kind, update);
        this.#advanced.add(kind);
        break;
      case 'listed':
        this.#kindStates.push(this.#lists.finish(kind, update));
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
        this.#kindStates.push(this.#lists.giveUp(kind, update));
        break;
      default:
        update satisfies never;
    }
    if (update.type === 'listed' || update.type === 'unavailable') {
      this.#releaseAwaited(kind);
    }
    if (update.type === 'changed') {
      this.#followed.add(kind);
    } else {
      this.#followed.delete(kind);
    }
    if (update.type !== 'page') {
      this.#advanced.delete(kind);
    }
  }

  /** How much it holds. */
  get size(): { nodes: number; edges: number } {
    return { nodes: this.#nodes.size, edges: this.#edges.size };
  }

  /** What is to be written since the former delta; verdicts that came due by now are part of it. */
  delta(now: number): GraphDelta {
    this.#settle(now);
    return this.#takeDelta();
  }

  /** Verdicts that change by time alone; `undefined` when none did. */
  tick(now: number): GraphDelta | undefined {
    const delta = this.delta(now);
    return isEmptyDelta(delta) ? undefined : delta;
  }

  /** Rows that the next delta may have, about. */
  get pending(): number {
    const { nodes, edges } = this.#changes;
    return nodes.size + edges.size + this.#events.changed.size;
  }

  /** When `tick` has something to do, milliseconds since the epoch. */
  nextDue(): number | undefined {
    return this.#judging.nextDue();
  }

  /** What the database holds when all deltas were written. */
  stored(): StoredCluster {
    return storedClusterOf(this.#nodes, this.#events, this.#restored);
  }

  #releaseAwaited(kind: GraphKind): void {
    for (const node of this.#changes.awaited) {
      if (node.kind === kind) {
        this.#changes.release(node);
      }
    }
  }

  /** Once the first lists are through, those of a kind that comes later are not waited for. */
  #addKind(kind: GraphKind, definition: KindDefinition | undefined): void {
    if (definition) {
      this.#nodes.define(kind.id, definition);
    }
    this.#watched.add(kind);
    this.#kindStates.push(this.#lists.expect(kind));
  }

  /** The cluster's own node comes with the first update: its id has to be reserved, too. */
  #plantRoot(): void {
    if (this.#root) {
      this.#objects.upsert(this.#root, 0);
      this.#root = undefined;
    }
  }

  #observe(observed: Observed, kind: GraphKind): void {
    if (observed.type === 'object') {
      this.#objects.upsert(observed, kind.generation);
    } else {
      this.#lists.rejudge(this.#events.record(observed, kind.generation));
    }
  }

  #remove(key: NodeKey, uid: string | undefined): void {
    const event = this.#events.withEvent(key);
    if (event) {
      event.withdrawn = true;
      this.#lists.rejudge([event.about]);
      return;
    }
    const node = this.#nodes.get(key);
    const isFormer =
      uid !== undefined && node?.uid !== undefined && node.uid !== uid;
    if (node && node.presence !== 'ghost' && !node.partOf && !isFormer) {
      this.#objects.remove(node);
    }
  }

  #settle(now: number): void {
    this.#now = Math.max(this.#now, now);
    this.#judging.takeDue(this.#now);
    const wasSettled = this.#settled;
    this.#settled ||= this.#firstListsAreThrough();
    if (this.#settled && !wasSettled) {
      this.#startJudgingInContext();
      this.#changes.awaited.forEach(node => this.#changes.release(node));
    }
    if (this.#restored) {
      if (!this.#settled) {
        return;
      }
      this.#sweepRestored(this.#restored);
    }
    this.#judging.judge(this.#now, this.#settled);
  }

  #firstListsAreThrough(): boolean {
    for (const kind of this.#watched) {
      if (!kind.settled) {
        return false;
      }
    }
    return this.#watched.size > 0;
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
    restored.sweep({
      isWatched: node => this.#watched.has(node.kind),
      refute: node => this.#objects.remove(node),
    });
    if (restored.isEmpty) {
      this.#restored = undefined;
    }
  }

  #takeDelta(): GraphDelta {
    const holdsBack = this.#restored !== undefined && !this.#settled;
    const rows = holdsBack
      ? noRowChanges()
      : takeRowChanges({
          nodes: this.#nodes,
          edges: this.#edges,
          events: this.#events,
          changes: this.#changes,
          awaits: kind =>
            !this.#settled && !kind.settled && this.#watched.has(kind),
        });
    const delta: GraphDelta = {
      cluster: this.#cluster,
      at: this.#now,
      ...rows,
      kindStates: this.#kindStates,
    };
    this.#kindStates = [];
    this.#addClusterState(delta);
    const followed = [...this.#followed];
    this.#followed.clear();
    if (!isEmptyDelta(delta)) {
      for (const kind of followed) {
        if (kind.knowledge.state === 'complete') {
          delta.kindStates.push(listedState(kind));
        }
      }
    }
    this.#addProgress(delta);
    return delta;
  }

  /** Progress goes along with what is written; alone it is worth a write now and then. */
  #addProgress(delta: GraphDelta): void {
    if (
      this.#advanced.size > 0 &&
      (!isEmptyDelta(delta) ||
        this.#now - this.#progressToldAt >= PROGRESS_INTERVAL)
    ) {
      this.#progressToldAt = this.#now;
      delta.kindStates.push(...[...this.#advanced].map(listingState));
      this.#advanced.clear();
    }
  }

  #addClusterState(delta: GraphDelta): void {
    const state = clusterState([...this.#watched], this.#settled);
    const text = `${state.state} ${state.message}`;
    if (text !== this.#clusterState) {
      this.#clusterState = text;
      delta.clusterState = state;
    }
    if (this.#settled && !this.#toldFollowed) {
      this.#toldFollowed = true;
      delta.followedKinds = [...this.#watched].map(({ id }) => id);
    }
  }
}

export { isEmptyDelta, newNodesAtMost };
