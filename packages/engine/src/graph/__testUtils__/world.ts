import { KindId, kindText, nodeKey, NodeKey } from '../../kinds/identity';
import { EventObservation, Observation } from '../../kinds/observation';
import { KindUpdate, Unavailability } from '../../kinds/update';
import { ClusterGraph, newNodesAtMost } from '../clusterGraph';
import { NodeId } from '../delta';
import { StoredCluster } from '../storedCluster';
import { Action, START, WATCHED } from './actions';
import { DeltaTable, eventKey } from '../__fixtures__/deltaTable';
import {
  CLUSTER_NAME,
  EVENT,
  KINDS,
  ownerRelation,
  RELATIONS,
} from './madeUpKinds';

/** What the API server has, and what the graph was told of it. */
export class World {
  readonly objects = new Map<NodeKey, Observation>();
  readonly events = new Map<NodeKey, EventObservation>();
  /** Every event that was ever told, by its unique message: rows in the database have no uid. */
  readonly told = new Map<string, EventObservation>();
  readonly states = new Map<string, 'none' | 'listed' | Unavailability>();
  readonly listing = new Map<string, KindUpdate>();
  readonly table = new DeltaTable();
  now = START;
  graph: ClusterGraph;
  #nextId = 1;
  #nextMessage = 1;
  readonly #updatesPerDelta: number;
  #untold = 0;

  constructor(settled: boolean, updatesPerDelta = 1) {
    this.#updatesPerDelta = updatesPerDelta;
    this.graph = this.newGraph();
    for (const kind of WATCHED) {
      this.states.set(kindText(kind), 'none');
      if (settled) {
        this.beginList(kind, 0);
        this.endList(kind);
      }
    }
  }

  newGraph(restored?: StoredCluster): ClusterGraph {
    return ClusterGraph.create({
      cluster: CLUSTER_NAME,
      kinds: KINDS,
      relations: RELATIONS,
      ownerRelation,
      allocateId: () => this.#nextId++ as NodeId,
      restored,
      events: { perObject: 50, total: 500 },
    });
  }

  tell(update: KindUpdate): void {
    const idsBefore = this.#nextId;
    this.graph.take(update);
    if (++this.#untold >= this.#updatesPerDelta) {
      this.flush();
    }
    if (this.#nextId - idsBefore > newNodesAtMost(update)) {
      throw new Error('More ids were taken than newNodesAtMost said');
    }
  }

  /** Whether the table shows all that the graph was told. */
  get isFlushed(): boolean {
    return this.#untold === 0;
  }

  flush(): void {
    this.#untold = 0;
    this.table.apply(this.graph.delta(this.now));
  }

  run(each: Action): void {
    switch (each.do) {
      case 'upsert':
        if (this.watches(each.object.kind)) {
          this.objects.set(each.object.key, each.object);
          this.change(each.object.kind, {
            type: 'upsert',
            observed: each.object,
          });
        }
        break;
      case 'remove': {
        const key = nodeKey({ ...each, cluster: CLUSTER_NAME });
        const { uid } = this.objects.get(key) ?? {};
        if (this.watches(each.kind) && this.objects.delete(key)) {
          this.change(each.kind, { type: 'remove', key, uid });
        }
        break;
      }
      case 'event':
        if (this.watches(EVENT)) {
          this.recordEvent(each.event);
        }
        break;
      case 'removeEvent': {
        const key = [...this.events.keys()][each.nth];
        if (this.watches(EVENT) && key) {
          for (const expired of [...this.olderThan(key), key]) {
            this.events.delete(expired);
            this.change(EVENT, { type: 'remove', key: expired });
          }
        }
        break;
      }
      case 'beginList':
        this.beginList(each.kind, each.omits);
        break;
      case 'endList':
        this.endList(each.kind);
        break;
      case 'unavailable':
        this.giveUp(each.kind, each.why);
        break;
      case 'wait': {
        this.now += each.ms;
        this.flush();
        break;
      }
      case 'restart':
        this.restart(each.rotate);
        break;
      default:
        each satisfies never;
    }
  }

  /** Changes arrive only while a kind is watched: not before its list, nor during one. */
  watches(kind: KindId): boolean {
    const text = kindText(kind);
    return this.states.get(text) === 'listed' && !this.listing.has(text);
  }

  change(
    kind: KindId,
    change: Extract<KindUpdate, { type: 'changed' }>['changes'][number],
  ): void {
    this.tell({ type: 'changed', kind, changes: [change] });
  }

  recordEvent(made: EventObservation): void {
    const observed = { ...made, message: `message ${this.#nextMessage++}` };
    // An Event object never changes what it is about, nor goes back in time.
    const former = this.events.get(made.key);
    if (
      former &&
      (eventKey(former) !== eventKey(made) || former.lastAt > made.lastAt)
    ) {
      return;
    }
    this.events.set(made.key, observed);
    this.told.set(observed.message, observed);
    this.change(EVENT, { type: 'upsert', observed });
  }

  /** Events of one subject expire oldest first: when one goes, those go before. */
  olderThan(key: NodeKey): NodeKey[] {
    const gone = this.events.get(key)!;
    return [...this.events.values()].flatMap(each =>
      eventKey(each) === eventKey(gone) &&
      (each.lastAt < gone.lastAt ||
        (each.lastAt === gone.lastAt && each.key < gone.key))
        ? [each.key]
        : [],
    );
  }

