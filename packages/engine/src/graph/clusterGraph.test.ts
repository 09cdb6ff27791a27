import { nodeKey } from '../kinds/identity';
import { LabelSelector } from '../kinds/labelSelector';
import { EventObservation, Observation } from '../kinds/observation';
import {
  CLUSTER_NAME,
  CONFIG,
  DOOR,
  EVENT,
  GATE,
  MAKER,
  NAMESPACE,
  object,
  piece,
  STRANGER,
  verdict,
  WIDGET,
} from './__testUtils__/madeUpKinds';
import { Told } from './__testUtils__/told';
import { isEmptyDelta } from './clusterGraph';
import { UnknownRelationError } from './linksOf';

const red = object(NAMESPACE, '', 'red', { labels: { team: 'x' } });

function widget(name: string, rest: Partial<Observation> = {}): Observation {
  return object(WIDGET, 'red', name, rest);
}

function reads(config: string, required = true): Observation['references'] {
  return [
    {
      relation: 'widget-config',
      end: 'source',
      other: { kind: CONFIG, namespace: 'red', name: config },
      required,
    },
  ];
}

function gate(
  name: string,
  selector: LabelSelector,
  namespaces: Observation['selectors'][number]['namespaces'] = 'own',
): Observation {
  return object(GATE, 'red', name, {
    selectors: [
      {
        relation: 'gate-widget',
        end: 'source',
        kind: WIDGET,
        namespaces,
        selector,
      },
    ],
  });
}

const app = (value: string): LabelSelector => [
  { key: 'app', operator: 'In', values: [value] },
];

function event(rest: Partial<EventObservation> = {}): EventObservation {
  return {
    type: 'event',
    key: nodeKey({
      cluster: CLUSTER_NAME,
      kind: EVENT,
      namespace: 'red',
      name: rest.reason ?? 'Jammed',
    }),
    about: widget('a').key,
    reason: 'Jammed',
    eventType: 'Warning',
    message: 'the left wheel is stuck',
    count: 3,
    firstAt: 900,
    lastAt: 1_000,
    source: 'turner',
    ...rest,
  };
}

