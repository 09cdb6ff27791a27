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
    const { topology } = this.#options;
    const dependents = isPod(node)
      ? { pods: [], more: 0 }
      : await topology.dependentPods(node.key, {
          filter,
          limit: DEPENDENTS_NAMED,
        });
    const dependencies = isPod(node)
      ? (
          await topology.neighbours(node.key, {
            filter,
            limit: DEPENDENCIES_PER_RELATION,
          })
        ).neighbours
          .filter(isDependency)
          .map(neighbour => neighbour.node)
          .filter(other => !NOT_INDEXED.has(kindText(other.kind)))
      : [];
    return searchDocument({
      node,
      dependents,
      dependencies,
      // An object without the labels, such as a secret, shows in the tab of what depends on it.
      entityRef:
        entities.ownerOf(node) ??
        dependents.pods.map(pod => entities.ownerOf(pod)).find(Boolean),
    });
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
