import { Cascade } from './cascade';
import type { DrawnEdge } from './drawing';

/**
 * Marks the edges that the told steps go along, then the shortest ways from there to every other object hit: the
 * API tells one path for each cause, the picture shows all that it takes down.
 */
export function markCascade(
  edges: Map<string, DrawnEdge>,
  cascade: Cascade,
  drawnAs: (key: string) => string | undefined,
): DrawnEdge[] {
  const between = (a: string, b: string) =>
    edges.get(`${a} → ${b}`) ?? edges.get(`${b} → ${a}`);
  const roots = new Set<string>();
  for (const root of cascade.roots) {
    const id = drawnAs(root);
    if (id !== undefined) roots.add(id);
  }
  const reached = new Set(roots);
  for (const step of cascade.steps) {
    const from = drawnAs(step.from);
    const to = drawnAs(step.to);
    if (from === undefined || to === undefined || from === to) continue;
    let edge = between(from, to);
    if (!edge) {
      // The API tells a step that the graph has no edge for: drawn all the same, or the path would have a gap.
      edge = {
        id: `${to} → ${from}`,
        source: to,
        target: from,
        class: 'control',
        relations: [],
        required: true,
        missing: false,
        crossCutting: false,
      };
      edges.set(edge.id, edge);
    }
    edge.suffers = edge.source === to ? 'source' : 'target';
    edge.crossCutting = false;
    reached.add(from).add(to);
  }
  const hit = new Set<string>();
  for (const key of cascade.keys) {
    const id = drawnAs(key);
    if (id !== undefined) hit.add(id);
  }
  let border = [...reached];
  while (border.length > 0) {
    const next: string[] = [];
    for (const edge of edges.values()) {
      if (edge.suffers) continue;
      for (const [from, to, suffers] of [
        [edge.source, edge.target, 'target'],
        [edge.target, edge.source, 'source'],
      ] as const) {
        // A hub spreads its own fault; that of others does not pass through it.
        if (edge.crossCutting && !roots.has(from)) continue;
        if (border.includes(from) && hit.has(to) && !reached.has(to)) {
          edge.suffers = suffers;
          edge.crossCutting = false;
          reached.add(to);
          next.push(to);
        }
      }
    }
    border = next;
  }
  return [...edges.values()];
}