describe('what is referred to and not there', () => {
  it.each([
    ['listed completely', [], 'missing NotFound'],
    ['forbidden', ['forbidden'], 'unknown Forbidden'],
    ['not served', ['absent'], 'unknown KindAbsent'],
    ['failing', ['failing'], 'unknown ListFailing'],
  ] as const)('of a kind that is %s', (_, [why], expected) => {
    const told = new Told().listAll(
      red,
      widget('a', { references: reads('c') }),
    );
    if (why) {
      told.unavailable(CONFIG, why);
    }
    expect(told.status(CONFIG, 'red', 'c')).toBe(expected);
    expect(told.edges('widget-config')).toEqual(['red/a widget-config red/c']);
  });

  it('of a kind that was not listed yet is not spoken of, nor the edge to it', () => {
    const told = new Told();
    told.list(WIDGET, widget('a', { references: reads('c') }));
    told.tell({ type: 'listing', kind: CONFIG });
    expect(told.status(CONFIG, 'red', 'c')).toBe('-');
    expect(told.edges('widget-config')).toEqual([]);
    told.list(CONFIG);
    expect(told.status(CONFIG, 'red', 'c')).toBe('missing NotFound');
    expect(told.edges('widget-config')).toEqual(['red/a widget-config red/c']);
  });

  it('of a kind that was not listed yet gets its edges as soon as it is seen', () => {
    const told = new Told();
    told.list(WIDGET, widget('a', { references: reads('c') }));
    told.tell({ type: 'listing', kind: CONFIG });
    told.tell({
      type: 'page',
      kind: CONFIG,
      observed: [object(CONFIG, 'red', 'c')],
    });
    expect(told.edges('widget-config')).toEqual(['red/a widget-config red/c']);
  });

  it('of a kind that nobody watches is not called missing', () => {
    const told = new Told().listAll(
      red,
      widget('a', {
        references: [
          {
            relation: 'widget-stranger',
            end: 'source',
            other: { kind: STRANGER, namespace: 'red', name: 's' },
            required: true,
          },
        ],
      }),
    );
    expect(told.status(STRANGER, 'red', 's')).toBe('unknown NotWatched');
  });

  it('says that only optional references miss it', () => {
    const told = new Told().listAll(
      red,
      widget('a', { references: reads('c', false) }),
    );
    expect(told.status(CONFIG, 'red', 'c')).toBe('missing OptionalNotFound');
    told.upsert(widget('b', { references: reads('c') }));
    expect(told.status(CONFIG, 'red', 'c')).toBe('missing NotFound');
  });

  it('heals when it appears, is missing again when it goes, and keeps its id', () => {
    const told = new Told().listAll(
      red,
      widget('a', { references: reads('c') }),
    );
    const id = () =>
      [...told.table.nodes.values()].find(row => row.kind.kind === 'Config')!
        .id;
    const first = id();
    told.upsert(object(CONFIG, 'red', 'c'));
    expect(told.status(CONFIG, 'red', 'c')).toBe('ok Exists');
    told.remove(CONFIG, object(CONFIG, 'red', 'c').key);
    expect(told.status(CONFIG, 'red', 'c')).toBe('missing NotFound');
    expect(id()).toBe(first);
  });

  it('vanishes when nobody refers to it any more', () => {
    const told = new Told().listAll(
      red,
      widget('a', { references: reads('c') }),
    );
    const delta = told.upsert(widget('a'));
    expect(told.status(CONFIG, 'red', 'c')).toBe('-');
    // Its edges go with it, and are not named one by one.
    expect(delta.removedNodes).toHaveLength(1);
    expect(delta.removedEdges).toEqual([]);
  });

  it('stays missing during a relist, and what is new waits for its end', () => {
    const told = new Told().listAll(
      red,
      widget('a', { references: reads('c') }),
    );
    told.tell({ type: 'listing', kind: CONFIG });
    told.upsert(widget('b', { references: reads('d') }));
    expect(told.status(CONFIG, 'red', 'c')).toBe('missing NotFound');
    expect(told.status(CONFIG, 'red', 'd')).toBe('unknown NotListedYet');
    told.tell({ type: 'listed', kind: CONFIG, resourceVersion: '2' });
    expect(told.status(CONFIG, 'red', 'd')).toBe('missing NotFound');
  });

  it('is not missing when objects live in it', () => {
    const told = new Told().listAll(widget('a'));
    expect(told.status(NAMESPACE, '', 'red')).toBe('unknown NotSeenYet');
  });
});

describe('owners', () => {
  const owned = (uid: string) =>
    widget('a', {
      owners: [{ uid, kind: MAKER, name: 'm', controller: true }],
    });
  const maker = (uid: string) => object(MAKER, 'red', 'm', { uid });

  it('are matched by uid, whichever comes first', () => {
    const told = new Told().listAll(red, owned('m-1'));
    expect(told.edges('maker-widget')).toEqual([]);
    expect(told.status(MAKER, 'red', 'm')).toBe('-');
    told.upsert(maker('m-1'));
    expect(told.edges('maker-widget')).toEqual(['red/m maker-widget red/a']);
  });

  it('are not those that were recreated under the same name', () => {
    const told = new Told().listAll(red, maker('m-1'), owned('m-1'));
    told.upsert(maker('m-2'));
    expect(told.edges('maker-widget')).toEqual([]);
    told.upsert(maker('m-1'));
    expect(told.edges('maker-widget')).toEqual(['red/m maker-widget red/a']);
  });

  it('of a pair without a relation of its own are just owners', () => {
    const told = new Told().listAll(
      red,
      gate('g', []),
      widget('a', {
        owners: [
          { uid: gate('g', []).uid!, kind: GATE, name: 'g', controller: false },
        ],
      }),
    );
    expect(told.edges('owner')).toEqual(['red/g owner red/a']);
  });
});

