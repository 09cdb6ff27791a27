import { edgeRow, eventRow } from './deltaBuilder';
import { EventBook } from './eventBook';
import { rowHash } from './fingerprint';
import { contentInContext } from './missingKeys';
import { NodeSet } from './nodeSet';
import { Restored } from './restored';
import { StoredCluster } from './storedCluster';

/** What was reported so far, in the form in which a restart restores it. */
export function storedClusterOf(
  nodes: NodeSet,
  events: EventBook,
  restored: Restored | undefined,
): StoredCluster {
  const stored: StoredCluster = { nodes: [], edges: [], events: [] };
  for (const node of nodes.all()) {
    if (node.published) {
      const { id, key, kind, namespace, name, uid, verdict } = node;
      stored.nodes.push({
        id,
        key,
        kind: kind.id,
        namespace,
        name,
        uid,
        level: verdict.level,
        hash: rowHash(node.publishedContent, node.publishedVerdict),
      });
    }
    for (const edge of node.out) {
      if (edge.live && edge.published !== 0) {
        stored.edges.push(
          edgeRow(
            {
              source: edge.source.id,
              relation: edge.relation.name,
              target: edge.target.id,
            },
            contentInContext(edge),
          ),
        );
      }
    }
  }
  stored.edges.push(...(restored?.edges() ?? []));
  for (const event of events.rows()) {
    if (event.published !== 0) {
      stored.events.push(eventRow(event));
    }
  }
  return stored;
}
