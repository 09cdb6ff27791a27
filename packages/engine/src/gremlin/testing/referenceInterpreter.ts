import { Json } from '../../kinds/observation';
import { Condition, Direction, Query, Step } from '../query';
import { GremlinAnswer, GremlinEdge, GremlinNode } from '../result';
import {
  FixtureDictionary,
  FixtureGraph,
  fixtureKey,
  FixtureNode,
  fixtureType,
} from './fixtureGraph';
import { canonical, compare, Element, found, holds } from './referenceValues';

interface Node {
  id: number;
  shown: GremlinNode;
}
interface Edge {
  source: number;
  relation: number;
  target: number;
  shown: GremlinEdge;
}
interface Graph {
  nodes: Node[];
  edges: Edge[];
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
  const whole = graphOf(fixture, dictionary);
  const named = new Map<string, Node[]>();
  let graph = whole;
  let nodes: Node[] | undefined;
  let edges: Edge[] | undefined;
  let list: Json[] | undefined;

  for (const step of query.steps) {
    switch (step.step) {
      case 'graph':
        graph = whole;
        nodes = edges = list = undefined;
        break;
      case 'nodes':
        nodes = graph.nodes.filter(
          node => step.ids.length === 0 || step.ids.includes(node.shown.ID),
        );
        break;
      case 'edges':
        edges = graph.edges.filter(
          edge => step.ids.length === 0 || step.ids.includes(edge.shown.ID),
        );
        break;
      case 'has':
        nodes = nodes?.filter(({ shown }) => passes(shown, step));
        edges = edges?.filter(({ shown }) => passes(shown, step));
        break;
      case 'follow': {
        const met = nodes!.flatMap(node =>
          graph.edges
            .filter(edge => touches(edge, node.id, step.direction))
            .map(edge => ({ edge, node })),
        );
        if (step.to === 'edges') {
          edges = inOrderOfEdges(met.map(({ edge }) => edge)).filter(edge =>
            all(edge.shown, step.conditions),
          );
          nodes = undefined;
        } else {
          nodes = inOrder(
            met.map(({ edge, node }) => otherEnd(graph, edge, node.id, step)),
          ).filter(node => all(node.shown, step.conditions));
        }
        break;
      }
      case 'ends':
        nodes = inOrder(
          edges!.flatMap(edge => {
            const parent = byId(graph, edge.source);
            const child = byId(graph, edge.target);
            return { parent: [parent], child: [child], both: [parent, child] }[
              step.end
            ];
          }),
        ).filter(node => all(node.shown, step.conditions));
        edges = undefined;
        break;
      case 'closure':
        nodes = closure(graph, nodes!, step);
        break;
      case 'dedup':
        nodes = nodes && dedup(nodes, step.keys);
        edges = edges && dedup(edges, step.keys);
        list = list && uniqueBy(list, canonical);
        break;
      case 'range': {
        const part = <T>(from: T[]) => from.slice(step.from, step.to);
        nodes = nodes && part(nodes);
        edges = edges && part(edges);
        list = list && part(list);
        break;
      }
      case 'sort': {
        const by = (a: { shown: Element }, b: { shown: Element }) =>
          compare(a.shown, b.shown, step.key, step.descending);
        nodes = nodes && [...nodes].sort(by);
        edges = edges && [...edges].sort(by);
        break;
      }
      case 'count':
        return (list ?? nodes ?? edges)!.length;
      case 'values':
        // Equal elements stand side by side: each of their values as often as the element.
        list = uniqueBy<{ shown: Element }>((nodes ?? edges)!, idOf)
          .flatMap(each =>
            found(each.shown, step.key).values.flatMap(value =>
              Array<Json>(
                (nodes ?? edges)!.filter(other => idOf(other) === idOf(each))
                  .length,
              ).fill(value),
            ),
          )
          .filter(value => !['[]', '{}'].includes(JSON.stringify(value)));
        nodes = edges = undefined;
        break;
      case 'valueMap':
        list = (nodes ?? edges)!.flatMap(({ shown }: { shown: Element }) => {
          const map: { [key: string]: Json } = {};
          for (const key of step.keys) {
            const { values, crossed } = found(shown, key);
            if (values.length > 0) {
              map[key.text] = crossed ? values : values[0];
            }
          }
          return Object.keys(map).length > 0 ? [map] : [];
        });
        nodes = edges = undefined;
        break;
      case 'subGraph': {
        const ids = new Set(nodes?.map(node => node.id));
        const kept = edges
          ? inOrderOfEdges([...new Set(edges)])
          : graph.edges.filter(
              edge =>
                ids.has(edge.source) &&
                ids.has(edge.target) &&
                all(edge.shown, step.edges),
            );
        const ends = new Set(kept.flatMap(edge => [edge.source, edge.target]));
        graph = {
          nodes: graph.nodes.filter(({ id }) =>
            edges ? ends.has(id) : ids.has(id),
          ),
          edges: kept,
        };
        nodes = edges = undefined;
        break;
      }
      case 'as':
        named.set(step.name, nodes!);
        break;
      case 'select':
        nodes = step.names.flatMap(name => named.get(name)!);
        if (step.names.length > 1) {
          nodes = inOrder(nodes);
        }
        break;
      default:
        throw new Error(`The reference does not know ${step.step}`);
    }
  }
  if (list) {
    return list;
  }
  return (
    nodes?.map(node => node.shown) ??
    edges?.map(edge => edge.shown) ?? [
      {
        Nodes: graph.nodes.map(node => node.shown),
        Edges: graph.edges.map(edge => edge.shown),
      },
    ]
  );
}

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

