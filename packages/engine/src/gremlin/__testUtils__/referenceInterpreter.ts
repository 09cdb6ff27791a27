import { Json } from '../../kinds/observation';
import { Condition, Direction, Query, Step, Traversal } from '../query';
import { GremlinAnswer } from '../result';
import { FixtureDictionary, FixtureGraph } from './fixtureGraph';
import { Edge, Graph, graphOf, inOrder, Node } from './referenceGraph';
import { impactOf } from './referenceImpact';
import { closure, shortestWay, touches } from './referenceSearch';
import {
  asNumber,
  canonical,
  compare,
  Element,
  found,
  holds,
  valuesHold,
} from './referenceValues';

/** An occurrence: where it is, and all elements on the way there, itself the last. */
interface Traverser {
  at: Node | Edge;
  way: (Node | Edge)[];
}

type Stream =
  | { form: 'graph' }
  | { form: 'elements'; list: Traverser[] }
  | { form: 'paths'; list: (Node | Edge)[][] }
  | { form: 'list'; list: Json[] }
  | { form: 'value'; value: Json };

/** A value that should be a number is none: the query is refused. */
export class NotANumber extends Error {}

function all(element: Element, conditions: readonly Condition[]): boolean {
  return conditions.every(each => holds(element, each.field, each.test));
}

function numbersOf(each: Node | Edge): number[] {
  return 'id' in each ? [each.id] : [each.source, each.relation, each.target];
}

/** Element by element, number by number; what ends first comes first. */
function compareLists(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): number {
  const flatA = a.map(each =>
    each.map(x => `${x}`.padStart(10, '0')).join(':'),
  );
  const flatB = b.map(each =>
    each.map(x => `${x}`.padStart(10, '0')).join(':'),
  );
  for (let i = 0; i < Math.min(flatA.length, flatB.length); i++) {
    if (flatA[i] !== flatB[i]) {
      return flatA[i] < flatB[i] ? -1 : 1;
    }
  }
  return flatA.length - flatB.length;
}

function ordered(list: Traverser[]): Traverser[] {
  return [...list].sort(
    (a, b) =>
      compareLists([numbersOf(a.at)], [numbersOf(b.at)]) ||
      compareLists(a.way.map(numbersOf), b.way.map(numbersOf)),
  );
}

function begin(at: Node | Edge): Traverser {
  return { at, way: [at] };
}

function onward({ way }: Traverser, at: Node | Edge): Traverser {
  return { at, way: [...way, at] };
}

function uniqueBy<T>(list: readonly T[], key: (each: T) => string): T[] {
  const seen = new Set<string>();
  return list.filter(each => {
    const isFirst = !seen.has(key(each));
    seen.add(key(each));
    return isFirst;
  });
}

const idOf = ({ at }: Traverser) => at.shown.ID;
const wayOf = ({ way }: Traverser) =>
  way.map(each => each.shown.ID).join(' > ');

function dedup(
  list: Traverser[],
  keys: Extract<Step, { step: 'dedup' }>['keys'],
): Traverser[] {
  if (keys.length === 0) {
    return uniqueBy(list, idOf);
  }
  const seen = new Set<string>();
  return list.filter(({ at }) => {
    const values = keys.map(key => found(at.shown, key).values[0]);
    if (values.every(value => value === undefined)) {
      return true;
    }
    const text = values
      .map(value => (value === undefined ? '-' : canonical(value)))
      .join(' ');
    const isFirst = !seen.has(text);
    seen.add(text);
    return isFirst;
  });
}

function named(value: Json): string {
  return typeof value === 'string' ? value : canonical(value);
}

class Interpretation {
  readonly #whole: Graph;
  readonly #keepsWays: boolean;
  readonly #named = new Map<string, Traverser[]>();
  #graph: Graph;

  constructor(whole: Graph, keepsWays: boolean) {
    this.#whole = whole;
    this.#graph = whole;
    this.#keepsWays = keepsWays;
  }

