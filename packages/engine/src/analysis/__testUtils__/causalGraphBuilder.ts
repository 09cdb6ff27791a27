import { EventRow, GraphDelta, NodeId } from '../../graph/delta';
import { KIND_DEFINITIONS, relationByName } from '../../kinds';
import { NodeKey, nodeKey } from '../../kinds/identity';
import { Json } from '../../kinds/observation';
import { StatusLevel, Verdict } from '../../kinds/status';
import { explain } from '../analyse';
import { CausalGraphEdge, CausalGraphNode } from '../causalGraph';
import { Explanation } from '../rootCause';
import { WholeGraphReader } from './wholeGraphReader';

const GROUPS: ReadonlyMap<string, string> = new Map(
  KIND_DEFINITIONS.map(({ id }) => [id.kind, id.group]),
);

export interface NodeFacts {
  /** `ok` without. */
  level?: StatusLevel;
  reason?: string;
  message?: string;
  rule?: string;
  since?: number;
  /** Field → value. */
  evidence?: Record<string, string>;
  labels?: Record<string, string>;
  properties?: { [name: string]: Json };
}

/**
 * A causal graph by hand: objects read `Kind/namespace/name`, edges by their relation's name. What an object is not
 * told to be, it is well.
 */
export class CausalGraphBuilder {
  readonly #nodes = new Map<NodeKey, CausalGraphNode>();
  readonly #edges: CausalGraphEdge[] = [];
  readonly #events: EventRow[] = [];

  static create(): CausalGraphBuilder {
    return new CausalGraphBuilder();
  }

  node(reference: string, facts: NodeFacts = {}): this {
    const key = keyOf(reference);
    const [kind, namespace, ...rest] = reference.split('/');
    const { level = 'ok', labels = {}, properties = {} } = facts;
    const verdict: Verdict = {
      level,
      reason: facts.reason ?? (level === 'missing' ? 'NotFound' : 'Exists'),
      message: facts.message,
      rule: facts.rule,
      since: facts.since,
      evidence: Object.entries(facts.evidence ?? {}).map(([field, value]) => ({
        source: 'field',
        field,
        value,
      })),
    };
    this.#nodes.set(key, {
      key,
      cluster: 'lab',
      kind: { group: GROUPS.get(kind) ?? '', kind },
      namespace,
      name: rest[rest.length - 1],
      labels,
      properties,
      verdict,
    });
    return this;
  }

  edge(
    source: string,
    relation: string,
    target: string,
    options: { required?: boolean; keys?: string[] } = {},
  ): this {
    this.#edges.push({
      source: keyOf(source),
      target: keyOf(target),
      relation: relationByName(relation),
      required: options.required ?? true,
      details: options.keys && { keys: options.keys },
    });
    return this;
  }

  event(about: string, reason: string, message: string): this {
    this.#events.push({
      about: keyOf(about),
      reason,
      message,
      source: 'test',
      eventType: 'Warning',
      count: 1,
      firstAt: 0,
      lastAt: this.#events.length,
    });
    return this;
  }

  reader(): WholeGraphReader {
    return WholeGraphReader.create({
      nodes: [...this.#nodes.values()],
      edges: this.#edges,
      events: this.#events,
    });
  }

  /** As one write to the store, and the keys of all of its nodes. */
  written(): { delta: GraphDelta; keys: NodeKey[] } {
    const keys = [...this.#nodes.keys()];
    const ids = new Map(keys.map((key, i) => [key, (i + 1) as NodeId]));
    return {
      keys,
      delta: {
        cluster: 'lab',
        at: 0,
        nodes: [...this.#nodes.values()].map(({ cluster: _, ...node }) => ({
          ...node,
          id: ids.get(node.key)!,
          hash: node.key,
        })),
        edges: this.#edges.map(({ source, target, relation, ...edge }) => ({
          ...edge,
          source: ids.get(source)!,
          target: ids.get(target)!,
          relation: relation.name,
        })),
        removedNodes: [],
        removedEdges: [],
        events: this.#events,
        removedEvents: [],
        kindStates: [],
      },
    };
  }

  async explain(reference: string): Promise<Explanation> {
    const found = await explain(this.reader(), keyOf(reference), { now: 0 });
    if (!found) {
      throw new Error(`${reference} is not in the graph`);
    }
    return found;
  }
}

/** `Pod/shop/cart-1`; a container reads `Container/shop/cart-1/app`. */
export function keyOf(reference: string): NodeKey {
  const [kind, namespace, ...name] = reference.split('/');
  return nodeKey({
    cluster: 'lab',
    kind: { group: GROUPS.get(kind) ?? '', kind },
    namespace,
    name: name.join('/'),
  });
}

/** `Secret/shop/db MissingSecret proven: Secret/shop/db > Pod/shop/api`, one line per cause. */
export function told(explanation: Explanation): string[] {
  switch (explanation.answer) {
    case 'cause':
      return explanation.causes.map(({ root, fault, confidence, path }) => {
        const hops = path.map(({ node }) => `${node.kind}/${node.name}`);
        return `${root.kind}/${root.name} ${fault} ${confidence}: ${hops.join(
          ' > ',
        )}`;
      });
    case 'unexplained':
      return [`unexplained: ${explanation.because}`];
    default:
      return ['healthy'];
  }
}