function inOrder(nodes: Node[]): Node[] {
  return [...nodes].sort((a, b) => a.id - b.id);
}

function inOrderOfEdges(edges: Edge[]): Edge[] {
  return [...edges].sort(
    (a, b) =>
      a.source - b.source || a.relation - b.relation || a.target - b.target,
  );
}

function graphOf(fixture: FixtureGraph, dictionary: FixtureDictionary): Graph {
  const nodes = inOrder(
    fixture.nodes.map(node => ({ id: node.id, shown: shownNode(node) })),
  );
  const edges = fixture.edges.map(edge => {
    const source = fixture.nodes.find(({ id }) => id === edge.source)!;
    const target = fixture.nodes.find(({ id }) => id === edge.target)!;
    const relation = dictionary.relations.findIndex(
      each => each.name === edge.relation,
    );
    const { relationType, metadata } = dictionary.relations[relation];
    return {
      source: edge.source,
      relation,
      target: edge.target,
      shown: {
        ID: `${fixtureKey(source)}|${edge.relation}|${fixtureKey(target)}`,
        Parent: fixtureKey(source),
        Child: fixtureKey(target),
        Metadata:
          relationType === 'ownership'
            ? { RelationType: 'ownership' }
            : {
                ...edge.details,
                ...metadata,
                Manager: 'k8s',
                RelationType: relationType,
              },
        Host: '',
        Origin: `kubernetes-topology.${source.cluster}`,
        CreatedAt: edge.createdAt,
        UpdatedAt: edge.createdAt,
        DeletedAt: null,
        Revision: 1,
      },
    };
  });
  return { nodes, edges: inOrderOfEdges(edges) };
}

function shownNode(node: FixtureNode): GremlinNode {
  const isDown = ['down', 'degraded', 'missing'].includes(node.level);
  const own = {
    Name: node.name,
    Namespace: node.namespace,
    Labels: node.labels,
  };
  return {
    ID: fixtureKey(node),
    Metadata: {
      Manager: 'k8s',
      Type: fixtureType(node.kind),
      Name: node.name,
      ClusterName: node.cluster,
      Status: node.level,
      ...(node.level === 'unknown' ? {} : { State: isDown ? 'DOWN' : 'UP' }),
      K8s: { ...node.properties, ...own },
    },
    Host: '',
    Origin: `kubernetes-topology.${node.cluster}`,
    CreatedAt: node.createdAt ?? node.updatedAt,
    UpdatedAt: node.updatedAt,
    DeletedAt: null,
    Revision: node.revision,
  };
}