describe('selectors', () => {
  const named = { app: 'x' };

  it('find what is there and what comes later, and let go of what changes', () => {
    const told = new Told().listAll(
      red,
      gate('g', app('x')),
      widget('a', { labels: named }),
    );
    told.upsert(widget('b', { labels: named }));
    told.upsert(widget('c', { labels: { app: 'y' } }));
    expect(told.edges('gate-widget')).toEqual([
      'red/g gate-widget red/a',
      'red/g gate-widget red/b',
    ]);
    told.upsert(widget('b', { labels: { app: 'y' } }));
    told.remove(WIDGET, widget('a').key);
    expect(told.edges('gate-widget')).toEqual([]);
    told.upsert(gate('g', app('y')));
    expect(told.edges('gate-widget')).toEqual([
      'red/g gate-widget red/b',
      'red/g gate-widget red/c',
    ]);
  });

  it.each<[string, LabelSelector, string[]]>([
    ['everything', [], ['a', 'b', 'c']],
    ['Exists', [{ key: 'app', operator: 'Exists', values: [] }], ['a', 'b']],
    [
      'DoesNotExist',
      [{ key: 'app', operator: 'DoesNotExist', values: [] }],
      ['c'],
    ],
    ['NotIn', [{ key: 'app', operator: 'NotIn', values: ['x'] }], ['b', 'c']],
    ['In', [{ key: 'app', operator: 'In', values: ['x', 'y'] }], ['a', 'b']],
  ])('of all namespaces select by %s', (_, selector, expected) => {
    const told = new Told().listAll(
      gate('g', selector, 'all'),
      widget('a', { labels: { app: 'x' } }),
      object(WIDGET, 'blue', 'b', { labels: { app: 'y' } }),
      object(WIDGET, 'blue', 'c'),
    );
    expect(
      told.edges('gate-widget').map(edge => edge.split('/').at(-1)),
    ).toEqual(expect.arrayContaining(expected));
    expect(told.edges('gate-widget')).toHaveLength(expected.length);
  });

  it('of namespaces follow the labels of these', () => {
    const inX: LabelSelector = [{ key: 'team', operator: 'In', values: ['x'] }];
    const told = new Told().listAll(red, gate('g', [], inX), widget('a'));
    told.upsert(object(WIDGET, 'blue', 'b'));
    expect(told.edges('gate-widget')).toEqual(['red/g gate-widget red/a']);
    told.upsert(object(NAMESPACE, '', 'blue', { labels: { team: 'x' } }));
    expect(told.edges('gate-widget')).toHaveLength(2);
    told.upsert(object(NAMESPACE, '', 'red', { labels: { team: 'y' } }));
    expect(told.edges('gate-widget')).toEqual(['red/g gate-widget blue/b']);
    told.unavailable(NAMESPACE, 'forbidden');
    expect(told.edges('gate-widget')).toEqual([]);
  });

  it('of namespaces by name work where namespaces may not be read', () => {
    const byName: LabelSelector = [
      { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['blue'] },
    ];
    const told = new Told().listAll(
      gate('g', [], byName),
      object(WIDGET, 'blue', 'b'),
    );
    told.unavailable(NAMESPACE, 'forbidden');
    expect(told.edges('gate-widget')).toEqual(['red/g gate-widget blue/b']);
  });
});

