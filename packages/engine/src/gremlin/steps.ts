import { parseFieldPath } from './fieldPath';
import { Direction, Step, Stream, Test } from './query';
import { StepArguments, TraversalUse } from './stepArguments';

type Form<S = Step> = S extends Step ? Omit<S, 'at'> : never;

/** A step of the language: how it reads, what it takes, and what it makes of what comes in. */
export interface StepDefinition {
  /** As users write it; letter case does not count. */
  readonly name: string;
  /** Only for `G`, which begins again from the whole graph. */
  readonly bare?: true;
  /** What it hands on, for each kind of stream that it can follow. */
  readonly streams: Partial<Record<Stream, Stream>>;
  /** Steps within parentheses that it may be one of. */
  readonly within?: readonly TraversalUse[];
  read(values: StepArguments): Form;
}

/** Says more of the step before it, or of the step behind it. */
export interface ModifierDefinition {
  readonly name: string;
  readonly modifies: 'repeat' | 'group';
  /** `before`: it stands before the step. `undefined`: it says what has been said. */
  read(step: Step, values: StepArguments, before: boolean): Step | undefined;
}

const ANYWHERE = ['where', 'repeat'] as const;
const IN_WHERE = ['where'] as const;

const ON_NODES = { nodes: 'nodes' } as const;
const ON_ELEMENTS = { nodes: 'nodes', edges: 'edges' } as const;
const ON_VALUES = { values: 'values', maps: 'maps' } as const;
const ON_LISTS = { ...ON_ELEMENTS, ...ON_VALUES, paths: 'paths' } as const;

const NOWHERE = { offset: 0, length: 0 };
const CREATED_AT = parseFieldPath('@CreatedAt', '', NOWHERE);
const RELATION_TYPE = parseFieldPath('RelationType', '', NOWHERE);

/** `skydive.md` 3.5; adding a step is adding a row (and its compilation). */
export const STEPS: readonly StepDefinition[] = [
  {
    name: 'G',
    bare: true,
    streams: {
      graph: 'graph',
      nodes: 'graph',
      edges: 'graph',
      paths: 'graph',
      values: 'graph',
      maps: 'graph',
      number: 'graph',
    },
    read: () => ({ step: 'graph' }),
  },
  {
    name: 'V',
    streams: { graph: 'nodes' },
    read: values => ({ step: 'nodes', ids: values.texts('an id', 0) }),
  },
  {
    name: 'E',
    streams: { graph: 'edges' },
    read: values => ({ step: 'edges', ids: values.texts('an id', 0) }),
  },
  {
    name: 'Has',
    streams: { ...ON_ELEMENTS, ...ON_VALUES },
    within: ANYWHERE,
    read: values => ({
      step: 'has',
      match: 'all',
      conditions: values.conditions({ orNone: false }),
    }),
  },
  {
    name: 'HasEither',
    streams: { ...ON_ELEMENTS, ...ON_VALUES },
    within: ANYWHERE,
    read: values => ({
      step: 'has',
      match: 'any',
      conditions: values.conditions({ orNone: false }),
    }),
  },
  {
    name: 'HasKey',
    streams: { ...ON_ELEMENTS, ...ON_VALUES },
    within: ANYWHERE,
    read: values => presence(values, { test: 'present' }),
  },
  {
    name: 'HasNot',
    streams: { ...ON_ELEMENTS, ...ON_VALUES },
    within: ANYWHERE,
    read: values => presence(values, { test: 'absent' }),
  },
  follow('Out', 'out', 'nodes'),
  follow('In', 'in', 'nodes'),
  follow('Both', 'both', 'nodes'),
  follow('OutE', 'out', 'edges'),
  follow('InE', 'in', 'edges'),
  follow('BothE', 'both', 'edges'),
  // Skydive's sense: OutV is where the edge leads to. TinkerPop's is the other way round.
  ends('OutV', 'child'),
  ends('InV', 'parent'),
  ends('BothV', 'both'),
  {
    name: 'Dedup',
    // Paths become the nodes on them.
    streams: { ...ON_LISTS, paths: 'nodes' },
    within: ANYWHERE,
    read: values => ({ step: 'dedup', keys: values.fields(0) }),
  },
  {
    name: 'Limit',
    streams: ON_LISTS,
    within: IN_WHERE,
    read: values => {
      const [to] = values.wholeNumbers(1, 'a whole number from 0');
      return { step: 'range', from: 0, to };
    },
  },
  {
    name: 'Range',
    streams: ON_LISTS,
    within: IN_WHERE,
    read: values => {
      const [from, to] = values.wholeNumbers(2, 'two whole numbers from 0');
      return { step: 'range', from, to };
    },
  },
  {
    name: 'Sort',
    streams: ON_ELEMENTS,
    read: values => {
      const { key, descending } = values.sort();
      return { step: 'sort', key: key ?? CREATED_AT, descending };
    },
  },
  {
    name: 'Count',
    streams: {
      nodes: 'number',
      edges: 'number',
      paths: 'number',
      values: 'number',
      maps: 'number',
    },
    within: IN_WHERE,
    read: values => {
      values.none();
      return { step: 'count' };
    },
  },
  aggregate('Sum', 'sum'),
  aggregate('Min', 'min'),
  aggregate('Max', 'max'),
  aggregate('Mean', 'mean'),
  group('GroupCount', 'count', { values: 'summary' }),
  group('Group', 'elements', {}),
  {
    name: 'Is',
    streams: { values: 'values', number: 'number' },
    within: IN_WHERE,
    read: values => ({ step: 'is', test: values.test() }),
  },
  {
    name: 'Values',
    streams: { nodes: 'values', edges: 'values' },
    within: IN_WHERE,
    read: values => ({ step: 'values', key: values.field() }),
  },
  {
    name: 'ValueMap',
    streams: { nodes: 'maps', edges: 'maps' },
    read: values => ({ step: 'valueMap', keys: values.fields(1) }),
  },
  {
    name: 'Keys',
    streams: { nodes: 'maps', edges: 'maps' },
    read: values => {
      values.none();
      return { step: 'keys' };
    },
  },
  {
    name: 'SubGraph',
    streams: { nodes: 'graph', edges: 'graph', paths: 'graph' },
    read: values => ({
      step: 'subGraph',
      edges: values.conditions({ orNone: true }),
    }),
  },
  {
    name: 'As',
    streams: ON_NODES,
    read: values => ({ step: 'as', name: values.text('a name in quotes') }),
  },
  {
    name: 'Select',
    streams: ON_NODES,
    read: values => ({
      step: 'select',
      names: values.texts('names given by As', 1),
    }),
  },
  closure('Descendants', 'out'),
  closure('Ascendants', 'in'),
  closure('Neighbors', 'both'),
  {
    name: 'Impact',
    streams: ON_NODES,
    within: ANYWHERE,
    read: values => ({ step: 'impact', only: values.optionalWord(['hard']) }),
  },
  where('Where', 'all', 1),
  where('Not', 'none', 1),
  where('And', 'all'),
  where('Or', 'any'),
  {
    name: 'Repeat',
    streams: ON_NODES,
    within: IN_WHERE,
    read: values => {
      const [body] = values.traversals('repeat', 1);
      return { step: 'repeat', body };
    },
  },
  {
    name: 'Path',
    streams: { nodes: 'paths', edges: 'paths' },
    read: values => {
      values.none();
      return { step: 'path' };
    },
  },
  {
    name: 'ShortestPathTo',
    streams: { nodes: 'paths' },
    read: values => {
      const [target, edges = []] = values.metadata();
      return { step: 'shortestPath', target, edges };
    },
  },
  // Two names of one step.
  ...['At', 'Context'].map(
    (name): StepDefinition => ({
      name,
      streams: { graph: 'graph' },
      read: values => ({ step: 'at', ...values.timeAndSpan() }),
    }),
  ),
  {
    name: 'Diff',
    streams: { graph: 'summary', nodes: 'summary', edges: 'summary' },
    read: values => ({ step: 'diff', time: values.time() }),
  },
];

