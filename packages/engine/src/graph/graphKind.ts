import { KindId } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';
import { Unavailability } from '../kinds/update';
import { GraphNode } from './graphNode';

/**
 * What is known of a kind as a whole: only `complete` proves an absence. A relist does not change it: what was
 * proven missing stays so until the new list says otherwise.
 */
export type Knowledge =
  | { state: 'none' }
  /** `within`: the namespaces in which it is; undefined is everywhere. */
  | { state: 'complete'; within?: ReadonlySet<string>; message?: string }
  | { state: Unavailability; message: string };

/** A kind inside one cluster's graph, with its nodes by namespace. */
export class GraphKind {
  readonly id: KindId;
  readonly text: string;
  /** How the keys of its nodes start, up to the namespace. */
  readonly prefix: string;
  readonly type: string;
  definition: KindDefinition | undefined;
  contextRelations: ReadonlySet<string> = new Set();
  knowledge: Knowledge = { state: 'none' };
  /** Between `listing` and `listed`: what is not seen yet may still come. */
  listing = false;
  /** Counts the lists. */
  generation = 0;
  /** What the present list has brought, and will have brought in the end where that is known. */
  progress: { objects: number; expected?: number } = { objects: 0 };
  /** The newest heartbeat of any of its objects, milliseconds since the epoch by the cluster's clock. */
  heard = -Infinity;
  resourceVersion = '';
  /** Objects of this kind in the cluster: without parts. */
  objects = 0;
  /** References to one object often follow each other: a namespace's, a pod's. */
  lastNamed:
    | { namespace: string; reference: string; node: GraphNode }
    | undefined = undefined;
  readonly observed = new Map<string, Set<GraphNode>>();
  /** Ghosts and nodes restored from the database that are not confirmed. */
  readonly unobserved = new Set<GraphNode>();

  constructor(
    id: KindId,
    names: { text: string; prefix: string },
    definition: KindDefinition | undefined,
  ) {
    this.id = id;
    this.text = names.text;
    this.prefix = names.prefix;
    this.type = definition?.type ?? id.kind.toLowerCase();
    this.define(definition);
  }

  /** Discovery may tell of a kind after something referred to it. */
  define(definition: KindDefinition | undefined): void {
    this.definition = definition;
    this.contextRelations = new Set(
      definition?.judgeInContext ? definition.contextRelations ?? [] : [],
    );
  }

  /** Whether it was listed, or is known not to be readable. */
  get settled(): boolean {
    return this.knowledge.state !== 'none';
  }

  *observedNodes(): Iterable<GraphNode> {
    for (const nodes of this.observed.values()) {
      yield* nodes;
    }
  }
}