describe('events', () => {
  const waiting = (rest: Partial<Observation> = {}) =>
    widget('a', { verdict: verdict('progressing', 'Waiting'), ...rest });

  it('turn the verdict only while the own status disagrees with being well', () => {
    const told = new Told().listAll(red, widget('a'), event());
    expect(told.status(WIDGET, 'red', 'a')).toBe('ok Exists');
    told.upsert(waiting());
    expect(told.status(WIDGET, 'red', 'a')).toBe('down Jammed');
    expect(told.verdict(WIDGET, 'red', 'a')!.evidence[0]).toMatchObject({
      source: 'event',
      value: 'the left wheel is stuck',
    });
    told.upsert(widget('a'));
    expect(told.status(WIDGET, 'red', 'a')).toBe('ok Exists');
  });

  it('that expire take no verdict with them until the status changes', () => {
    const told = new Told().listAll(red, waiting(), event());
    told.remove(EVENT, event().key);
    expect(told.status(WIDGET, 'red', 'a')).toBe('down Jammed');
    expect(told.table.events.size).toBe(1);
    told.list(EVENT);
    expect(told.status(WIDGET, 'red', 'a')).toBe('down Jammed');
    told.upsert(widget('a'));
    expect(told.table.events.size).toBe(0);
    told.upsert(waiting());
    expect(told.status(WIDGET, 'red', 'a')).toBe('progressing Waiting');
  });

  it('that expire go with their object, or at once when they explain nothing', () => {
    const told = new Told().listAll(
      red,
      waiting(),
      event(),
      event({ reason: 'Noise' }),
    );
    expect(told.table.events.size).toBe(2);
    told.remove(EVENT, event({ reason: 'Noise' }).key);
    expect(told.table.events.size).toBe(1);
    told.remove(EVENT, event().key);
    expect(told.table.events.size).toBe(1);
    told.remove(WIDGET, widget('a').key);
    expect(told.table.events.size).toBe(0);
  });

  it.each([
    ['by uid', { aboutUid: 'former' }, {}],
    ['by time', { lastAt: 800 }, { createdAt: 900 }],
  ])('of a former object of the same name are told apart %s', (_, of, is) => {
    const told = new Told().listAll(red, waiting(is), event(of));
    expect(told.status(WIDGET, 'red', 'a')).toBe('progressing Waiting');
  });

  it('count once they have lasted, without another word', () => {
    const told = new Told().listAll(
      red,
      waiting(),
      event({ count: 1, firstAt: 990 }),
    );
    expect(told.status(WIDGET, 'red', 'a')).toBe('progressing Waiting');
    expect(told.graph.nextDue()).toBe(1_020);
    told.tick(1_020);
    expect(told.status(WIDGET, 'red', 'a')).toBe('down Jammed');
  });

  it('are bounded for one object and in all, warnings outlasting the others', () => {
    const told = new Told({ events: { perObject: 3, total: 5 } }).listAll(
      red,
      widget('a'),
    );
    for (const nth of [1, 2, 3, 4]) {
      told.event(
        event({ reason: `W${nth}`, eventType: 'Warning', lastAt: nth }),
      );
      told.event(
        event({ reason: `N${nth}`, eventType: 'Normal', lastAt: 100 + nth }),
      );
    }
    expect([...told.table.events.values()].map(row => row.reason)).toEqual([
      'W2',
      'W3',
      'W4',
    ]);
    for (const name of ['b', 'c', 'd', 'e']) {
      told.event(event({ reason: name, about: widget(name).key }));
    }
    expect(told.table.events.size).toBe(5);
  });

  it('of one reason and source are the newest', () => {
    const other = nodeKey({
      cluster: CLUSTER_NAME,
      kind: EVENT,
      namespace: 'red',
      name: 'other',
    });
    const told = new Told().listAll(red, widget('a'));
    told.event(event({ message: 'newer', lastAt: 2_000 }));
    told.event(event({ key: other, message: 'older', lastAt: 1_500 }));
    expect([...told.table.events.values()].map(row => row.message)).toEqual([
      'newer',
    ]);
  });
});