/** What stands beside `Repeat` and `Group`. */
export const MODIFIERS: readonly ModifierDefinition[] = [
  {
    name: 'Times',
    modifies: 'repeat',
    read: (step, values) => {
      if (step.step !== 'repeat' || step.times !== undefined) {
        return undefined;
      }
      const [times] = values.wholeNumbers(1, 'a whole number from 0');
      return { ...step, times };
    },
  },
  {
    name: 'Until',
    modifies: 'repeat',
    read: (step, values, before) => {
      if (step.step !== 'repeat' || step.until) {
        return undefined;
      }
      const [of] = values.traversals('where', 1);
      return { ...step, until: { before, of } };
    },
  },
  {
    name: 'Emit',
    modifies: 'repeat',
    read: (step, values, before) => {
      if (step.step !== 'repeat' || step.emit) {
        return undefined;
      }
      const [of] = values.length > 0 ? values.traversals('where', 1) : [];
      return { ...step, emit: { before, of } };
    },
  },
  {
    name: 'By',
    modifies: 'group',
    read: (step, values) =>
      step.step === 'group' && !step.key
        ? { ...step, key: values.field() }
        : undefined,
  },
];

function where(
  name: string,
  match: 'all' | 'any' | 'none',
  atMost?: number,
): StepDefinition {
  return {
    name,
    streams: ON_ELEMENTS,
    within: ANYWHERE,
    read: values => ({
      step: 'where',
      match,
      of: values.traversals('where', atMost),
    }),
  };
}

function aggregate(
  name: string,
  of: 'sum' | 'min' | 'max' | 'mean',
): StepDefinition {
  return {
    name,
    streams: { nodes: 'number', edges: 'number', values: 'number' },
    read: values => ({ step: 'aggregate', of, key: values.optionalField() }),
  };
}

function group(
  name: string,
  of: 'count' | 'elements',
  more: StepDefinition['streams'],
): StepDefinition {
  return {
    name,
    streams: { nodes: 'summary', edges: 'summary', ...more },
    read: values => ({ step: 'group', of, key: values.optionalField() }),
  };
}

function presence(values: StepArguments, test: Test): Form {
  return {
    step: 'has',
    match: 'all',
    conditions: [{ field: values.field(), test }],
  };
}

function follow(
  name: string,
  direction: Direction,
  to: 'nodes' | 'edges',
): StepDefinition {
  return {
    name,
    streams: { nodes: to },
    within: ANYWHERE,
    read: values => ({
      step: 'follow',
      direction,
      to,
      conditions: values.conditions({ orNone: true }),
    }),
  };
}

function ends(name: string, end: 'parent' | 'child' | 'both'): StepDefinition {
  return {
    name,
    streams: { edges: 'nodes' },
    within: ANYWHERE,
    read: values => ({
      step: 'ends',
      end,
      conditions: values.conditions({ orNone: true }),
    }),
  };
}

function closure(name: string, direction: Direction): StepDefinition {
  return {
    name,
    streams: ON_NODES,
    within: ANYWHERE,
    read: values => {
      const { conditions, depth = 1 } = values.conditionsAndDepth();
      return {
        step: 'closure',
        direction,
        edges:
          conditions.length > 0
            ? conditions
            : [
                {
                  field: RELATION_TYPE,
                  test: { test: 'equals', anyOf: ['ownership'] },
                },
              ],
        depth: depth === 0 ? 'unlimited' : depth,
      };
    },
  };
}
