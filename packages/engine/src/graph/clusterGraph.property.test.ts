import fc from 'fast-check';
import { kindText, nodeKey, NodeKey } from '../kinds/identity';
import { KindId } from '../kinds/identity';
import { LabelSelector } from '../kinds/labelSelector';
import { EventObservation, Observation } from '../kinds/observation';
import { KindUpdate, Unavailability } from '../kinds/update';
import { DeltaTable, eventKey, sorted } from './__fixtures__/deltaTable';
import {
  CLUSTER_NAME,
  CONFIG,
  DOOR,
  EVENT,
  GATE,
  KINDS,
  MAKER,
  NAMESPACE,
  object,
  ownerRelation,
  piece,
  PLUG,
  RELATIONS,
  STRANGER,
  verdict,
  WIDGET,
} from './__fixtures__/madeUpKinds';
import { ClusterGraph, newNodesAtMost } from './clusterGraph';
import { NodeId } from './delta';
import { StoredCluster } from './storedCluster';

/*
 * Whatever happens to a cluster, in whatever order the API server tells it, the graph must be the one that the final
 * state alone implies, and the deltas must add up to it.
 */

const START = 1_000;
const WATCHED = KINDS.filter(kind => kind.plural !== '').map(kind => kind.id);

type Action =
  | { do: 'upsert'; object: Observation }
  | { do: 'remove'; kind: KindId; namespace: string; name: string }
  | { do: 'event'; event: EventObservation }
  | { do: 'removeEvent'; nth: number }
  | { do: 'beginList'; kind: KindId; omits: number }
  | { do: 'endList'; kind: KindId }
  | {
      do: 'unavailable';
      kind: KindId;
      why: Unavailability;
    }
  | { do: 'wait'; ms: number }
  | { do: 'restart'; rotate: number };