describe('verdicts', () => {
  it('come due, one after the other', () => {
    const told = new Told().listAll(
      red,
      widget('a', {
        verdict: verdict('progressing', 'Starting', {
          at: 2_000,
          verdict: verdict('degraded', 'Slow', {
            at: 3_000,
            verdict: verdict('down', 'Stuck'),
          }),
        }),
      }),
    );
    expect(told.graph.nextDue()).toBe(2_000);
    expect(told.tick(1_999)).toBeUndefined();
    const delta = told.tick(2_000)!;
    expect(delta.nodes).toEqual([]);
    expect(delta.verdicts).toHaveLength(1);
    expect(told.status(WIDGET, 'red', 'a')).toBe('degraded Slow');
    told.tick(9_000);
    expect(told.status(WIDGET, 'red', 'a')).toBe('down Stuck');
    expect(told.graph.nextDue()).toBeUndefined();
  });

  it('follow the neighbours, over several hops', () => {
    const locked = (broken: boolean) =>
      widget('a', { labels: { app: 'x' }, facts: { broken }, createdAt: 900 });
    const door = object(DOOR, 'red', 'd', {
      references: [
        {
          relation: 'door-gate',
          end: 'source',
          other: { kind: GATE, namespace: 'red', name: 'g' },
          required: true,
        },
      ],
    });
    const told = new Told().listAll(
      red,
      locked(false),
      gate('g', app('x')),
      door,
    );
    expect(told.status(DOOR, 'red', 'd')).toBe('ok Exists');
    told.upsert(locked(true));
    expect(told.status(GATE, 'red', 'g')).toBe('down AllDownSince900');
    expect(told.status(DOOR, 'red', 'd')).toBe(
      'down demo/Gate.made.up/red/g is down',
    );
    told.remove(WIDGET, widget('a').key);
    expect(told.status(GATE, 'red', 'g')).toBe('ok Exists');
    expect(told.status(DOOR, 'red', 'd')).toBe('ok Exists');
  });

  it('do not follow neighbours that are still being listed', () => {
    const told = new Told();
    told.list(WIDGET, widget('a', { facts: { broken: true }, createdAt: 0 }));
    told.list(GATE, gate('g', []));
    expect(told.status(GATE, 'red', 'g')).toBe('ok Exists');
    told.listAll(
      red,
      widget('a', { facts: { broken: true }, createdAt: 0 }),
      gate('g', []),
    );
    expect(told.status(GATE, 'red', 'g')).toBe('down AllDownSince0');
  });
});

describe('deltas', () => {
  it('are empty when nothing but the resource version changed', () => {
    const told = new Told().listAll(red, widget('a', { resourceVersion: '1' }));
    const delta = told.upsert(widget('a', { resourceVersion: '2' }));
    expect(isEmptyDelta(delta)).toBe(true);
  });

  it('are empty for a relist that brings nothing new', () => {
    const told = new Told().listAll(
      red,
      widget('a', { references: reads('c') }),
    );
    const before = told.table.nodes.size;
    const page = told.tell({
      type: 'page',
      kind: WIDGET,
      observed: [widget('a', { references: reads('c') })],
    });
    expect(isEmptyDelta(page)).toBe(true);
    expect(told.table.nodes.size).toBe(before);
  });

  it('merge what several containers say of one edge', () => {
    const config = (container: string, required: boolean) => ({
      ...reads('c', required)[0],
      details: { containers: [container] },
    });
    const told = new Told().listAll(
      red,
      widget('a', {
        references: [config('one', false), config('two', true)],
      }),
    );
    const [edge] = [...told.table.edges.values()].filter(
      each => each.relation === 'widget-config',
    );
    expect(edge).toMatchObject({
      required: true,
      details: { containers: ['one', 'two'] },
    });
  });

  it('take parts in and out with their object', () => {
    const told = new Told().listAll(
      red,
      widget('a', { parts: [piece('red', 'a', 'left')] }),
    );
    expect(told.edges('widget-piece')).toEqual([
      'red/a widget-piece red/a/left',
    ]);
    told.upsert(widget('a', { parts: [piece('red', 'a', 'right')] }));
    expect(told.edges('widget-piece')).toEqual([
      'red/a widget-piece red/a/right',
    ]);
    told.remove(WIDGET, widget('a').key);
    expect(told.edges('widget-piece')).toEqual([]);
    expect(told.table.nodes.size).toBe(2);
  });

  it('ignore the removal of a former object of the same name', () => {
    const told = new Told().listAll(red, widget('a', { uid: 'second' }));
    told.remove(WIDGET, widget('a').key, 'first');
    expect(told.status(WIDGET, 'red', 'a')).toBe('ok Exists');
    told.remove(WIDGET, widget('a').key, 'second');
    expect(told.status(WIDGET, 'red', 'a')).toBe('-');
  });

  it('tell the state of the cluster when it changes', () => {
    const told = new Told();
    const first = told.tell({ type: 'listing', kind: WIDGET });
    expect(first.clusterState).toEqual({ state: 'syncing', message: '' });
    told.listAll(red);
    expect(told.unavailable(CONFIG, 'forbidden').clusterState).toBeUndefined();
  });

  it('refuse a relation that nobody defined, before anything changes', () => {
    const told = new Told().listAll(red);
    const before = told.graph.stored();
    expect(() =>
      told.upsert(
        widget('a', {
          references: [{ ...reads('c')[0], relation: 'no-such' }],
        }),
      ),
    ).toThrow(UnknownRelationError);
    expect(told.graph.stored()).toEqual(before);
  });
});

