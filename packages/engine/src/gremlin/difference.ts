import { isDeepStrictEqual } from 'util';
import { Json } from '../kinds/observation';
import { GremlinAnswer, GremlinEdge, GremlinNode } from './result';

type Element = GremlinNode | GremlinEdge;

/** An element that is there at both times, and is another: the paths of its fields that differ, before and after. */
export interface GremlinChange<T extends Element = Element> {
  ID: string;
  Fields: string[];
  Before: T;
  After: T;
}

/** What `Diff` gives: of the elements that the query finds now, and those that it found then. */
export interface GremlinDifference {
  Added: { Nodes: GremlinNode[]; Edges: GremlinEdge[] };
  Removed: { Nodes: GremlinNode[]; Edges: GremlinEdge[] };
  Changed: {
    Nodes: GremlinChange<GremlinNode>[];
    Edges: GremlinChange<GremlinEdge>[];
  };
}

export function differenceOf(
  before: GremlinAnswer,
  after: GremlinAnswer,
): GremlinDifference {
  const then = elementsOf(before);
  const now = elementsOf(after);
  const nodes = compared(then.Nodes, now.Nodes);
  const edges = compared(then.Edges, now.Edges);
  return {
    Added: { Nodes: nodes.added, Edges: edges.added },
    Removed: { Nodes: nodes.removed, Edges: edges.removed },
    Changed: { Nodes: nodes.changed, Edges: edges.changed },
  };
}

function elementsOf({ value }: GremlinAnswer): {
  Nodes: GremlinNode[];
  Edges: GremlinEdge[];
} {
  const list = value as (
    | Element
    | { Nodes: GremlinNode[]; Edges: GremlinEdge[] }
  )[];
  const graph = list.find(each => 'Nodes' in each);
  if (graph && 'Nodes' in graph) {
    return graph;
  }
  const elements = list as Element[];
  return {
    Nodes: elements.filter(each => !('Parent' in each)),
    Edges: elements.filter((each): each is GremlinEdge => 'Parent' in each),
  };
}

function compared<T extends Element>(
  before: readonly T[],
  after: readonly T[],
) {
  const then = new Map(before.map(each => [each.ID, each]));
  const now = new Map(after.map(each => [each.ID, each]));
  const changed: GremlinChange<T>[] = [];
  for (const [ID, After] of now) {
    const Before = then.get(ID);
    if (Before) {
      const Fields = differing(Before.Metadata, After.Metadata, '');
      // A revision that ended as it began is no change.
      if (Fields.length > 0) {
        changed.push({ ID, Fields, Before, After });
      }
    }
  }
  return {
    added: [...now.values()].filter(({ ID }) => !then.has(ID)),
    removed: [...then.values()].filter(({ ID }) => !now.has(ID)),
    changed,
  };
}

/** The paths at which two values differ; lists are compared as a whole. */
function differing(before: Json, after: Json, path: string): string[] {
  if (isDeepStrictEqual(before, after)) {
    return [];
  }
  if (!isObject(before) || !isObject(after)) {
    return [path];
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(
    key =>
      differing(
        Object.hasOwn(before, key) ? before[key] : (undefined as never),
        Object.hasOwn(after, key) ? after[key] : (undefined as never),
        path === '' ? key : `${path}.${key}`,
      ),
  );
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
