import { EdgeRow, GraphDelta, NodeId, NodeRow } from '../../graph/delta';
import { KindId, nodeKey, parseNodeKey, NodeKey } from '../../kinds/identity';
import { StatusLevel } from '../../kinds/status';

/** Builds a delta from a few words: `pod` is `demo/Pod/shop/<name>`. */
export class HandMade {
  readonly nodes: NodeRow[] = [];
  readonly edges: EdgeRow[] = [];
  readonly #ids = new Map<string, NodeId>();

  node(
    kind: KindId,
    place: string,
    options: {
      level?: StatusLevel;
      reason?: string;
      labels?: Record<string, string>;
      uid?: string | false;
      cluster?: string;
    } = {},
  ): NodeKey {
    const [namespace, name] = place.includes('/')
      ? [
          place.slice(0, place.indexOf('/')),
          place.slice(place.indexOf('/') + 1),
        ]
      : ['', place];
    const cluster = options.cluster ?? 'demo';
    const key = nodeKey({ cluster, kind, namespace, name });
    const id = (this.#ids.size + 1) as NodeId;
    this.#ids.set(key, id);
    const { level = 'ok', reason = 'Made' } = options;
    this.nodes.push({
      id,
      key,
      kind,
      namespace,
      name: name.split('/').at(-1)!,
      uid: options.uid === false ? undefined : options.uid ?? `uid-of-${key}`,
      labels: options.labels ?? {},
      properties: { made: 'by hand' },
      verdict: { level, reason, evidence: [] },
      createdAt: 1_700_000_000_000,
      hash: `hash-${level}`,
    });
    return key;
  }

  edge(
    source: NodeKey,
    relation: string,
    target: NodeKey,
    content: Pick<EdgeRow, 'required' | 'details'> = { required: true },
  ): void {
    this.edges.push({
      source: this.id(source),
      relation,
      target: this.id(target),
      ...content,
    });
  }

  id(key: NodeKey): NodeId {
    return this.#ids.get(key)!;
  }

  delta(rest: Partial<GraphDelta> = {}): GraphDelta {
    return {
      cluster: 'demo',
      at: 1_700_000_001_000,
      nodes: this.nodes,
      removedNodes: [],
      edges: this.edges,
      removedEdges: [],
      events: [],
      removedEvents: [],
      kindStates: [],
      ...rest,
    };
  }
}

/** `Pod shop/cart-1`: how tests name what they expect. */
export function shortName(key: string): string {
  const { kind, namespace, name } = parseNodeKey(key)!;
  return `${kind.kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
