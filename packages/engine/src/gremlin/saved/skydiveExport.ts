import { GremlinAnswer, GremlinEdge, GremlinNode } from '../result';
import { SavedGraphError } from './savedGraphError';

export type SkydiveExport = { Nodes: GremlinNode[]; Edges: GremlinEdge[] }[];

/**
 * A graph answer (or nodes alone) as `skydive client topology export` writes it, which `openSavedGraph` reads back in
 * equal.
 *
 * @throws SavedGraphError when the answer is no graph
 */
export function skydiveExport({ value }: GremlinAnswer): SkydiveExport {
  if (Array.isArray(value) && value.every(each => isElement(each))) {
    const elements = value as (GremlinNode | GremlinEdge)[];
    if (!elements.some(each => 'Parent' in each)) {
      return [{ Nodes: elements as GremlinNode[], Edges: [] }];
    }
  } else if (Array.isArray(value) && value.length === 1 && isGraph(value[0])) {
    return value as SkydiveExport;
  }
  throw new SavedGraphError(
    'only a graph can be exported: end the query with SubGraph()',
  );
}

function isElement(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ID' in value;
}

function isGraph(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'Nodes' in value;
}
