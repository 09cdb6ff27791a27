import { AuthService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  kindText,
  NodeFilter,
  StoredNode,
  Topology,
} from '@kubernetes-topology/engine';
import {
  TopologyDocument,
  TopologyDocumentPage,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { principalName } from '../permissions/principal';
import { Reader } from '../permissions/topologyAccess';
import { isPod } from '../restart/podController';
import { EntityIndex } from './entityIndex';
import { isDependency, searchDocument } from './searchDocument';

const DEPENDENTS_NAMED = 20;
const DEPENDENCIES_PER_RELATION = 10;
/** Objects of a page that are looked up at the same time. */
const AT_ONCE = 8;
/** A full indexing asks for hundreds of pages; the catalog need not be read for each. */
const INDEX_KEPT_MS = 60_000;

/** Parts and bookkeeping of other objects: they are found by those. */
const NOT_INDEXED = new Set([
  'Container',
  'Endpoints',
  'EndpointSlice.discovery.k8s.io',
]);

export interface SearchDocumentsOptions {
  topology: Topology;
  catalog: CatalogService;
  auth: AuthService;
  now?: () => number;
}

/** The search index's documents, read a page at a time so that memory stays bounded at any size. */
export class SearchDocuments {
  readonly #options: SearchDocumentsOptions;
  readonly #now: () => number;
  #kept: { asker: string; at: number; index: EntityIndex } | undefined;

  private constructor(options: SearchDocumentsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  static create(options: SearchDocumentsOptions): SearchDocuments {
    return new SearchDocuments(options);
  }

  /** `limit` counts objects that are read; fewer documents come of them. */
  async page(
    page: { after?: number; limit: number },
    reader: Reader,
  ): Promise<TopologyDocumentPage> {
    const { filter } = reader;
    const entities = await this.#entities(reader);
    const { nodes, next } = await this.#options.topology.page({
      ...page,
      filter,
    });
    const indexed = nodes.filter(
      node =>
        !NOT_INDEXED.has(kindText(node.kind)) &&
        node.verdict.level !== 'history',
    );
    const items: TopologyDocument[] = [];
    for (let start = 0; start < indexed.length; start += AT_ONCE) {
      const some = indexed.slice(start, start + AT_ONCE);
      items.push(
        ...(await Promise.all(
          some.map(node => this.#document(node, entities, filter)),
        )),
      );
    }
    return { items, ...(next !== undefined && { next }) };
  }

  async #document(
    node: StoredNode,
    entities: EntityIndex,
    filter: NodeFilter | undefined,
  ): Promise<TopologyDocument> {
    const dependents = await this.#dependents(node, filter);
    const entityRef = entities.ownerOf(node);
    return searchDocument({
      node,
      dependents,
      dependencies: await this.#dependencies(node, filter),
      entityRef,
      // An object without the labels, such as a secret, shows in the tab of what depends on it.
      shownIn:
        entityRef ??
        dependents.pods.map(pod => entities.ownerOf(pod)).find(Boolean),
    });
  }

  /**
   * Only pods of the object's own namespace: a document is shown as a whole to whoever may read its object, so it
   * must not name what lies in namespaces that they may not see.
   */
  async #dependents(
    node: StoredNode,
    filter: NodeFilter | undefined,
  ): Promise<{ pods: StoredNode[]; more: number }> {
    if (isPod(node) || node.namespace === '') {
      return { pods: [], more: 0 };
    }
    const sameNamespace: NodeFilter = {
      key: 'namespace',
      values: [node.namespace],
    };
    return this.#options.topology.dependentPods(node.key, {
      filter: filter ? { allOf: [filter, sameNamespace] } : sameNamespace,
      limit: DEPENDENTS_NAMED,
    });
  }

  async #dependencies(
    node: StoredNode,
    filter: NodeFilter | undefined,
  ): Promise<StoredNode[]> {
    if (!isPod(node)) {
      return [];
    }
    const { neighbours } = await this.#options.topology.neighbours(node.key, {
      filter,
      limit: DEPENDENCIES_PER_RELATION,
    });
    return neighbours.filter(isDependency).map(neighbour => neighbour.node);
  }

  async #entities({ credentials }: Reader): Promise<EntityIndex> {
    const asker = principalName(this.#options.auth, credentials);
    const kept = this.#kept;
    if (kept?.asker === asker && this.#now() - kept.at < INDEX_KEPT_MS) {
      return kept.index;
    }
    const index = await EntityIndex.load(this.#options.catalog, credentials);
    this.#kept = { asker, at: this.#now(), index };
    return index;
  }
}