  beginList(kind: KindId, omits: number): void {
    const text = kindText(kind);
    if (this.listing.has(text)) {
      return;
    }
    let nth = 0;
    const stays = () => (omits >> nth++ % 3) % 2 === 0;
    const observed =
      text === 'Event'
        ? this.eventsWithout([...this.events.keys()].filter(() => !stays()))
        : [...this.objects.values()].filter(
            each => kindText(each.kind) === text && stays(),
          );
    this.listing.set(text, { type: 'page', kind, observed });
    this.tell({ type: 'listing', kind });
    this.tell({
      type: 'page',
      kind,
      observed: observed.slice(0, observed.length / 2),
    });
  }

  eventsWithout(expired: readonly NodeKey[]): EventObservation[] {
    const gone = new Set(expired.flatMap(key => [key, ...this.olderThan(key)]));
    return [...this.events.values()].filter(each => !gone.has(each.key));
  }

  endList(kind: KindId): void {
    const text = kindText(kind);
    const page = this.listing.get(text);
    if (page?.type !== 'page') {
      return;
    }
    this.listing.delete(text);
    const seen = new Set<string>(page.observed.map(each => each.key));
    for (const key of text === 'Event'
      ? [...this.events.keys()]
      : [...this.objects.values()].flatMap(each =>
          kindText(each.kind) === text ? [each.key] : [],
        )) {
      if (!seen.has(key)) {
        this.objects.delete(key);
        this.events.delete(key);
      }
    }
    const rest = page.observed.slice(page.observed.length / 2);
    this.tell({ type: 'page', kind, observed: rest });
    this.tell({ type: 'listed', kind, resourceVersion: '7' });
    this.states.set(text, 'listed');
  }

  giveUp(kind: KindId, why: Unavailability): void {
    const text = kindText(kind);
    if (this.listing.has(text)) {
      return;
    }
    if (this.states.get(text) === 'none' && why === 'failing') {
      return;
    }
    this.states.set(text, why);
    this.tell({ type: 'unavailable', kind, why, message: '' });
    if (why !== 'failing') {
      if (text === 'Event') {
        this.events.clear();
      }
      for (const [key, each] of this.objects) {
        if (kindText(each.kind) === text) {
          this.objects.delete(key);
        }
      }
    }
  }

  /** The process ends and starts again: it has the database and lists everything anew. */
  restart(rotate: number): void {
    for (const kind of WATCHED) {
      this.endList(kind);
    }
    if ([...this.states.values()].includes('none')) {
      return;
    }
    const live = new Set([...this.events.values()].map(each => each.message));
    for (const [message, each] of this.told) {
      if (!live.has(message)) {
        this.told.set(message, { ...each, aboutUid: undefined });
      }
    }
    this.flush();
    const before = JSON.stringify(this.table.content());
    this.graph = this.newGraph(this.graph.stored());
    tellAll(this, update => this.tell(update), rotate, [
      ...this.events.values(),
    ]);
    this.flush();
    if (JSON.stringify(this.table.content()) !== before) {
      throw new Error('After a restart the same state was written differently');
    }
  }

  get isListing(): boolean {
    return this.listing.size > 0;
  }
}

/** Tells a graph the whole state of the world. */
function tellAll(
  world: World,
  tell: (update: KindUpdate) => void,
  rotate: number,
  events: readonly EventObservation[],
): void {
  const kinds = [
    ...WATCHED.slice(rotate % WATCHED.length),
    ...WATCHED.slice(0, rotate % WATCHED.length),
  ];
  for (const kind of kinds) {
    const text = kindText(kind);
    const state = world.states.get(text)!;
    if (state === 'listed' || state === 'failing') {
      const observed =
        text === 'Event'
          ? [...events]
          : [...world.objects.values()]
              .filter(each => kindText(each.kind) === text)
              .reverse();
      tell({ type: 'listing', kind });
      tell({ type: 'page', kind, observed });
      tell({ type: 'listed', kind, resourceVersion: '7' });
    }
    if (state !== 'listed' && state !== 'none') {
      tell({ type: 'unavailable', kind, why: state, message: '' });
    }
  }
}

/** A graph that only ever saw the final state. Events that outlive their Event object count as there. */
export function fromScratch(world: World, rotate: number): DeltaTable {
  const table = new DeltaTable();
  const graph = world.newGraph();
  const events = [...world.table.events.values()].map((row, nth) => ({
    ...world.told.get(row.message)!,
    key: `${CLUSTER_NAME}/Event//row-${nth}` as NodeKey,
  }));
  tellAll(
    world,
    update => table.apply(graph.apply(update, world.now)),
    rotate,
    events,
  );
  if (!['listed', 'failing'].includes(world.states.get('Event')!)) {
    // Rows that stay without Events: the graph has to be told of them all the same.
    for (const observed of events) {
      table.apply(
        graph.apply(
          {
            type: 'changed',
            kind: EVENT,
            changes: [{ type: 'upsert', observed }],
          },
          world.now,
        ),
      );
    }
  }
  const delta = graph.tick(world.now);
  if (delta) {
    table.apply(delta);
  }
  return table;
}
