import { AuthService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  Neighbour,
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
import { MAX_INCIDENTS, OpenFaults } from './openFaults';
import {
  dependenciesOf,
  isIndexed,
  mayHaveDependentPods,
  searchDocument,
  usersOf,
} from './searchDocument';

const DEPENDENTS_NAMED = 20;
const NEIGHBOURS_PER_RELATION = 10;
/** Objects of a page that are looked up at the same time. */
const AT_ONCE = 8;
/** A full indexing asks for hundreds of pages; catalog and incidents need not be read for each. */
const KEPT_MS = 60_000;

export interface SearchDocumentsOptions {
  topology: Topology;
  catalog: CatalogService;
  auth: AuthService;
  now?: () => number;
}

/** What documents are told of beyond the graph. */
interface Surroundings {
  entities: EntityIndex;
  faults: OpenFaults;
}

/** The search index's documents, read a page at a time so that memory stays bounded at any size. */
export class SearchDocuments {
  readonly #options: SearchDocumentsOptions;
  readonly #now: () => number;
  #kept: (Surroundings & { asker: string; at: number }) | undefined;

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
    const surroundings = await this.#surroundings(reader);
    const { nodes, next } = await this.#options.topology.page({
      ...page,
      filter,
    });
    const indexed = nodes.filter(isIndexed);
    const neighbours = await this.#options.topology.neighboursOf(
      indexed.map(node => node.key),
      { filter, limit: NEIGHBOURS_PER_RELATION },
    );
    const items: TopologyDocument[] = [];
    for (let start = 0; start < indexed.length; start += AT_ONCE) {
      const some = indexed.slice(start, start + AT_ONCE);
      items.push(
        ...(await Promise.all(
          some.map(node =>
            this.#document(node, {
              ...surroundings,
              filter,
              neighbours: neighbours.get(node.key)?.neighbours ?? [],
            }),
          ),
        )),
      );
    }
    return { items, ...(next !== undefined && { next }) };
  }

  async #document(
    node: StoredNode,
    {
      entities,
      faults,
      filter,
      neighbours,
    }: Surroundings & { filter?: NodeFilter; neighbours: Neighbour[] },
  ): Promise<TopologyDocument> {
    const dependents = mayHaveDependentPods(neighbours)
      ? await this.#dependents(node, filter)
      : { pods: [], more: 0 };
    const entityRef = entities.ownerOf(node);
    return searchDocument({
      node,
      dependents,
      users: usersOf(node, neighbours),
      dependencies: dependenciesOf(node, neighbours),
      fault: faults.of(node.key),
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

  async #surroundings({ credentials, filter }: Reader): Promise<Surroundings> {
    const asker = principalName(this.#options.auth, credentials);
    const kept = this.#kept;
    if (kept?.asker === asker && this.#now() - kept.at < KEPT_MS) {
      return kept;
    }
    const [entities, records] = await Promise.all([
      EntityIndex.load(this.#options.catalog, credentials),
      this.#options.topology.incidentLog({
        open: true,
        limit: MAX_INCIDENTS,
        filter,
      }),
    ]);
    const faults = OpenFaults.of(records);
    this.#kept = { asker, at: this.#now(), entities, faults };
    return this.#kept;
  }
}