  run(steps: readonly Step[], start: Stream): Stream {
    return steps.reduce((stream, step) => this.#take(step, stream), start);
  }

  valueOf(stream: Stream): GremlinAnswer['value'] {
    switch (stream.form) {
      case 'graph':
        return [
          {
            Nodes: this.#graph.nodes.map(node => node.shown),
            Edges: this.#graph.edges.map(edge => edge.shown),
          },
        ];
      case 'elements':
        return stream.list.map(({ at }) => at.shown) as GremlinAnswer['value'];
      case 'paths':
        return stream.list.map(way =>
          way.map(each => each.shown),
        ) as GremlinAnswer['value'];
      case 'list':
        return stream.list;
      default:
        return stream.value;
    }
  }

  #take(step: Step, stream: Stream): Stream {
    switch (step.step) {
      case 'at':
        // The graph is of that time already.
        return stream;
      case 'graph':
        this.#graph = this.#whole;
        return { form: 'graph' };
      case 'nodes':
      case 'edges':
        return {
          form: 'elements',
          list: this.#graph[step.step]
            .map(begin)
            .filter(
              ({ at }) =>
                step.ids.length === 0 || step.ids.includes(at.shown.ID),
            ),
        };
      case 'select': {
        const list = step.names.flatMap(name => this.#named.get(name)!);
        return {
          form: 'elements',
          list: step.names.length > 1 ? ordered(list) : list,
        };
      }
      default:
    }
    switch (stream.form) {
      case 'elements':
        return this.#onElements(step, stream.list);
      case 'paths':
        return this.#onPaths(step, stream.list);
      case 'list':
        return this.#onList(step, stream.list);
      default:
        throw new Error(`The reference does not know ${step.step} here`);
    }
  }

  #onElements(step: Step, list: Traverser[]): Stream {
    const elements = (next: Traverser[]): Stream => ({
      form: 'elements',
      list: next,
    });
    switch (step.step) {
      case 'has':
        return elements(
          list.filter(({ at }) =>
            step.match === 'all'
              ? all(at.shown, step.conditions)
              : step.conditions.some(each =>
                  holds(at.shown, each.field, each.test),
                ),
          ),
        );
      case 'follow':
        return elements(
          ordered(list.flatMap(each => this.#followed(each, step))).filter(
            ({ at }) => all(at.shown, step.conditions),
          ),
        );
      case 'ends':
        return elements(
          ordered(
            list.flatMap(each => {
              const edge = each.at as Edge;
              const parent = this.#nodeOf(edge.source);
              const child = this.#nodeOf(edge.target);
              const ends = {
                parent: [parent],
                child: [child],
                both: [parent, child],
              }[step.end];
              return ends.map(end => onward(each, end));
            }),
          ).filter(({ at }) => all(at.shown, step.conditions)),
        );
      case 'closure':
        return elements(
          closure(
            this.#graph,
            list.map(({ at }) => at as Node),
            step,
          ).map(begin),
        );
      case 'impact':
        return elements(
          impactOf(
            this.#graph,
            list.map(({ at }) => at as Node),
            step.only === 'hard',
          ).map(begin),
        );
      case 'where':
        return elements(
          list.filter(each => {
            const finds = step.of.map(of => this.#finds(each, of));
            if (step.match === 'none') {
              return !finds.includes(true);
            }
            return step.match === 'any'
              ? finds.includes(true)
              : !finds.includes(false);
          }),
        );
      case 'repeat':
        return elements(
          step.times === undefined
            ? this.#untilDone(step, list)
            : this.#unrolled(step, step.times, list),
        );
      case 'dedup':
        return elements(dedup(list, step.keys));
      case 'range':
        return elements(list.slice(step.from, step.to));
      case 'sort':
        return elements(
          [...list].sort((a, b) =>
            compare(a.at.shown, b.at.shown, step.key, step.descending),
          ),
        );
      case 'as':
        this.#named.set(step.name, list);
        return elements(list);
      case 'count':
        return { form: 'value', value: list.length };
      case 'path':
        return { form: 'paths', list: list.map(({ way }) => way) };
      case 'shortestPath':
        return {
          form: 'paths',
          list: list.flatMap(({ at }) => {
            const way = shortestWay(this.#graph, at as Node, step);
            return way ? [way] : [];
          }),
        };
      case 'values':
        return { form: 'list', list: valuesOf(list, step.key) };
      case 'aggregate':
        return aggregate(step.of, valuesOf(list, step.key!));
      case 'group': {
        if (step.of === 'count') {
          const values = step.key ? valuesOf(list, step.key) : list.map(idOf);
          return counts(values);
        }
        const groups: { [name: string]: Json[] } = {};
        for (const { at } of list) {
          const values = step.key
            ? found(at.shown, step.key).values
            : [at.shown.ID];
          for (const name of new Set(values.map(named))) {
            groups[name] = [...(groups[name] ?? []), at.shown as never];
          }
        }
        return { form: 'value', value: groups };
      }
      case 'keys':
        return {
          form: 'list',
          list: [
            ...new Set(list.flatMap(({ at }) => pathsIn(at.shown))),
          ].sort(),
        };
      case 'valueMap':
        return {
          form: 'list',
          list: list.flatMap(({ at }) => {
            const map: { [key: string]: Json } = {};
            for (const key of step.keys) {
              const { values, crossed } = found(at.shown, key);
              if (values.length > 0) {
                map[key.text] = crossed ? values : values[0];
              }
            }
            return Object.keys(map).length > 0 ? [map] : [];
          }),
        };
      case 'subGraph':
        this.#graph = this.#induced(
          list.map(({ at }) => at),
          step.edges,
        );
        return { form: 'graph' };
      default:
        throw new Error(`The reference does not know ${step.step}`);
    }
  }

  #onPaths(step: Step, list: (Node | Edge)[][]): Stream {
    const nodes = inOrder(
      uniqueBy(
        list.flat().filter((each): each is Node => 'id' in each),
        each => each.shown.ID,
      ),
    );
    switch (step.step) {
      case 'dedup':
        return { form: 'elements', list: nodes.map(begin) };
      case 'subGraph':
        this.#graph = this.#induced(nodes, []);
        return { form: 'graph' };
      case 'range':
        return { form: 'paths', list: list.slice(step.from, step.to) };
      case 'count':
        return { form: 'value', value: list.length };
      default:
        throw new Error(`The reference does not know ${step.step} of paths`);
    }
  }

  #onList(step: Step, list: Json[]): Stream {
    switch (step.step) {
      case 'dedup':
        return { form: 'list', list: uniqueBy(list, canonical) };
      case 'range':
        return { form: 'list', list: list.slice(step.from, step.to) };
      case 'count':
        return { form: 'value', value: list.length };
      case 'is':
        return {
          form: 'list',
          list: list.filter(each => valuesHold([each], step.test)),
        };
      case 'has':
        return {
          form: 'list',
          list: list.filter(each => {
            const results = step.conditions.map(({ field, test }) => {
              const isMap =
                typeof each === 'object' && each !== null && field.text in each;
              const values = isMap
                ? [(each as { [name: string]: Json })[field.text]]
                : found({ Metadata: { x: each } } as never, {
                    text: '',
                    segments: ['x', ...field.segments],
                  }).values;
              return valuesHold(values, test);
            });
            return step.match === 'all'
              ? !results.includes(false)
              : results.includes(true);
          }),
        };
      case 'aggregate':
        return aggregate(step.of, list);
      case 'group':
        return counts(list);
      default:
        throw new Error(`The reference does not know ${step.step} of values`);
    }
  }

