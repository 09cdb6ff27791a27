import { KIND_DEFINITIONS, RELATIONS } from '../kinds';
import { KubernetesObject } from '../kinds/kindDefinition';
import { leaseKind } from '../kinds/lease';
import { nodeKind } from '../kinds/node';
import { Observed } from '../kinds/observation';
import { DeltaTable } from './__fixtures__/deltaTable';
import { ClusterGraph, isEmptyDelta } from './clusterGraph';
import { GraphDelta, NodeId } from './delta';

const START = Date.parse('2026-01-01T12:00:00Z');
const time = (seconds: number) =>
  new Date(START + seconds * 1000).toISOString();

function node(name: string, heardAt: number, ready = 'True') {
  return {
    metadata: { name, uid: `node-${name}`, creationTimestamp: time(-7200) },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: ready,
          reason: ready === 'True' ? 'KubeletReady' : 'NodeStatusUnknown',
          lastTransitionTime: time(ready === 'True' ? -7000 : heardAt),
          lastHeartbeatTime: time(heardAt),
        },
      ],
    },
  };
}

function lease(name: string, renewedAt: number) {
  return {
    metadata: {
      name,
      namespace: 'kube-node-lease',
      uid: `lease-${name}`,
      creationTimestamp: time(-7200),
    },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: 40,
      renewTime: time(renewedAt),
    },
  };
}

/** A cluster of two nodes, with the kinds and rules of the product. */
class Cluster {
  readonly table = new DeltaTable();
  readonly #graph: ClusterGraph;
  #now = START;

  constructor(seconds: number) {
    let nextId = 1;
    this.#graph = ClusterGraph.create({
      cluster: 'c',
      kinds: KIND_DEFINITIONS,
      relations: RELATIONS,
      allocateId: () => nextId++ as NodeId,
    });
    this.#now = START + seconds * 1000;
    for (const { id } of KIND_DEFINITIONS) {
      const observed = [
        ...(id.kind === 'Node' ? ['a', 'b'] : []).map(name =>
          this.#observe(nodeKind, node(name, seconds)),
        ),
        ...(id.kind === 'Lease' ? ['a', 'b'] : []).map(name =>
          this.#observe(leaseKind, lease(name, seconds)),
        ),
      ];
      this.#take({ type: 'listing', kind: id });
      this.#take({ type: 'page', kind: id, observed });
      this.#take({ type: 'listed', kind: id, resourceVersion: '1' });
    }
  }

  at(seconds: number, definition: typeof leaseKind, object: KubernetesObject) {
    this.#now = START + seconds * 1000;
    return this.#take({
      type: 'changed',
      kind: definition.id,
      changes: [
        { type: 'upsert', observed: this.#observe(definition, object) },
      ],
      resourceVersion: String(seconds),
    });
  }

  tick(seconds: number): GraphDelta | undefined {
    this.#now = START + seconds * 1000;
    const delta = this.#graph.tick(this.#now);
    if (delta) {
      this.table.apply(delta);
    }
    return delta;
  }

  status(key: string): string {
    const found = [...this.table.nodes.values()].find(row => row.key === key);
    return `${found?.verdict.level} ${found?.verdict.reason}`;
  }

  #observe(definition: typeof leaseKind, object: KubernetesObject): Observed {
    return definition.observe(object, { cluster: 'c', now: this.#now });
  }

  #take(update: Parameters<ClusterGraph['apply']>[0]): GraphDelta {
    const delta = this.#graph.apply(update, this.#now);
    this.table.apply(delta);
    return delta;
  }
}

const LEASE = 'c/Lease.coordination.k8s.io/kube-node-lease/a';

it('writes nothing for an hour of heartbeats, of leases and of node statuses', () => {
  const cluster = new Cluster(0);
  const before = JSON.stringify([...cluster.table.nodes]);
  const written: GraphDelta[] = [];
  for (let seconds = 10; seconds <= 3600; seconds += 10) {
    for (const name of ['a', 'b']) {
      written.push(cluster.at(seconds, leaseKind, lease(name, seconds)));
      written.push(cluster.at(seconds, nodeKind, node(name, seconds)));
    }
    const due = cluster.tick(seconds + 5);
    written.push(...(due ? [due] : []));
  }
  expect(written.filter(delta => !isEmptyDelta(delta))).toEqual([]);
  expect(JSON.stringify([...cluster.table.nodes])).toBe(before);
  expect(before).not.toContain('renewTime');
});

it('tells a kubelet that is silent at once, and leaves it to its Node when the node controller has noticed', () => {
  const cluster = new Cluster(0);
  for (let seconds = 10; seconds <= 50; seconds += 10) {
    cluster.at(seconds, leaseKind, lease('b', seconds));
  }
  expect([cluster.status('c/Node//a'), cluster.status(LEASE)]).toEqual([
    'ok Ready',
    'degraded HeartbeatLate',
  ]);
  cluster.at(52, nodeKind, node('a', 2, 'Unknown'));
  expect([cluster.status('c/Node//a'), cluster.status(LEASE)]).toEqual([
    'down Unreachable',
    'idle NodeSilent',
  ]);
  cluster.at(90, leaseKind, lease('a', 90));
  cluster.at(91, nodeKind, node('a', 91));
  expect([cluster.status('c/Node//a'), cluster.status(LEASE)]).toEqual([
    'ok Ready',
    'ok Renewed',
  ]);
});
