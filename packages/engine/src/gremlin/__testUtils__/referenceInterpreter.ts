import { Json } from '../../kinds/observation';
import { Condition, Direction, Query, Step } from '../query';
import { GremlinAnswer } from '../result';
import { FixtureDictionary, FixtureGraph } from './fixtureGraph';
import {
  Edge,
  Graph,
  graphOf,
  inOrder,
  inOrderOfEdges,
  Node,
} from './referenceGraph';
import { canonical, compare, Element, found, holds } from './referenceValues';

function passes(
  element: Element,
  step: Extract<Step, { step: 'has' }>,
): boolean {
  return step.match === 'all'
    ? all(element, step.conditions)
    : step.conditions.some(each => holds(element, each.field, each.test));
}

function all(element: Element, conditions: readonly Condition[]): boolean {
  return conditions.every(each => holds(element, each.field, each.test));
}

function touches(edge: Edge, id: number, direction: Direction): boolean {
  return (
    (direction !== 'in' && edge.source === id) ||
    (direction !== 'out' && edge.target === id)
  );
}

function otherEnd(
  graph: Graph,
  edge: Edge,
  id: number,
  { direction }: { direction: Direction },
): Node {
  const outward =
    direction === 'out' || (direction === 'both' && edge.source === id);
  return byId(graph, outward ? edge.target : edge.source);
}

function closure(
  graph: Graph,
  start: Node[],
  step: Extract<Step, { step: 'closure' }>,
): Node[] {
  const seen = new Map(start.map(node => [node.id, node]));
  let frontier = [...seen.values()];
  const depth = step.depth === 'unlimited' ? Infinity : step.depth;
  for (let level = 0; level < depth && frontier.length > 0; level++) {
    const next: Node[] = [];
    for (const node of frontier) {
      for (const edge of graph.edges) {
        if (
          touches(edge, node.id, step.direction) &&
          step.edges.some(each => holds(edge.shown, each.field, each.test))
        ) {
          const other = otherEnd(graph, edge, node.id, step);
          if (!seen.has(other.id)) {
            seen.set(other.id, other);
            next.push(other);
          }
        }
      }
    }
    frontier = next;
  }
  return inOrder([...seen.values()]);
}

