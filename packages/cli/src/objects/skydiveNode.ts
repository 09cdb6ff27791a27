import type { GremlinEdge, GremlinNode } from '@kubernetes-topology/engine';

export type { GremlinEdge, GremlinNode };

/** What is shown of a node in Skydive's form, whichever source it comes from. */
export interface NamedNode {
  /** The kind in lower case: the `Type` of queries. */
  type: string;
  /** `''`: the core group, or unknown. */
  group: string;
  namespace: string;
  name: string;
  cluster: string;
}

/** `<cluster>/<Kind[.group]>/<namespace>/<name>`; a saved graph of Skydive's has other ids. */
const KEY = /^([^/]+)\/([^/.]+)(?:\.([^/]+))?\/([^/]*)\/(.+)$/;

export function namedNode(node: GremlinNode): NamedNode {
  const { Type, Name, ClusterName, K8s } = node.Metadata;
  const { Namespace = '' } = (K8s ?? {}) as { Namespace?: string };
  const key = KEY.exec(node.ID);
  const isOurs = key !== null && key[2].toLowerCase() === Type;
  return {
    type: String(Type ?? ''),
    group: (isOurs && key[3]) || '',
    namespace: String(Namespace ?? ''),
    name: isOurs ? key[5] : String(Name ?? node.ID),
    cluster: String(ClusterName ?? ''),
  };
}

/** As kubectl prints it with `-o name`: `pod/web-0`, `deployment.apps/web`. */
export function nameText({ type, group, name }: NamedNode): string {
  return group === '' ? `${type}/${name}` : `${type}.${group}/${name}`;
}

/** What is said of it: our status, else Skydive's state. */
export function statusOf(node: GremlinNode): string {
  const { Status, State } = node.Metadata;
  return String(Status ?? State ?? '').toLowerCase();
}

/** Nodes of an answer; what is none is left out. */
export function nodesIn(value: unknown): GremlinNode[] {
  return Array.isArray(value)
    ? value.filter(
        (each): each is GremlinNode =>
          typeof each === 'object' &&
          each !== null &&
          'ID' in each &&
          'Metadata' in each &&
          !('Parent' in each),
      )
    : [];
}
