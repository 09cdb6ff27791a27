import { gremlinEdge, gremlinNode } from '../rows';
import { edgeField } from './edgeFields';
import { edgeIdReadings } from './edgeId';
import { GraphModel } from './graphModel';
import { nodeField } from './nodeFields';
import { sql } from './sql';
import { isStale, staleNode } from './stale';

/** The engine's own store. */
export const KUBERNETES_MODEL: GraphModel = {
  hasHistory: true,
  nodeField,
  edgeField,
  edgesOfId: edgeIdReadings,
  metadataPaths: ({ segments }) => {
    const [first, second, ...rest] = segments;
    // Everything after Labels is the label's key, dots and all.
    return first === 'K8s' && second === 'Labels' && rest.length > 0
      ? [['K8s', 'Labels', rest.join('.')]]
      : [segments];
  },
  nodeColumns: (dialect, view, names) => [
    sql`CASE WHEN ${
      names('Stale') ? staleNode(view, dialect) : isStale('n', dialect)
    } THEN 1 ELSE 0 END AS stale`,
  ],
  node: gremlinNode,
  edge: gremlinEdge,
};
