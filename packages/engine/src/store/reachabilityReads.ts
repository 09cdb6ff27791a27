import { Knex } from 'knex';
import { kindText } from '../kinds/identity';
import {
  CONTAINER,
  INGRESS,
  INGRESS_CLASS,
  JOB,
  NAMESPACE,
  NETWORK_POLICY,
  POD,
  REPLICA_SET,
  SERVICE,
} from '../kinds/kindIds';
import { inputOfObjects } from '../reachability/inputOfObjects';
import { objectsOfNodes } from '../reachability/objectsOfNodes';
import { Reachability } from '../reachability/reachability';
import { WorkloadName } from '../reachability/reachabilityInput';
import { Routing, routingOfObjects } from '../reachability/routing';
import { StoredNode } from '../topology';
import { readClusters, readRevision } from './clusterReads';
import { Dictionaries } from './dictionaries';
import { relationIn } from './frontier';
import { NodeFilter } from './nodeFilter';
import { nodeFilterSql } from './nodeFilterSql';
import {
  NODE_COLUMNS,
  NODE_JOINS,
  NodeTableRow,
  storedNode,
} from './nodeReads';
import { inSnapshot } from './snapshot';
import { selectRows, SqlDialect } from './sqlDialect';

/** What decides reachability in a cluster, as far as the caller may see it. */
export interface ClusterReachability {
  model: Reachability;
  routing: Routing;
  /** What is left out, in words; where policies may be among it, answers are `unknown`. */
  partial: string[];
}

const READ = [
  ...[POD, CONTAINER, NAMESPACE, NETWORK_POLICY, SERVICE],
  ...[INGRESS, INGRESS_CLASS, REPLICA_SET, JOB],
];
/** Nodes of one cluster that are read for it. */
const MOST_NODES = 200_000;
/** Models that are kept: of a cluster as one kind of caller sees it. */
const MOST_KEPT = 4;

/** Reads a cluster's pods and policies; compiled once per revision and caller's view. */
export class ReachabilityReads {
  readonly #knex: Knex;
  readonly #dialect: SqlDialect;
  readonly #dictionaries: Dictionaries;
  readonly #kept = new Map<
    string,
    { revision: number; answer: Promise<ClusterReachability | undefined> }
  >();

  constructor(knex: Knex, dialect: SqlDialect, dictionaries: Dictionaries) {
    this.#knex = knex;
    this.#dialect = dialect;
    this.#dictionaries = dictionaries;
  }

  /** `undefined` for a cluster that nobody reads. */
  async read(
    cluster: string,
    filter: NodeFilter | undefined,
  ): Promise<ClusterReachability | undefined> {
    const revision = await readRevision(this.#knex);
    const key = JSON.stringify([cluster, filter ?? null]);
    const kept = this.#kept.get(key);
    if (kept?.revision === revision) {
      return kept.answer;
    }
    const answer = this.#read(cluster, filter);
    this.#kept.delete(key);
    this.#kept.set(key, { revision, answer });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) {
        break;
      }
      this.#kept.delete(oldest);
    }
    answer.catch(() => this.#kept.delete(key));
    return answer;
  }

  async #read(
    cluster: string,
    filter: NodeFilter | undefined,
  ): Promise<ClusterReachability | undefined> {
    return inSnapshot(this.#knex, this.#dialect, async trx => {
      const state = (await readClusters(trx)).find(
        ({ name }) => name === cluster,
      );
      if (!state) {
        return undefined;
      }
      const nodes = await this.#nodes(trx, cluster, filter);
      const objects = objectsOfNodes(
        nodes.slice(0, MOST_NODES),
        await this.#owners(trx, cluster, filter),
      );
      const input = inputOfObjects(objects);
      const places = new Set(input.pods.map(({ namespace }) => namespace));
      const hidden = await this.#hiddenPolicies(trx, cluster, filter, places);
      const listed = state.kinds.find(
        ({ kind }) => kindText(kind) === kindText(NETWORK_POLICY),
      );
      // A server that has no such kind has no policies; a list that failed may leave some out.
      const isListed =
        listed === undefined ||
        listed.state === 'absent' ||
        (listed.state === 'listed' && !listed.message);
      const isCut = nodes.length > MOST_NODES;
      const unseen = isListed && !isCut ? hidden : ('all' as const);
      return {
        model: Reachability.create({
          ...input,
          ...((unseen === 'all' || unseen.size > 0) && { unseen }),
        }),
        routing: routingOfObjects(objects),
        partial: [
          ...(isCut
            ? [`only ${MOST_NODES} objects of ${cluster} were looked at`]
            : []),
          ...(isListed
            ? []
            : [
                `the network policies of ${cluster} are not all read (${listed.state})`,
              ]),
          ...(hidden.size > 0
            ? [
                'there may be network policies that you may not see: what they decide is unknown',
              ]
            : []),
          ...(filter ? ['only objects that you may see are looked at'] : []),
        ],
      };
    });
  }

  async #nodes(
    knex: Knex,
    cluster: string,
    filter: NodeFilter | undefined,
  ): Promise<StoredNode[]> {
    const visible = nodeFilterSql(filter, 'n');
    const rows = await selectRows<NodeTableRow>(
      knex,
      `SELECT ${NODE_COLUMNS} FROM nodes n ${NODE_JOINS}
       WHERE c.name = ? AND k.text IN (${READ.map(() => '?').join(', ')})
         AND ${visible.sql}
       ORDER BY n.id LIMIT ?`,
      [cluster, ...READ.map(kindText), ...visible.bindings, MOST_NODES + 1],
    );
    return rows.map(storedNode);
  }

  /** What controls pods, replica sets and jobs, by their keys. */
  async #owners(
    knex: Knex,
    cluster: string,
    filter: NodeFilter | undefined,
  ): Promise<Map<string, WorkloadName>> {
    const control = this.#dictionaries.relationIds(
      relation => relation.class === 'control',
    );
    const visible = nodeFilterSql(filter, 'o');
    const owned = [POD, REPLICA_SET, JOB];
    const rows = await selectRows<{ key: string; kind: string; name: string }>(
      knex,
      `SELECT n.key, ok.kind, o.name FROM edges e
         JOIN nodes n ON n.id = e.dst JOIN nodes o ON o.id = e.src
         JOIN kinds nk ON nk.id = n.kind_id JOIN kinds ok ON ok.id = o.kind_id
         JOIN clusters c ON c.id = n.cluster_id
       WHERE c.name = ? AND ${relationIn('e', control)}
         AND nk.text IN (${owned.map(() => '?').join(', ')})
         AND ${visible.sql} LIMIT ?`,
      [cluster, ...owned.map(kindText), ...visible.bindings, MOST_NODES],
    );
    return new Map(rows.map(({ key, kind, name }) => [key, { kind, name }]));
  }

  /** Of the namespaces where the caller sees pods, those with policies that they may not see; nothing is told of others. */
  async #hiddenPolicies(
    knex: Knex,
    cluster: string,
    filter: NodeFilter | undefined,
    places: ReadonlySet<string>,
  ): Promise<Set<string>> {
    if (!filter) {
      return new Set();
    }
    const visible = nodeFilterSql(filter, 'n');
    const rows = await selectRows<{ namespace: string }>(
      knex,
      `SELECT DISTINCT n.namespace FROM nodes n ${NODE_JOINS}
       WHERE c.name = ? AND k.text = ? AND NOT (${visible.sql})`,
      [cluster, kindText(NETWORK_POLICY), ...visible.bindings],
    );
    return new Set(
      rows
        .map(({ namespace }) => namespace)
        .filter(namespace => places.has(namespace)),
    );
  }
}