function dedup<T extends { shown: Element }>(
  elements: T[],
  keys: Extract<Step, { step: 'dedup' }>['keys'],
): T[] {
  if (keys.length === 0) {
    return uniqueBy(elements, idOf);
  }
  const seen = new Set<string>();
  return elements.filter(({ shown }) => {
    const values = keys.map(key => found(shown, key).values[0]);
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

function idOf(each: { shown: Element }): string {
  return each.shown.ID;
}

function uniqueBy<T>(elements: T[], key: (element: T) => string): T[] {
  const seen = new Set<string>();
  return elements.filter(each => {
    const isFirst = !seen.has(key(each));
    seen.add(key(each));
    return isFirst;
  });
}

function byId(graph: Graph, id: number): Node {
  return graph.nodes.find(node => node.id === id)!;
}

class Interpretation {
  readonly #whole: Graph;
  readonly #named = new Map<string, Node[]>();
  #graph: Graph;
  #nodes?: Node[];
  #edges?: Edge[];
  #list?: Json[];
  #count?: number;

  constructor(whole: Graph) {
    this.#whole = whole;
    this.#graph = whole;
  }

  get value(): GremlinAnswer['value'] {
    return (
      this.#count ??
      this.#list ??
      this.#nodes?.map(node => node.shown) ??
      this.#edges?.map(edge => edge.shown) ?? [
        {
          Nodes: this.#graph.nodes.map(node => node.shown),
          Edges: this.#graph.edges.map(edge => edge.shown),
        },
      ]
    );
  }

  take(step: Step): void {
    switch (step.step) {
      case 'graph':
        this.#graph = this.#whole;
        this.#nodes = this.#edges = this.#list = undefined;
        break;
      case 'nodes':
        this.#nodes = this.#graph.nodes.filter(
          node => step.ids.length === 0 || step.ids.includes(node.shown.ID),
        );
        break;
      case 'edges':
        this.#edges = this.#graph.edges.filter(
          edge => step.ids.length === 0 || step.ids.includes(edge.shown.ID),
        );
        break;
      case 'has':
        this.#nodes = this.#nodes?.filter(({ shown }) => passes(shown, step));
        this.#edges = this.#edges?.filter(({ shown }) => passes(shown, step));
        break;
      case 'follow': {
        const met = this.#nodes!.flatMap(node =>
          this.#graph.edges
            .filter(edge => touches(edge, node.id, step.direction))
            .map(edge => ({ edge, node })),
        );
        if (step.to === 'edges') {
          this.#edges = inOrderOfEdges(met.map(({ edge }) => edge)).filter(
            edge => all(edge.shown, step.conditions),
          );
          this.#nodes = undefined;
        } else {
          this.#nodes = inOrder(
            met.map(({ edge, node }) =>
              otherEnd(this.#graph, edge, node.id, step),
            ),
          ).filter(node => all(node.shown, step.conditions));
        }
        break;
      }
      case 'ends':
        this.#nodes = inOrder(
          this.#edges!.flatMap(edge => {
            const parent = byId(this.#graph, edge.source);
            const child = byId(this.#graph, edge.target);
            return { parent: [parent], child: [child], both: [parent, child] }[
              step.end
            ];
          }),
        ).filter(node => all(node.shown, step.conditions));
        this.#edges = undefined;
        break;
      case 'closure':
        this.#nodes = closure(this.#graph, this.#nodes!, step);
        break;
      case 'dedup':
        this.#nodes = this.#nodes && dedup(this.#nodes, step.keys);
        this.#edges = this.#edges && dedup(this.#edges, step.keys);
        this.#list = this.#list && uniqueBy(this.#list, canonical);
        break;
      case 'range': {
        const part = <T>(from: T[]) => from.slice(step.from, step.to);
        this.#nodes = this.#nodes && part(this.#nodes);
        this.#edges = this.#edges && part(this.#edges);
        this.#list = this.#list && part(this.#list);
        break;
      }
      case 'sort': {
        const by = (a: { shown: Element }, b: { shown: Element }) =>
          compare(a.shown, b.shown, step.key, step.descending);
        this.#nodes = this.#nodes && [...this.#nodes].sort(by);
        this.#edges = this.#edges && [...this.#edges].sort(by);
        break;
      }
      case 'count':
        this.#count = (this.#list ?? this.#nodes ?? this.#edges)!.length;
        break;
      case 'values':
        // Equal elements stand side by side: each of their values as often as the element.
        this.#list = uniqueBy<{ shown: Element }>(
          (this.#nodes ?? this.#edges)!,
          idOf,
        )
          .flatMap(each =>
            found(each.shown, step.key).values.flatMap(value =>
              Array<Json>(
                (this.#nodes ?? this.#edges)!.filter(
                  other => idOf(other) === idOf(each),
                ).length,
              ).fill(value),
            ),
          )
          .filter(value => !['[]', '{}'].includes(JSON.stringify(value)));
        this.#nodes = this.#edges = undefined;
        break;
      case 'valueMap':
        this.#list = (this.#nodes ?? this.#edges)!.flatMap(
          ({ shown }: { shown: Element }) => {
            const map: { [key: string]: Json } = {};
            for (const key of step.keys) {
              const { values, crossed } = found(shown, key);
              if (values.length > 0) {
                map[key.text] = crossed ? values : values[0];
              }
            }
            return Object.keys(map).length > 0 ? [map] : [];
          },
        );
        this.#nodes = this.#edges = undefined;
        break;
      case 'subGraph': {
        const ids = new Set(this.#nodes?.map(node => node.id));
        const kept = this.#edges
          ? inOrderOfEdges([...new Set(this.#edges)])
          : this.#graph.edges.filter(
              edge =>
                ids.has(edge.source) &&
                ids.has(edge.target) &&
                all(edge.shown, step.edges),
            );
        const ends = new Set(kept.flatMap(edge => [edge.source, edge.target]));
        this.#graph = {
          // Nodes that Select brought back may be from outside of the graph.
          nodes: this.#nodes
            ? inOrder(uniqueBy(this.#nodes, idOf))
            : this.#graph.nodes.filter(({ id }) => ends.has(id)),
          edges: kept,
        };
        this.#nodes = this.#edges = undefined;
        break;
      }
      case 'as':
        this.#named.set(step.name, this.#nodes!);
        break;
      case 'select':
        this.#nodes = step.names.flatMap(name => this.#named.get(name)!);
        if (step.names.length > 1) {
          this.#nodes = inOrder(this.#nodes);
        }
        break;
      default:
        throw new Error(`The reference does not know ${step.step}`);
    }
  }
}

/**
 * What a query means, said as plainly as can be: every step is a loop over arrays, every occurrence an entry. The
 * tests hold the SQL against it.
 */
export function interpret(
  query: Query,
  fixture: FixtureGraph,
  dictionary: FixtureDictionary,
): GremlinAnswer['value'] {
  const interpretation = new Interpretation(graphOf(fixture, dictionary));
  query.steps.forEach(step => interpretation.take(step));
  return interpretation.value;
}