  #nodeOf(id: number): Node {
    return this.#graph.nodes.find(node => node.id === id)!;
  }

  #followed(
    each: Traverser,
    step: { direction: Direction; to: 'nodes' | 'edges' },
  ): Traverser[] {
    const { id } = each.at as Node;
    return this.#graph.edges
      .filter(edge => touches(edge, id, step.direction))
      .map(edge => {
        if (step.to === 'edges') {
          return onward(each, edge);
        }
        const outward =
          step.direction === 'out' ||
          (step.direction === 'both' && edge.source === id);
        return onward(each, this.#nodeOf(outward ? edge.target : edge.source));
      });
  }

  /** Ways do not count within a condition. */
  #finds({ at }: Traverser, traversal: Traversal): boolean {
    const inner = new Interpretation(this.#whole, false);
    inner.#graph = this.#graph;
    return inner.#findsFrom(begin(at), traversal);
  }

  #findsFrom(each: Traverser, { steps }: Traversal): boolean {
    let stream: Stream = { form: 'elements', list: [each] };
    for (const [i, step] of steps.entries()) {
      const before = steps[i - 1];
      if (step.step === 'values') {
        if (steps[i + 1]?.step !== 'is') {
          stream = this.#withField(stream, step, { test: 'present' });
        }
      } else if (step.step === 'is' && before.step === 'values') {
        stream = this.#withField(stream, before, step.test);
      } else if (step.step === 'is') {
        const { value } = stream as Extract<Stream, { form: 'value' }>;
        if (!valuesHold([value], step.test)) {
          return false;
        }
      } else {
        stream = this.#take(step, stream);
      }
    }
    return (
      stream.form === 'value' ||
      (stream as unknown as { list: unknown[] }).list.length > 0
    );
  }

  #withField(
    stream: Stream,
    { key, at }: Extract<Step, { step: 'values' }>,
    test: Condition['test'],
  ): Stream {
    return this.#take(
      { step: 'has', match: 'all', conditions: [{ field: key, test }], at },
      stream,
    );
  }

  #body(step: Extract<Step, { step: 'repeat' }>, list: Traverser[]) {
    const stream = this.run(step.body.steps, { form: 'elements', list });
    return (stream as Extract<Stream, { form: 'elements' }>).list;
  }

  #unrolled(
    step: Extract<Step, { step: 'repeat' }>,
    times: number,
    start: Traverser[],
  ): Traverser[] {
    const results: Traverser[] = [];
    const { until, emit } = step;
    const emits = (each: Traverser) => !emit?.of || this.#finds(each, emit.of);
    const isDone = (each: Traverser) =>
      until !== undefined && this.#finds(each, until.of);
    let list = start;
    if (until?.before) {
      results.push(...list.filter(isDone));
      list = list.filter(each => !isDone(each));
    }
    if (emit?.before && times > 0) {
      results.push(...list.filter(emits));
    }
    for (let left = times; left > 0; left--) {
      const reached = this.#body(step, list);
      results.push(...reached.filter(isDone));
      list = reached.filter(each => !isDone(each));
      if (emit && left > 1) {
        results.push(...list.filter(emits));
      }
    }
    return ordered([...results, ...list]);
  }

  /** Each node once; where ways count, each way that meets no node twice. */
  #untilDone(
    step: Extract<Step, { step: 'repeat' }>,
    start: Traverser[],
  ): Traverser[] {
    const key = this.#keepsWays ? wayOf : idOf;
    const { until, emit } = step;
    const emits = (each: Traverser) => !emit?.of || this.#finds(each, emit.of);
    const results: Traverser[] = [];
    const seen = new Set<string>();
    let going: Traverser[] = [];
    for (const each of uniqueBy(start, key)) {
      if (until?.before && this.#finds(each, until.of)) {
        results.push(each);
      } else {
        if (emit?.before && emits(each)) {
          results.push(each);
        }
        going.push(each);
      }
    }
    while (going.length > 0) {
      const next: Traverser[] = [];
      for (const each of going) {
        for (const reached of this.#body(step, [each])) {
          const again =
            this.#keepsWays &&
            each.way.some(other => other.shown.ID === reached.at.shown.ID);
          if (!again && !seen.has(key(reached))) {
            seen.add(key(reached));
            if (until && this.#finds(reached, until.of)) {
              results.push(reached);
            } else {
              if (emit && emits(reached)) {
                results.push(reached);
              }
              next.push(reached);
            }
          }
        }
      }
      going = next;
    }
    return ordered(uniqueBy(results, key));
  }

  #induced(elements: (Node | Edge)[], edges: readonly Condition[]): Graph {
    if (elements.some(each => !('id' in each))) {
      const kept = this.#graph.edges.filter(edge => elements.includes(edge));
      const ends = new Set(kept.flatMap(edge => [edge.source, edge.target]));
      return {
        nodes: this.#graph.nodes.filter(({ id }) => ends.has(id)),
        edges: kept,
      };
    }
    // Nodes that Select brought back may be from outside of the graph.
    const nodes = uniqueBy(elements as Node[], each => each.shown.ID);
    const ids = new Set(nodes.map(node => node.id));
    return {
      nodes: inOrder(nodes),
      edges: this.#graph.edges.filter(
        edge =>
          ids.has(edge.source) &&
          ids.has(edge.target) &&
          all(edge.shown, edges),
      ),
    };
  }
}

