import { Knex } from 'knex';
import { dumpUpdates, parseDump } from '../../cluster/dump';
import { servedByObjects } from '../../cluster/servedByObjects';
import { ClusterGraph, newNodesAtMost } from '../../graph/clusterGraph';
import { KIND_DEFINITIONS } from '../../kinds';
import { kindText } from '../../kinds/identity';
import { KindCatalog } from '../../kinds/kindCatalog';
import { KindDefinition, KubernetesObject } from '../../kinds/kindDefinition';
import { loadShippedRules } from '../../kinds/rules/loadRules';
import { KindUpdate } from '../../kinds/update';
import { openSqlite } from '../../store/openSqlite';
import { TopologyStore } from '../../store/topologyStore';
import { Incidents } from '../incident';
import { incidentsOf } from '../incidents';
import { SqlCausalReader } from '../sqlCausalReader';
import { NOW, Scenario } from './scenario';

export interface ScenarioRun {
  incidents: Incidents;
  /** How long `incidents` took. */
  milliseconds: number;
}

/** One database, in which each scenario is a cluster of its own: kinds → graph → store, then the incidents are asked for. */
export class ScenarioBench {
  readonly #knex: Knex;
  readonly #store: TopologyStore;
  readonly #catalog: KindCatalog;
  #runs = 0;

  static async create(): Promise<ScenarioBench> {
    const catalog = KindCatalog.create({ rules: await loadShippedRules() });
    const knex = openSqlite(':memory:');
    const store = await TopologyStore.create({
      knex,
      relations: catalog.relations,
    });
    return new ScenarioBench(knex, store, catalog);
  }

  private constructor(knex: Knex, store: TopologyStore, catalog: KindCatalog) {
    this.#knex = knex;
    this.#store = store;
    this.#catalog = catalog;
  }

  async close(): Promise<void> {
    await this.#knex.destroy();
  }

  /**
   * @param options.isComplete false: a dump, of which a kind may have been left out that it holds no object of
   * @param options.eager as `incidentsOf` has it
   */
  async run(
    scenario: Scenario,
    options: { isComplete?: boolean; eager?: boolean } = {},
  ): Promise<ScenarioRun> {
    const { isComplete = true, eager } = options;
    this.#runs += 1;
    const cluster = `${scenario.id}-${this.#runs}`;
    const now = scenario.now ?? NOW;
    const states = [
      ...(scenario.before ?? []),
      { at: now, objects: scenario.objects },
    ];
    const graph = ClusterGraph.create({
      cluster,
      kinds: KIND_DEFINITIONS,
      relations: this.#catalog.relations,
      ownerRelation: (owner, owned) =>
        this.#catalog.ownerRelation(owner, owned),
      allocateId: this.#store.nodeIds.allocate,
    });
    const kinds = this.#kindsOf(states.flatMap(({ objects }) => objects));
    for (const { at, objects } of states) {
      const updates = updatesOf(objects, kinds, {
        cluster,
        now: at,
        isComplete,
      });
      await this.#write(graph, updates, at);
    }
    const reader = SqlCausalReader.create(this.#knex);
    const start = performance.now();
    const incidents = await incidentsOf(reader, {
      clusters: [cluster],
      now,
      eager,
    });
    return { incidents, milliseconds: performance.now() - start };
  }

  /** All that the lists bring is one revision. */
  async #write(
    graph: ClusterGraph,
    updates: readonly KindUpdate[],
    at: number,
  ): Promise<void> {
    for (const update of updates) {
      await this.#store.nodeIds.reserve(newNodesAtMost(update));
      graph.take(update);
    }
    // Without the state: the store analyses its tables for each cluster that becomes ready, and here are hundreds.
    const { clusterState: _, ...delta } = graph.delta(at);
    await this.#store.write(delta);
  }

  #kindsOf(objects: readonly KubernetesObject[]): KindDefinition[] {
    const kinds = new Map(
      KIND_DEFINITIONS.map(kind => [kindText(kind.id), kind]),
    );
    for (const served of servedByObjects(objects)) {
      const text = kindText(served.id);
      const { plural, namespaced } = kinds.get(text) ?? served;
      const kind = this.#catalog.definitionFor({
        ...served,
        plural,
        namespaced,
      });
      if (kind) {
        kinds.set(text, kind);
      }
    }
    return [...kinds.values()];
  }
}

/** As a cluster with exactly these objects would tell them: each kind's list. */
function updatesOf(
  objects: readonly KubernetesObject[],
  kinds: readonly KindDefinition[],
  context: { cluster: string; now: number; isComplete: boolean },
  forbidden: readonly string[] = [],
): KindUpdate[] {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  // Through the reader of files: it drops the values of Secrets and ConfigMaps, as the API server's metadata would.
  const read = parseDump(Buffer.from(JSON.stringify(list)), kinds);
  return [
    ...kinds.map(
      (definition): KindUpdate => ({
        type: 'discovered',
        kind: definition.id,
        definition,
      }),
    ),
    ...dumpUpdates(read, kinds, context).filter(
      ({ kind }) => !forbidden.includes(kindText(kind)),
    ),
    ...kinds
      .filter(({ id }) => forbidden.includes(kindText(id)))
      .map(
        ({ id }): KindUpdate => ({
          type: 'unavailable',
          kind: id,
          why: 'forbidden',
          message: 'forbidden: cannot list at the cluster scope',
        }),
      ),
  ];
}