describe('after a restart', () => {
  const world = [
    red,
    widget('a', { references: reads('c'), parts: [piece('red', 'a', 'left')] }),
    widget('b', { references: reads('d') }),
    object(CONFIG, 'red', 'd'),
    gate('g', []),
  ];
  const restart = (told: Told) =>
    new Told({ restored: told.graph.stored(), table: told.table });

  it('nothing is written until every kind was listed, and then only what differs', () => {
    const before = new Told().listAll(...world);
    const after = restart(before);
    after.list(WIDGET, world[1]);
    expect(after.status(WIDGET, 'red', 'b')).toBe('ok Exists');
    const rest = world.filter(each => each.key !== widget('b').key);
    after.listAll(...rest);
    expect(after.status(WIDGET, 'red', 'b')).toBe('-');
    expect(after.edges('widget-config', 'gate-widget', 'widget-piece')).toEqual(
      [
        'red/a widget-config red/c',
        'red/a widget-piece red/a/left',
        'red/g gate-widget red/a',
      ],
    );
    expect(after.status(CONFIG, 'red', 'c')).toBe('missing NotFound');
  });

  it('objects of a kind that cannot be read at present stay, with their edges and parts', () => {
    const before = new Told().listAll(...world);
    const after = restart(before);
    after.unavailable(WIDGET, 'failing');
    for (const kind of [NAMESPACE, EVENT, GATE, DOOR, CONFIG, MAKER]) {
      after.list(kind, ...world.filter(each => each.kind.kind === kind.kind));
    }
    after.list({ group: '', kind: 'Plug' });
    expect(after.edges('widget-config', 'gate-widget', 'widget-piece')).toEqual(
      before.edges('widget-config', 'gate-widget', 'widget-piece'),
    );
    expect(after.status(WIDGET, 'red', 'a')).toBe('ok Exists');
    after.list(WIDGET, world[1]);
    expect(after.status(WIDGET, 'red', 'b')).toBe('-');
    expect(after.edges('widget-piece')).toEqual([
      'red/a widget-piece red/a/left',
    ]);
    expect(after.edges('gate-widget')).toEqual(['red/g gate-widget red/a']);
  });

  it('a kind that may not be read any more is forgotten', () => {
    const after = restart(new Told().listAll(...world));
    after.listAll(...world.filter(each => each.kind !== CONFIG));
    after.unavailable(CONFIG, 'forbidden');
    expect(after.status(CONFIG, 'red', 'd')).toBe('unknown Forbidden');
  });

  it('an expired event that explains what the status still says stays', () => {
    const waiting = widget('a', {
      verdict: verdict('progressing', 'Waiting'),
    });
    const before = new Told().listAll(red, waiting, event());
    const after = restart(before).listAll(red, waiting);
    expect(after.status(WIDGET, 'red', 'a')).toBe('down Jammed');
    expect(after.table.events.size).toBe(1);
    const again = restart(after).listAll(red, widget('a'));
    expect(again.table.events.size).toBe(0);
  });
});
