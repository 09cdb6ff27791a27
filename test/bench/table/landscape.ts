// A generated landscape in a store, with one Secret that many pods use, and changes to it: what the table's reads and
// writes work on. In one process and one thread, with no API server.
import {
  ClusterGraph,
  KIND_DEFINITIONS,
  KindDefinition,
  KindUpdate,
  NodeId,
  RELATIONS,
} from '@kubernetes-topology/engine';
import {
  generateLandscape,
  KubernetesObject,
} from '@kubernetes-topology/cluster-simulator';
import {
  packDelta,
  PackedDelta,
} from '../../../packages/engine/src/graph/packedDelta';

export const CLUSTER = 'bench';
export const HUB = 'hub';
export const HUB_SECRET = 'app-01-credentials';
const T = Date.parse('2026-01-16T00:00:00Z');
/** Pods that use the one Secret. */
const HUB_PODS = 2000;
const PODS_A_REPLICA_SET = 10;
/** The product's (`defaultWriteTuning`). */
const ROWS_A_BATCH = 10_000;
/** Pods that are kept as objects, so that they can change. */
const CHANGEABLE = 20_000;

export interface BenchPod extends KubernetesObject {
  status: { containerStatuses: { restartCount: number }[] };
}

function textOf({ apiVersion, kind }: KubernetesObject): string {
  const [group, version] = String(apiVersion).split('/');
  return version === undefined ? String(kind) : `${kind}.${group}`;
}

function definitionText({ id }: KindDefinition): string {
  return id.group === '' ? id.kind : `${id.kind}.${id.group}`;
}

/** `pods` of them, with the ReplicaSets and Deployments above, in a namespace of their own. */
function* hub(pods: number): Generator<KubernetesObject> {
  const patterns = new Map<string, KubernetesObject>();
  for (const object of generateLandscape({ pods: 9, seed: 2, down: 0 })) {
    const isApplication = /^(app-01|default$|team-)/.test(object.metadata.name);
    if (isApplication && !patterns.has(String(object.kind))) {
      patterns.set(String(object.kind), object);
    }
  }
  let uid = 0;
  const made = (kind: string, name: string, owner?: KubernetesObject) => {
    const object = structuredClone(patterns.get(kind)!);
    object.metadata.name = name;
    object.metadata.uid = `00000000-0000-4000-8000-${String(++uid).padStart(
      12,
      '0',
    )}`;
    if (object.metadata.namespace) {
      object.metadata.namespace = HUB;
    }
    if (owner) {
      object.metadata.ownerReferences = [
        {
          ...object.metadata.ownerReferences![0],
          name: owner.metadata.name,
          uid: owner.metadata.uid!,
        },
      ];
    }
    return object;
  };
  yield made('Namespace', HUB);
  yield made('ServiceAccount', 'default');
  yield made('Secret', HUB_SECRET);
  yield made('ConfigMap', 'app-01-config');
  for (let first = 0; first < pods; first += PODS_A_REPLICA_SET) {
    const name = `hub-${String(first / PODS_A_REPLICA_SET).padStart(4, '0')}`;
    const deployment = made('Deployment', name);
    const replicaSet = made('ReplicaSet', `${name}-1`, deployment);
    yield deployment;
    yield replicaSet;
    for (let nth = first; nth < first + PODS_A_REPLICA_SET; nth++) {
      yield made('Pod', `${name}-1-${nth}`, replicaSet);
    }
  }
}

export interface LandscapeOptions {
  pods: number;
  /** Writes what changed; the next batch waits for it. */
  write(delta: PackedDelta): Promise<void>;
}

export class BenchLandscape {
  readonly #write: LandscapeOptions['write'];
  readonly #graph: ClusterGraph;
  readonly pods: BenchPod[] = [];
  readonly hubPods: number;
  #nextId = 1;
  #clock = T;
  #random = 12345;
  readonly #pod = KIND_DEFINITIONS.find(({ id }) => id.kind === 'Pod')!;

  static async build(options: LandscapeOptions): Promise<BenchLandscape> {
    const landscape = new BenchLandscape(options);
    await landscape.#build(options.pods);
    return landscape;
  }

  private constructor({ pods, write }: LandscapeOptions) {
    this.#write = write;
    this.hubPods = Math.min(HUB_PODS, pods / 2);
    this.#graph = ClusterGraph.create({
      cluster: CLUSTER,
      kinds: KIND_DEFINITIONS,
      relations: RELATIONS,
      allocateId: () => this.#nextId++ as NodeId,
    });
  }

  get clock(): number {
    return this.#clock;
  }

  async #build(pods: number): Promise<void> {
    for (const { id: kind } of KIND_DEFINITIONS) {
      this.#graph.take({ type: 'listing', kind });
    }
    const definitions = new Map(
      KIND_DEFINITIONS.map(one => [definitionText(one), one]),
    );
    for (const objects of [
      hub(this.hubPods),
      generateLandscape({ pods: pods - this.hubPods }),
    ]) {
      for (const object of objects) {
        const definition = definitions.get(textOf(object));
        if (definition) {
          this.#graph.take({
            type: 'page',
            kind: definition.id,
            observed: [this.#observe(definition, object)],
          });
          if (definition === this.#pod && this.pods.length < CHANGEABLE) {
            this.pods.push(object as BenchPod);
          }
          if (this.#graph.pending >= ROWS_A_BATCH) {
            await this.#write(packDelta(this.#graph.delta(this.#clock)));
          }
        }
      }
    }
    for (const { id: kind } of KIND_DEFINITIONS) {
      this.#graph.take({ type: 'listed', kind, resourceVersion: '1' });
    }
    await this.#write(packDelta(this.#graph.delta(this.#clock)));
  }

  #observe(definition: KindDefinition, object: KubernetesObject) {
    return definition.observe(object as never, {
      cluster: CLUSTER,
      now: this.#clock,
    });
  }

  /** `batch` pods whose containers restarted, a second later: the delta that has to be written. */
  change(batch: number): PackedDelta {
    this.#clock += 1000;
    const chosen = new Set<number>();
    while (chosen.size < Math.min(batch, this.pods.length)) {
      this.#random = (this.#random * 48271) % 2147483647;
      chosen.add(this.#random % this.pods.length);
    }
    const changes = [...chosen].map(nth => {
      const pod = this.pods[nth];
      pod.status.containerStatuses[0].restartCount++;
      return {
        type: 'upsert' as const,
        observed: this.#observe(this.#pod, pod),
      };
    });
    const update: KindUpdate = {
      type: 'changed',
      kind: this.#pod.id,
      changes,
    };
    return packDelta(this.#graph.apply(update, this.#clock));
  }
}
