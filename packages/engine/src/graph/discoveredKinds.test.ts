import { nodeKey } from '../kinds/identity';
import { KindUpdate } from '../kinds/update';
import { DeltaTable } from './__fixtures__/deltaTable';
import {
  CLUSTER_NAME,
  CONFIG,
  GATE,
  KINDS,
  object,
  ownerRelation,
  RELATIONS,
  verdict,
  WIDGET,
} from './__testUtils__/madeUpKinds';
import { ClusterGraph } from './clusterGraph';
import { GraphDelta, NodeId } from './delta';
import { StoredCluster } from './storedCluster';

const definition = (id: typeof WIDGET) => KINDS.find(kind => kind.id === id)!;

/** A graph that knows no kind when it starts. */
class Discovering {
  readonly table = new DeltaTable();
  readonly graph: ClusterGraph;
  last!: GraphDelta;
  now = 1_000;

  constructor(restored?: StoredCluster) {
    let nextId = 1_000;
    this.graph = ClusterGraph.create({
      cluster: CLUSTER_NAME,
      kinds: [],
      relations: RELATIONS,
      ownerRelation,
      allocateId: () => nextId++ as NodeId,
      restored,
    });
  }

  tell(...updates: KindUpdate[]): this {
    for (const update of updates) {
      this.last = this.graph.apply(update, this.now);
      this.table.apply(this.last);
    }
    return this;
  }

  status(kind: typeof WIDGET, name: string, namespace = 'red'): string {
    const key = nodeKey({ cluster: CLUSTER_NAME, kind, namespace, name });
    const row = [...this.table.nodes.values()].find(each => each.key === key);
    return row ? `${row.verdict.level} ${row.verdict.reason}` : '-';
  }
}

const discovered = (kind: typeof WIDGET): KindUpdate => ({
  type: 'discovered',
  kind,
  definition: definition(kind),
});

function reading(config: string, namespace = 'red') {
  return object(WIDGET, namespace, `of-${config}`, {
    references: [
      {
        relation: 'widget-config',
        end: 'source',
        other: { kind: CONFIG, namespace, name: config },
        required: true,
      },
    ],
  });
}

function list(
  kind: typeof WIDGET,
  observed: ReturnType<typeof reading>[],
  rest: { within?: string[] } = {},
): KindUpdate[] {
  return [
    { type: 'listing', kind },
    { type: 'page', kind, observed },
    { type: 'listed', kind, resourceVersion: '7', ...rest },
  ];
}

describe('kinds that discovery finds', () => {
  it('are waited for, all that came before the first lists', () => {
    const told = new Discovering();
    expect(told.graph.delta(1_000).clusterState?.state).toBe('syncing');
    told.tell(discovered(WIDGET), discovered(CONFIG));
    expect(told.last.kindStates).toEqual([{ state: 'listing', kind: CONFIG }]);
    told.tell(...list(WIDGET, []));
    expect(told.last.clusterState).toBeUndefined();
    told.tell(...list(CONFIG, []));
    expect(told.last.clusterState?.state).toBe('ready');
    expect(told.last.followedKinds).toEqual([WIDGET, CONFIG]);
  });

  it('come later, and what referred to them waits for their list', () => {
    const told = new Discovering();
    told.tell(discovered(WIDGET), ...list(WIDGET, [reading('c')]));
    expect(told.status(CONFIG, 'c')).toBe('unknown NotWatched');
    told.tell(discovered(CONFIG));
    expect(told.status(CONFIG, 'c')).toBe('unknown NotListedYet');
    told.tell(...list(CONFIG, []));
    expect(told.status(CONFIG, 'c')).toBe('missing NotFound');
    expect(told.last.clusterState).toBeUndefined();
  });

  it('are judged by their neighbours though something referred to them before', () => {
    const told = new Discovering();
    const gate = object(GATE, 'red', 'g', {
      selectors: [
        {
          relation: 'gate-widget',
          end: 'source',
          kind: WIDGET,
          namespaces: 'own',
          selector: [],
        },
      ],
    });
    const widget = object(WIDGET, 'red', 'w', {
      verdict: verdict('down', 'Broken'),
      references: [
        {
          relation: 'widget-gate',
          end: 'source',
          other: { kind: GATE, namespace: 'red', name: 'g' },
          required: false,
        },
      ],
    });
    told.tell(discovered(WIDGET), ...list(WIDGET, [widget]));
    expect(told.status(GATE, 'g')).toBe('unknown NotWatched');
    told.now = 2_000;
    told.tell(discovered(GATE), ...list(GATE, [gate]));
    expect(told.status(GATE, 'g')).toBe('down AllDownSince0');
  });

  it('go, and their objects with them; what referred to these knows nothing of them', () => {
    const told = new Discovering();
    told.tell(
      discovered(WIDGET),
      discovered(CONFIG),
      ...list(WIDGET, [reading('c')]),
      ...list(CONFIG, [object(CONFIG, 'red', 'c'), object(CONFIG, 'red', 'd')]),
      { type: 'unavailable', kind: CONFIG, why: 'absent', message: 'gone' },
    );
    expect(told.status(CONFIG, 'c')).toBe('unknown KindAbsent');
    expect(told.status(CONFIG, 'd')).toBe('-');
  });

  it('keep what is stored of them while they cannot be read', () => {
    const before = new Discovering();
    before.tell(discovered(CONFIG), discovered(WIDGET));
    before.tell(...list(CONFIG, [object(CONFIG, 'red', 'c')]));
    before.tell(...list(WIDGET, [reading('c')]));
    const told = new Discovering(before.graph.stored());
    told.tell(
      { type: 'discovered', kind: CONFIG },
      discovered(WIDGET),
      { type: 'unavailable', kind: CONFIG, why: 'failing', message: '503' },
      ...list(WIDGET, [reading('c')]),
    );
    expect(told.last.removedNodes).toEqual([]);
    expect(told.last.clusterState?.state).toBe('ready');
  });

  it('are complete only inside their scope', () => {
    const told = new Discovering();
    told.tell(
      discovered(WIDGET),
      discovered(CONFIG),
      ...list(WIDGET, [reading('c', 'red'), reading('c', 'blue')]),
      ...list(CONFIG, [], { within: ['red'] }),
    );
    expect(told.status(CONFIG, 'c', 'red')).toBe('missing NotFound');
    expect(told.status(CONFIG, 'c', 'blue')).toBe('unknown OutOfScope');
  });

  it('tell how far their lists are, with what is written or now and then', () => {
    const told = new Discovering();
    const page = (remaining?: number): KindUpdate => ({
      type: 'page',
      kind: CONFIG,
      observed: [object(CONFIG, 'red', `c${remaining}`)],
      remaining,
    });
    told.tell(discovered(CONFIG), { type: 'listing', kind: CONFIG }, page(9));
    const state = (objects: number, expected: number) => [
      { state: 'listing', kind: CONFIG, objects, expected },
    ];
    expect(told.last.kindStates).toEqual(state(1, 10));
    told.tell(page(8));
    expect(told.last.kindStates).toEqual(state(2, 10));

    const again = new Discovering(told.graph.stored());
    again.tell(discovered(CONFIG), { type: 'listing', kind: CONFIG }, page(9));
    expect(again.last.kindStates).toEqual(state(1, 10));
    again.tell(page(8));
    expect(again.last.kindStates).toEqual([]);
    again.now += 1_000;
    again.tell(page(7));
    expect(again.last.kindStates).toEqual(state(3, 10));
  });
});
