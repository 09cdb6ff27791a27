import { KIND_DEFINITIONS, RELATIONS, kindDefinition } from '../../kinds';
import { KindId, kindText } from '../../kinds/identity';
import { KubernetesObject } from '../../kinds/kindDefinition';
import { Observed } from '../../kinds/observation';
import { Verdict } from '../../kinds/status';
import { DeltaTable } from '../__fixtures__/deltaTable';
import { ClusterGraph } from '../clusterGraph';
import { GraphDelta, NodeId } from '../delta';

export const START = Date.parse('2026-01-01T12:00:00Z');
/** Seconds from the start, as an API server writes it. */
export const time = (seconds: number) =>
  new Date(START + seconds * 1000).toISOString();

/** A cluster with the kinds and rules of the product. */
export class RealCluster {
  readonly #table = new DeltaTable();
  readonly #graph: ClusterGraph;
  #now = START;

  constructor(...objects: [KindId, KubernetesObject][]) {
    let nextId = 1;
    this.#graph = ClusterGraph.create({
      cluster: 'c',
      kinds: KIND_DEFINITIONS,
      relations: RELATIONS,
      allocateId: () => nextId++ as NodeId,
    });
    for (const { id: kind } of KIND_DEFINITIONS) {
      const observed = objects
        .filter(([id]) => kindText(id) === kindText(kind))
        .map(([id, object]) => this.#observe(id, object));
      this.#take(this.#graph.apply({ type: 'listing', kind }, this.#now));
      this.#take(
        this.#graph.apply({ type: 'page', kind, observed }, this.#now),
      );
      this.#take(
        this.#graph.apply(
          { type: 'listed', kind, resourceVersion: '1' },
          this.#now,
        ),
      );
    }
  }

  change(id: KindId, object: KubernetesObject): void {
    const observed = this.#observe(id, object);
    this.#take(
      this.#graph.apply(
        { type: 'changed', kind: id, changes: [{ type: 'upsert', observed }] },
        this.#now,
      ),
    );
  }

  wait(seconds: number): void {
    this.#now = START + seconds * 1000;
    const delta = this.#graph.tick(this.#now);
    if (delta) {
      this.#take(delta);
    }
  }

  missingKeys(): unknown {
    return [...this.#table.edges.values()].find(
      ({ relation }) => relation === 'pod-secret',
    )?.details?.missingKeys;
  }

  /** Of a pod in namespace `shop`. */
  verdict(pod: string): Verdict {
    return [...this.#table.nodes.values()].find(
      ({ key }) => key === `c/Pod/shop/${pod}`,
    )!.verdict;
  }

  #observe(id: KindId, object: KubernetesObject): Observed {
    return kindDefinition(id).observe(object, {
      cluster: 'c',
      now: this.#now,
    });
  }

  #take(delta: GraphDelta): void {
    this.#table.apply(delta);
  }
}