/** Equal elements stand side by side: each of their values as often as the element. */
function valuesOf(
  list: Traverser[],
  key: Extract<Step, { step: 'values' }>['key'],
): Json[] {
  return uniqueBy(list, idOf)
    .flatMap(each =>
      found(each.at.shown, key).values.flatMap(value =>
        list.filter(other => idOf(other) === idOf(each)).map(() => value),
      ),
    )
    .filter(value => !['[]', '{}'].includes(JSON.stringify(value)));
}

function aggregate(of: 'sum' | 'min' | 'max' | 'mean', values: Json[]): Stream {
  const numbers = values.map(value => {
    const number = asNumber(value);
    if (number === undefined) {
      throw new NotANumber();
    }
    return number;
  });
  const sum = numbers.reduce((a, b) => a + b, 0);
  const results = {
    sum,
    min: numbers.length > 0 ? Math.min(...numbers) : null,
    max: numbers.length > 0 ? Math.max(...numbers) : null,
    mean: numbers.length > 0 ? sum / numbers.length : null,
  };
  return { form: 'value', value: results[of] };
}

function counts(values: Json[]): Stream {
  const value: { [name: string]: number } = {};
  for (const each of values.map(named)) {
    value[each] = (Object.hasOwn(value, each) ? value[each] : 0) + 1;
  }
  return { form: 'value', value };
}

function pathsIn(element: Element): string[] {
  const paths = Object.keys(element)
    .filter(key => !['Metadata', 'Parent', 'Child'].includes(key))
    .map(key => `@${key}`);
  const walk = (value: Json, prefix: string) => {
    if (Array.isArray(value)) {
      value.forEach(each => walk(each, prefix));
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        const path = prefix === '' ? key : `${prefix}.${key}`;
        paths.push(path);
        walk(value[key], path);
      }
    }
  };
  walk(element.Metadata, '');
  return paths;
}

/**
 * What a query means, said as plainly as can be: every step is a loop over arrays, every occurrence an entry with its
 * whole way. The tests hold the SQL against it.
 *
 * @throws NotANumber
 */
export function interpret(
  query: Query,
  fixture: FixtureGraph,
  dictionary: FixtureDictionary,
): GremlinAnswer['value'] {
  const interpretation = new Interpretation(
    graphOf(fixture, dictionary, query.text.includes('Stale')),
    query.steps.some(each => each.step === 'path'),
  );
  return interpretation.valueOf(
    interpretation.run(query.steps, { form: 'graph' }),
  );
}
