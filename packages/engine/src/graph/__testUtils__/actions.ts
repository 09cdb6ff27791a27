import fc from 'fast-check';
import { KindId, nodeKey } from '../../kinds/identity';
import { LabelSelector } from '../../kinds/labelSelector';
import { EventObservation, Observation } from '../../kinds/observation';
import { Unavailability } from '../../kinds/update';
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
  piece,
  PLUG,
  STRANGER,
  verdict,
  WIDGET,
} from './madeUpKinds';

/** When the world starts; verdicts come due and events happen around it. */
export const START = 1_000;
export const WATCHED = KINDS.filter(kind => kind.plural !== '').map(
  kind => kind.id,
);

/** What may happen to a cluster, or to the process that watches it. */
export type Action =
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
    podLabels: fc.option(labels, { nil: undefined }),
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
      podLabels: made.podLabels,
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
      fc.record({
        by: fc.constantFrom(undefined, 'podLabels' as const),
        namespaces: namespaceScope,
        selector,
        port: names,
      }),
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
        by: each.by,
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
export const action: fc.Arbitrary<Action> = fc.oneof(
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
