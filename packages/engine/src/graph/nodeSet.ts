import { KindId, kindText, nodeKey, NodeKey } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';
import { NodeId } from './delta';
import { GraphKind } from './graphKind';
import { GraphNode, Presence } from './graphNode';

/** Nodes by key, by uid and by kind. A node keeps its id as long as anything knows its name. */
export class NodeSet {
  readonly #cluster: string;
  readonly #definitions: Map<string, KindDefinition>;
  readonly #allocateId: () => NodeId;
  readonly #byKey = new Map<NodeKey, GraphNode>();
  readonly #byUid = new Map<string, GraphNode>();
  /** By group and kind: looked up for every reference. */
  readonly #kinds = new Map<string, Map<string, GraphKind>>();

  constructor(options: {
    cluster: string;
    kinds: readonly KindDefinition[];
    allocateId: () => NodeId;
  }) {
    this.#cluster = options.cluster;
    this.#allocateId = options.allocateId;
    this.#definitions = new Map(
      options.kinds.map(kind => [kindText(kind.id), kind]),
    );
  }

  kind(id: KindId): GraphKind {
    let group = this.#kinds.get(id.group);
    if (!group) {
      group = new Map();
      this.#kinds.set(id.group, group);
    }
    let kind = group.get(id.kind);
    if (!kind) {
      const text = kindText(id);
      const prefix = nodeKey({
        cluster: this.#cluster,
        kind: id,
        namespace: '',
        name: '',
      }).slice(0, -1);
      kind = new GraphKind(id, { text, prefix }, this.#definitions.get(text));
      group.set(id.kind, kind);
    }
    return kind;
  }

  /** The kind's definition from now on. */
  define(id: KindId, definition: KindDefinition): GraphKind {
    this.#definitions.set(kindText(id), definition);
    const kind = this.kind(id);
    kind.define(definition);
    return kind;
  }

  *kinds(): Iterable<GraphKind> {
    for (const group of this.#kinds.values()) {
      yield* group.values();
    }
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: NodeKey): GraphNode | undefined {
    return this.#byKey.get(key);
  }

  withUid(uid: string): GraphNode | undefined {
    return this.#byUid.get(uid);
  }

  all(): Iterable<GraphNode> {
    return this.#byKey.values();
  }

  find(id: KindId, namespace: string, name: string): GraphNode | undefined {
    return this.#byKey.get(this.#key(id, namespace, name));
  }

  #key(kind: KindId, namespace: string, name: string): NodeKey {
    return `${this.kind(kind).prefix}${namespace}/${name}` as NodeKey;
  }

  /** The node of that name: a ghost if nothing is known of it. */
  named(id: KindId, namespace: string, name: string): GraphNode {
    const kind = this.kind(id);
    const last = kind.lastNamed;
    if (last?.namespace === namespace && last.reference === name) {
      return last.node;
    }
    const key = this.#key(id, namespace, name);
    const node =
      this.#byKey.get(key) ?? this.add(key, id, namespace, name, 'ghost');
    kind.lastNamed = { namespace, reference: name, node };
    return node;
  }

  add(
    key: NodeKey,
    kindId: KindId,
    namespace: string,
    name: string,
    presence: Exclude<Presence, 'observed'>,
    id = this.#allocateId(),
  ): GraphNode {
    const kind = this.kind(kindId);
    const node = new GraphNode({ id, key, kind, namespace, name }, presence);
    this.#byKey.set(key, node);
    kind.unobserved.add(node);
    return node;
  }

  observe(node: GraphNode): void {
    const { kind } = node;
    kind.unobserved.delete(node);
    const nodes = kind.observed.get(node.namespace);
    if (nodes) {
      nodes.add(node);
    } else {
      kind.observed.set(node.namespace, new Set([node]));
    }
    node.presence = 'observed';
  }

  setUid(node: GraphNode, uid: string | undefined): void {
    if (node.uid !== undefined && this.#byUid.get(node.uid) === node) {
      this.#byUid.delete(node.uid);
    }
    node.uid = uid;
    if (uid !== undefined) {
      this.#byUid.set(uid, node);
    }
  }

  becomeGhost(node: GraphNode): void {
    this.setUid(node, undefined);
    const nodes = node.kind.observed.get(node.namespace);
    nodes?.delete(node);
    if (nodes?.size === 0) {
      node.kind.observed.delete(node.namespace);
    }
    node.kind.unobserved.add(node);
    node.becomeGhost();
  }

  forget(node: GraphNode): void {
    this.#byKey.delete(node.key);
    node.kind.lastNamed = undefined;
    node.kind.unobserved.delete(node);
  }
}
