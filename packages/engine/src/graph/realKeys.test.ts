import { KIND_DEFINITIONS, RELATIONS, kindDefinition } from '../kinds';
import { KindId, kindText } from '../kinds/identity';
import { KubernetesObject } from '../kinds/kindDefinition';
import { NODE, POD, SECRET } from '../kinds/kindIds';
import { Observed } from '../kinds/observation';
import { Verdict } from '../kinds/status';
import { DeltaTable } from './__fixtures__/deltaTable';
import { ClusterGraph } from './clusterGraph';
import { GraphDelta, NodeId } from './delta';

const START = Date.parse('2026-01-01T12:00:00Z');
const time = (seconds: number) =>
  new Date(START + seconds * 1000).toISOString();

/** A Secret as the API server's metadata tells it. */
function secret(...keys: string[]): KubernetesObject {
  return {
    metadata: {
      name: 'db',
      namespace: 'shop',
      uid: 'db',
      creationTimestamp: time(-7200),
      managedFields: [
        {
          manager: 'kubectl',
          time: time(-7200),
          fieldsV1: {
            'f:data': Object.fromEntries(keys.map(key => [`f:${key}`, {}])),
          },
        },
      ],
    },
  };
}

/** A pod that mounts one key of the Secret, and whose containers are being created since the start. */
const pod: KubernetesObject = {
  metadata: {
    name: 'cart-1',
    namespace: 'shop',
    uid: 'cart-1',
    creationTimestamp: time(0),
  },
  spec: {
    nodeName: 'node-1',
    containers: [
      { name: 'app', volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    ],
    volumes: [
      {
        name: 'v',
        secret: { secretName: 'db', items: [{ key: 'password', path: 'p' }] },
      },
    ],
  },
  status: {
    phase: 'Pending',
    conditions: [
      { type: 'PodScheduled', status: 'True', lastTransitionTime: time(0) },
    ],
    containerStatuses: [
      {
        name: 'app',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'ContainerCreating' } },
      },
    ],
  },
};

const node: KubernetesObject = {
  metadata: { name: 'node-1', uid: 'node-1', creationTimestamp: time(-7200) },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

/** A cluster with the kinds and rules of the product. */
class Cluster {
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

  pod(): Verdict {
    return [...this.#table.nodes.values()].find(
      ({ key }) => key === 'c/Pod/shop/cart-1',
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

const told = ({ level, reason, rule }: Verdict) => `${level} ${reason} ${rule}`;

describe('a pod that waits for a key, without any event', () => {
  it('is down after a grace, and heals with the key', () => {
    const cluster = new Cluster(
      [NODE, node],
      [SECRET, secret('user')],
      [POD, pod],
    );
    expect(cluster.missingKeys()).toEqual(['password']);
    expect(told(cluster.pod())).toBe('progressing ContainerCreating H014');
    cluster.wait(31);
    expect(told(cluster.pod())).toBe('down MountFailed H015');
    expect(cluster.pod().message).toBe(
      'Secret db of a volume has no key password',
    );
    cluster.change(SECRET, secret('user', 'password'));
    expect(cluster.missingKeys()).toBeUndefined();
    expect(told(cluster.pod())).toBe('progressing ContainerCreating H014');
  });

  it('is down without the Secret, and heals with it', () => {
    const cluster = new Cluster([NODE, node], [POD, pod]);
    cluster.wait(31);
    expect(told(cluster.pod())).toBe('down MountFailed H015');
    expect(cluster.missingKeys()).toBeUndefined();
    cluster.change(SECRET, secret('password'));
    expect(told(cluster.pod())).toBe('progressing ContainerCreating H014');
  });
});
