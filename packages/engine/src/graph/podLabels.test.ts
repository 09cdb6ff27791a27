import { LabelSelector } from '../kinds/labelSelector';
import { Observation } from '../kinds/observation';
import { GATE, NAMESPACE, object, WIDGET } from './__testUtils__/madeUpKinds';
import { Told } from './__testUtils__/told';

const red = object(NAMESPACE, '', 'red');
const made = (
  podLabels: Record<string, string> | undefined,
  labels: Record<string, string> = {},
): Observation => object(WIDGET, 'red', 'a', { podLabels, labels });
const app = (value: string): LabelSelector => [
  { key: 'app', operator: 'In', values: [value] },
];
const gate = (
  by: 'podLabels' | undefined,
  selector: LabelSelector = app('x'),
): Observation =>
  object(GATE, 'red', by ?? 'labels', {
    selectors: [
      {
        relation: 'gate-widget',
        end: 'source',
        kind: WIDGET,
        by,
        namespaces: 'own',
        selector,
      },
    ],
  });
const EDGE = ['red/podLabels gate-widget red/a'];

describe('a selector of the labels that objects give to their pods', () => {
  const edges = (told: Told) => told.edges('gate-widget');

  it.each<[string, Observation, string[]]>([
    ['matches these', made({ app: 'x' }), EDGE],
    ['does not match others', made({ app: 'y' }), []],
    ["does not match the object's own", made({ app: 'y' }, { app: 'x' }), []],
    ['does not match what makes no pods', made(undefined, { app: 'x' }), []],
  ])('%s', (_, item, expected) => {
    expect(edges(new Told().listAll(red, item, gate('podLabels')))).toEqual(
      expected,
    );
    const late = new Told().listAll(red, item);
    late.upsert(gate('podLabels'));
    expect(edges(late)).toEqual(expected);
    const early = new Told().listAll(red, gate('podLabels'));
    early.upsert(item);
    expect(edges(early)).toEqual(expected);
  });

  it('that is empty matches all that make pods', () => {
    const all = gate('podLabels', []);
    expect(edges(new Told().listAll(red, made({}), all))).toEqual(EDGE);
    expect(edges(new Told().listAll(red, made(undefined), all))).toEqual([]);
  });

  it('follows these through changes, removal and return', () => {
    const told = new Told().listAll(red, made({ app: 'x' }), gate('podLabels'));
    const after = (item: Observation) => {
      told.upsert(item);
      return edges(told);
    };
    expect(after(made({ app: 'y' }))).toEqual([]);
    expect(after(made({ app: 'x', tier: 'z' }))).toEqual(EDGE);
    expect(after(made(undefined))).toEqual([]);
    expect(after(made({ app: 'x' }))).toEqual(EDGE);
    told.remove(made({ app: 'x' }).kind, made({ app: 'x' }).key);
    expect(edges(told)).toEqual([]);
    expect(after(made({ app: 'x' }))).toEqual(EDGE);
    told.remove(gate('podLabels').kind, gate('podLabels').key);
    expect(edges(told)).toEqual([]);
  });

  it('and one of own labels do not disturb each other', () => {
    const told = new Told().listAll(
      red,
      made({ app: 'x' }, { app: 'x' }),
      gate('podLabels'),
      gate(undefined),
    );
    const own = 'red/labels gate-widget red/a';
    expect(edges(told).sort()).toEqual([own, ...EDGE]);
    told.upsert(made({ app: 'y' }, { app: 'x' }));
    expect(edges(told)).toEqual([own]);
    told.upsert(made({ app: 'x' }, { app: 'y' }));
    expect(edges(told)).toEqual(EDGE);
  });

  it('finds nobody by labels of long ago', () => {
    const told = new Told().listAll(red, made({ app: 'x' }), gate('podLabels'));
    told.upsert(made({ app: 'y' }));
    told.remove(gate('podLabels').kind, gate('podLabels').key);
    told.upsert(gate('podLabels'));
    expect(edges(told)).toEqual([]);
    told.remove(made({ app: 'y' }).kind, made({ app: 'y' }).key);
    told.upsert(gate('podLabels', app('y')));
    expect(edges(told)).toEqual([]);
    const idle = new Told().listAll(red, made({ app: 'x' }));
    idle.upsert(made(undefined));
    idle.upsert(gate('podLabels', []));
    expect(edges(idle)).toEqual([]);
  });
});
