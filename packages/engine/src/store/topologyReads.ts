import { Knex } from 'knex';
import { EventRow } from '../graph/delta';
import {
  ClusterState,
  Neighbour,
  ObjectSelection,
  ReadOptions,
  SelectedGraph,
  StoredNode,
  Topology,
} from '../topology';
import { Impact } from '../impact/impact';
import { readImpact } from '../impact/readImpact';
import { readClusters, readRevision } from './clusterReads';
import { readDependentPods } from './dependentPods';
import { Dictionaries } from './dictionaries';
import { readEvents } from './eventReads';
import { Lineage, LineageOptions, readLineage } from './lineage';
import {
  Neighbourhood,
  readNeighbours,
  readNeighboursOf,
} from './neighbourReads';
import {
  NodeHistory,
  NodeHistoryOptions,
  readNodeHistory,
} from './nodeHistory';
import { readNodes, readPage } from './nodeReads';
import { ClusterReachability, ReachabilityReads } from './reachabilityReads';
import { readSelectedGraph } from './selectedGraph';
import { Overview, readOverview } from './overview';
import { keptMoment, Moment } from './moment';
import { inSnapshot } from './snapshot';
import { SqlDialect } from './sqlDialect';

/** Without the query language and the analysis, which have readers of their own. */
export type StoreReads = Pick<
  Topology,
  | 'revision'
  | 'clusters'
  | 'node'
  | 'nodes'
  | 'events'
  | 'neighbours'
  | 'neighboursOf'
  | 'graph'
  | 'dependentPods'
  | 'impact'
  | 'overview'
  | 'lineage'
  | 'page'
  | 'reachability'
  | 'history'
>;

const NEIGHBOURS = 25;
const DEPENDENT_PODS = 100;
const IMPACTED = 500;
const PLACES = 1_000;
const DRAWN = 400;
const LARGEST_PAGE = 5000;

/** The reads that SQL answers; each takes what the caller may see into every hop. */
export class TopologyReads implements StoreReads {
  readonly #knex: Knex;
  readonly #dialect: SqlDialect;
  readonly #dictionaries: Dictionaries;
  readonly #reachability: ReachabilityReads;

  constructor(knex: Knex, dialect: SqlDialect, dictionaries: Dictionaries) {
    this.#knex = knex;
    this.#dialect = dialect;
    this.#dictionaries = dictionaries;
    this.#reachability = new ReachabilityReads(knex, dialect, dictionaries);
  }

  async revision(): Promise<number> {
    return readRevision(this.#knex);
  }

  async clusters(): Promise<ClusterState[]> {
    return readClusters(this.#knex);
  }

  async node(
    key: string,
    options: ReadOptions = {},
  ): Promise<StoredNode | undefined> {
    const [node] = await this.nodes([key], options);
    return node;
  }

  async nodes(
    keys: readonly string[],
    options: ReadOptions = {},
  ): Promise<StoredNode[]> {
    return this.#read(options, (knex, moment) =>
      readNodes(knex, moment, keys, options.filter),
    );
  }

  async events(key: string): Promise<EventRow[]> {
    return readEvents(this.#knex, key);
  }

  async neighbours(
    key: string,
    { filter, limit = NEIGHBOURS, at }: ReadOptions & { limit?: number } = {},
  ): Promise<{ neighbours: Neighbour[]; more: Record<string, number> }> {
    return this.#read({ at }, (knex, moment) =>
      readNeighbours(knex, moment, this.#dictionaries, key, { filter, limit }),
    );
  }

  async neighboursOf(
    keys: readonly string[],
    { filter, limit = NEIGHBOURS, at }: ReadOptions & { limit?: number } = {},
  ): Promise<Map<string, Neighbourhood>> {
    return this.#read({ at }, (knex, moment) =>
      readNeighboursOf(knex, moment, this.#dictionaries, keys, {
        filter,
        limit,
      }),
    );
  }

  async graph(
    selections: readonly ObjectSelection[],
    { filter, limit = DRAWN, at }: ReadOptions & { limit?: number } = {},
  ): Promise<SelectedGraph> {
    const moment = await this.#moment({ at });
    return inSnapshot(
      this.#knex,
      this.#dialect,
      trx =>
        readSelectedGraph(
          trx,
          this.#dialect,
          moment,
          this.#dictionaries,
          selections,
          { filter, limit },
        ),
      moment,
    );
  }

  async dependentPods(
    key: string,
    {
      filter,
      limit = DEPENDENT_PODS,
      at,
    }: ReadOptions & { limit?: number } = {},
  ): Promise<{ pods: StoredNode[]; more: number }> {
    return this.#read({ at }, (knex, moment) =>
      readDependentPods(knex, this.#dialect, moment, this.#dictionaries, key, {
        filter,
        limit,
      }),
    );
  }

  async impact(
    key: string,
    { filter, limit = IMPACTED, at }: ReadOptions & { limit?: number } = {},
  ): Promise<Impact | undefined> {
    const moment = await this.#moment({ at });
    return inSnapshot(
      this.#knex,
      this.#dialect,
      trx =>
        readImpact(
          {
            knex: trx,
            dialect: this.#dialect,
            moment,
            relations: this.#dictionaries,
            filter,
          },
          key,
          { limit },
        ),
      moment,
    );
  }

  async lineage(
    key: string,
    { at, ...options }: ReadOptions & LineageOptions,
  ): Promise<Lineage | undefined> {
    const moment = await this.#moment({ at });
    return inSnapshot(
      this.#knex,
      this.#dialect,
      trx =>
        readLineage(
          trx,
          this.#dialect,
          moment,
          this.#dictionaries,
          key,
          options,
        ),
      moment,
    );
  }

  async overview({
    clusters,
    filter,
    limit = PLACES,
    at,
  }: ReadOptions & {
    clusters?: readonly string[];
    limit?: number;
  } = {}): Promise<Overview> {
    return this.#read({ at }, (knex, moment) =>
      readOverview(knex, moment, { clusters, filter, limit }),
    );
  }

  async page(
    options: Parameters<Topology['page']>[0],
  ): Promise<{ nodes: StoredNode[]; next?: number }> {
    const limit = Math.min(options.limit, LARGEST_PAGE);
    return readPage(this.#knex, { ...options, limit });
  }

  async reachability(
    cluster: string,
    { filter }: Pick<ReadOptions, 'filter'> = {},
  ): Promise<ClusterReachability | undefined> {
    return this.#reachability.read(cluster, filter);
  }

  async history(
    key: string,
    options: NodeHistoryOptions = {},
  ): Promise<NodeHistory> {
    return readNodeHistory(this.#knex, key, options);
  }

  /** A read of the past is planned for the log, one of now needs no transaction. */
  async #read<T>(
    options: Pick<ReadOptions, 'at'>,
    read: (knex: Knex, moment: Moment) => Promise<T>,
  ): Promise<T> {
    const moment = await this.#moment(options);
    return moment.isPast && this.#dialect.isPostgres
      ? inSnapshot(this.#knex, this.#dialect, trx => read(trx, moment), moment)
      : read(this.#knex, moment);
  }

  #moment({ at }: Pick<ReadOptions, 'at'>): Promise<Moment> {
    return keptMoment(this.#knex, this.#dialect, at);
  }
}
