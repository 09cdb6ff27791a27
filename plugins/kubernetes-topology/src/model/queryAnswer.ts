import {
  QueryAnswer,
  StatusLevel,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';

/** A node in Skydive's result form. */
interface GremlinNode {
  ID: string;
  CreatedAt?: number;
  Metadata: {
    Name: string;
    Type: string;
    Status: StatusLevel;
    ClusterName: string;
    K8s?: { Namespace?: string };
  };
}

/** An answer as the explorer shows it: a table of objects, and whatever has no such form as JSON. */
export type ShownAnswer =
  | { form: 'nodes'; nodes: TopologyNode[] }
  | { form: 'json'; text: string };

/** Reads the value of a query. */
export function shownAnswer(value: QueryAnswer['value']): ShownAnswer {
  const elements = Array.isArray(value) ? value : [value];
  const nodes = elements.flatMap(each =>
    isGraph(each) ? each.Nodes : [each],
  ) as unknown[];
  return Array.isArray(value) && nodes.length > 0 && nodes.every(isNode)
    ? { form: 'nodes', nodes: distinct(nodes).map(topologyNode) }
    : { form: 'json', text: JSON.stringify(value, null, 2) };
}

function isGraph(value: unknown): value is { Nodes: unknown[] } {
  return typeof value === 'object' && value !== null && 'Nodes' in value;
}

function isNode(value: unknown): value is GremlinNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'Metadata' in value &&
    !('Parent' in value)
  );
}

/** A walk may come to the same object on several ways. */
function distinct(nodes: readonly GremlinNode[]): GremlinNode[] {
  return [...new Map(nodes.map(node => [node.ID, node])).values()];
}

/** Keys read `<cluster>/<Kind[.group]>/<namespace>/<name>`. */
function topologyNode({ ID, Metadata, CreatedAt }: GremlinNode): TopologyNode {
  const [, kindText = ''] = ID.split('/');
  const dot = kindText.indexOf('.');
  return {
    key: ID,
    cluster: Metadata.ClusterName,
    kind: dot < 0 ? kindText : kindText.slice(0, dot),
    group: dot < 0 ? '' : kindText.slice(dot + 1),
    namespace: Metadata.K8s?.Namespace ?? '',
    name: Metadata.Name,
    verdict: { level: Metadata.Status, reason: '', evidence: [] },
    createdAt: CreatedAt,
  };
}