const namespaces = fc.constantFrom('red', 'blue');
const names = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(
  fc.constantFrom('app', 'tier', 'team'),
  fc.constantFrom('x', 'y'),
  { maxKeys: 3 },
);
const requirement = fc.record({
  key: fc.constantFrom('app', 'tier', 'team'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.subarray(['x', 'y'], { minLength: 1 }),
} as const);
const selector: fc.Arbitrary<LabelSelector> = fc.array(requirement, {
  maxLength: 2,
});
const namespaceScope = fc.oneof(
  fc.constant('own' as const),
  fc.constant('all' as const),
  selector,
  fc.constant<LabelSelector>([
    { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['red'] },
  ]),
);
const statuses = fc.oneof(
  fc.constant(verdict('ok', 'Fine')),
  fc.constant(verdict('down', 'Broken')),
  fc.constant(verdict('progressing', 'Waiting')),
  fc.integer({ min: 1, max: 8 }).map(at =>
    verdict('progressing', 'Waiting', {
      at: START + at * 20,
      verdict: verdict('down', 'TooLate'),
    }),
  ),
);
const configReference = fc.record({
  name: names,
  required: fc.boolean(),
  keys: fc.subarray(['k1', 'k2']),
});

/** The uid counts recreations; several names share owners' uids. */
const uidNumber = fc.integer({ min: 1, max: 2 });
const uidOf = (kind: string, namespace: string, name: string, n: number) =>
  `${kind}/${namespace}/${name}/${n}`;

const widgets = fc
  .record({
    namespace: namespaces,
    name: names,
    uid: uidNumber,
    labels,
    status: statuses,
    createdAt: fc.integer({ min: 0, max: 4 }).map(n => START - 20 + n * 20),
    configs: fc.array(configReference, { maxLength: 2 }),
    plug: fc.option(fc.constantFrom('p', 'q'), { nil: undefined }),
    stranger: fc.boolean(),
    maker: fc.option(fc.record({ name: names, uid: uidNumber }), {
      nil: undefined,
    }),
    ownedByWidget: fc.option(names, { nil: undefined }),
    pieces: fc.subarray(['left', 'right']),
    broken: fc.boolean(),
    size: fc.integer({ min: 1, max: 2 }),
    against: fc.option(selector, { nil: undefined }),
  })
  .map(made =>
    object(WIDGET, made.namespace, made.name, {
      uid: uidOf('widget', made.namespace, made.name, made.uid),
      createdAt: made.createdAt,
      labels: made.labels,
      properties: { size: made.size },
      verdict: made.status,
      facts: { broken: made.broken },
      owners: [
        ...(made.maker
          ? [
              {
                uid: uidOf(
                  'maker',
                  made.namespace,
                  made.maker.name,
                  made.maker.uid,
                ),
                kind: MAKER,
                name: made.maker.name,
                controller: true,
              },
            ]
          : []),
        ...(made.ownedByWidget
          ? [
              {
                uid: uidOf('widget', made.namespace, made.ownedByWidget, 1),
                kind: WIDGET,
                name: made.ownedByWidget,
                controller: false,
              },
            ]
          : []),
      ],
      references: [
        ...made.configs.map(config => ({
          relation: 'widget-config',
          end: 'source' as const,
          other: {
            kind: CONFIG,
            namespace: made.namespace,
            name: config.name,
          },
          required: config.required,
          details: { keys: config.keys },
        })),
        ...(made.plug
          ? [
              {
                relation: 'plug-widget',
                end: 'target' as const,
                other: { kind: PLUG, namespace: '', name: made.plug },
                required: true,
              },
            ]
          : []),
        ...(made.stranger
          ? [
              {
                relation: 'widget-stranger',
                end: 'source' as const,
                other: { kind: STRANGER, namespace: 'red', name: 'who' },
                required: true,
              },
            ]
          : []),
      ],
      selectors: made.against
        ? [
            {
              relation: 'widget-gate',
              end: 'target' as const,
              kind: GATE,
              namespaces: 'own' as const,
              selector: made.against,
            },
          ]
        : [],
      parts: made.pieces.map(name =>
        piece(made.namespace, made.name, name, {
          properties: { size: made.size },
          references: made.configs.slice(0, 1).map(config => ({
            relation: 'widget-config',
            end: 'source' as const,
            other: {
              kind: CONFIG,
              namespace: made.namespace,
              name: config.name,
            },
            required: config.required,
          })),
        }),
      ),
    }),
  );

const gates = fc
  .record({
    namespace: namespaces,
    name: names,
    labels,
    status: statuses,
    selectors: fc.array(
      fc.record({ namespaces: namespaceScope, selector, port: names }),
      { maxLength: 2 },
    ),
  })
  .map(made =>
    object(GATE, made.namespace, made.name, {
      labels: made.labels,
      verdict: made.status,
      selectors: made.selectors.map(each => ({
        relation: 'gate-widget',
        end: 'source' as const,
        kind: WIDGET,
        namespaces: each.namespaces,
        selector: each.selector,
        details: { ports: [each.port] },
      })),
    }),
  );

const doors = fc
  .record({ namespace: namespaces, name: names, gate: names, status: statuses })
  .map(made =>
    object(DOOR, made.namespace, made.name, {
      verdict: made.status,
      references: [
        {
          relation: 'door-gate',
          end: 'source',
          other: { kind: GATE, namespace: made.namespace, name: made.gate },
          required: true,
        },
      ],
    }),
  );

const others = fc.oneof(
  fc
    .record({ name: namespaces, labels })
    .map(made => object(NAMESPACE, '', made.name, { labels: made.labels })),
  fc
    .record({ namespace: namespaces, name: names })
    .map(made => object(CONFIG, made.namespace, made.name)),
  fc.constantFrom('p', 'q').map(name => object(PLUG, '', name)),
  fc.record({ namespace: namespaces, name: names, uid: uidNumber }).map(made =>
    object(MAKER, made.namespace, made.name, {
      uid: uidOf('maker', made.namespace, made.name, made.uid),
    }),
  ),
);

const objects = fc.oneof(widgets, gates, doors, others);
const removal = objects.map(({ kind, namespace, name }) => ({
  do: 'remove' as const,
  kind,
  namespace,
  name,
}));

const event: fc.Arbitrary<EventObservation> = fc
  .record({
    id: fc.constantFrom('e1', 'e2', 'e3', 'e4'),
    namespace: namespaces,
    name: names,
    uid: fc.option(uidNumber, { nil: undefined }),
    reason: fc.constantFrom('Jammed', 'HelpComes', 'Noise'),
    source: fc.constantFrom('s1', 's2'),
    warning: fc.boolean(),
    count: fc.integer({ min: 1, max: 4 }),
    firstAt: fc.integer({ min: 0, max: 5 }).map(n => START - 20 + n * 15),
    lasted: fc.integer({ min: 0, max: 2 }).map(n => n * 15),
  })
  .map(made => ({
    type: 'event',
    key: nodeKey({
      cluster: CLUSTER_NAME,
      kind: EVENT,
      namespace: made.namespace,
      name: made.id,
    }),
    about: nodeKey({
      cluster: CLUSTER_NAME,
      kind: WIDGET,
      namespace: made.namespace,
      name: made.name,
    }),
    aboutUid:
      made.uid === undefined
        ? undefined
        : uidOf('widget', made.namespace, made.name, made.uid),
    reason: made.reason,
    eventType: made.warning ? 'Warning' : 'Normal',
    message: 'unique per action',
    count: made.count,
    firstAt: made.firstAt,
    lastAt: made.firstAt + made.lasted,
    source: made.source,
  }));

const watchedKind = fc.constantFrom(...WATCHED);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 10,
    arbitrary: objects.map(made => ({ do: 'upsert' as const, object: made })),
  },
  { weight: 3, arbitrary: removal },
  {
    weight: 3,
    arbitrary: event.map(each => ({ do: 'event' as const, event: each })),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat({ max: 7 })
      .map(nth => ({ do: 'removeEvent' as const, nth })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('beginList' as const),
      kind: watchedKind,
      omits: fc.nat({ max: 7 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('endList' as const),
      kind: watchedKind,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('unavailable' as const),
      kind: watchedKind,
      why: fc.constantFrom<Unavailability>('forbidden', 'absent', 'failing'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: 1, max: 4 })
      .map(n => ({ do: 'wait' as const, ms: n * 10 })),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat({ max: 8 })
      .map(rotate => ({ do: 'restart' as const, rotate })),
  },
);

/** What the API server has, and what the graph was told of it. */
class World {
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

  constructor(settled: boolean) {
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
    this.table.apply(this.graph.apply(update, this.now));
    expect(this.#nextId - idsBefore).toBeLessThanOrEqual(
      newNodesAtMost(update),
    );
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
          for (const each of [...this.olderThan(key), key]) {
            this.events.delete(each);
            this.change(EVENT, { type: 'remove', key: each });
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
        const delta = this.graph.tick(this.now);
        if (delta) {
          this.table.apply(delta);
        }
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
    const before = JSON.stringify(this.table.content());
    this.graph = this.newGraph(this.graph.stored());
    tellAll(this, this.graph, update => this.tell(update), rotate, [
      ...this.events.values(),
    ]);
    expect(JSON.stringify(this.table.content())).toBe(before);
  }

  get isListing(): boolean {
    return this.listing.size > 0;
  }
}

/** Tells a graph the whole state of the world. */
function tellAll(
  world: World,
  _graph: ClusterGraph,
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
function fromScratch(world: World, rotate: number): DeltaTable {
  const table = new DeltaTable();
  const graph = world.newGraph();
  const events = [...world.table.events.values()].map((row, nth) => ({
    ...world.told.get(row.message)!,
    key: `${CLUSTER_NAME}/Event//row-${nth}` as NodeKey,
  }));
  tellAll(
    world,
    graph,
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

function assertStoredEqualsTable(world: World): void {
  const stored = world.graph.stored();
  expect(sorted(stored.nodes)).toEqual(
    sorted(
      [...world.table.nodes.values()].map(row => ({
        id: row.id,
        key: row.key,
        kind: row.kind,
        namespace: row.namespace,
        name: row.name,
        uid: row.uid,
        level: row.verdict.level,
        hash: row.hash,
      })),
    ),
  );
  expect(sorted(stored.edges)).toEqual(sorted([...world.table.edges.values()]));
  expect(sorted(stored.events)).toEqual(
    sorted([...world.table.events.values()]),
  );
}

/** Every live event has a row or a newer one has; a row without its Event still explains what a status says. */
function assertEvents(world: World): void {
  const live = new Map<string, EventObservation[]>();
  for (const each of world.events.values()) {
    live.set(eventKey(each), [...(live.get(eventKey(each)) ?? []), each]);
  }
  for (const [subject, row] of world.table.events) {
    const about = world.objects.get(row.about as NodeKey);
    if (!(live.get(subject) ?? []).some(each => each.message === row.message)) {
      expect(about).toBeDefined();
      expect(['Jammed', 'HelpComes']).toContain(row.reason);
      expect(about!.verdict.level).not.toBe('ok');
    }
  }
}

describe('ClusterGraph, whatever happens', () => {
  const runs = Number(process.env.GRAPH_PROPERTY_RUNS ?? 400);

  it('is the graph that the final state implies, and its deltas add up to it', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(action, { maxLength: 40, size: 'max' }),
        fc.nat({ max: 8 }),
        (settled, actions, rotate) => {
          const world = new World(settled);
          for (const each of actions) {
            world.run(each);
            if (!world.isListing) {
              assertStoredEqualsTable(world);
            }
          }
          for (const kind of WATCHED) {
            world.endList(kind);
          }
          world.run({ do: 'wait', ms: 0 });
          assertStoredEqualsTable(world);
          assertEvents(world);
          const scratch = fromScratch(world, rotate);
          expect(world.table.content()).toEqual(scratch.content());
        },
      ),
      { numRuns: runs },
    );
  });
});
