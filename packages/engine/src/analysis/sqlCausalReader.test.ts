import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { GraphDelta } from '../graph/delta';
import {
  capturedNames,
  capturedState,
} from '../kinds/__testUtils__/capturedStates';
import { POD } from '../kinds';
import { NodeKey } from '../kinds/identity';
import { NodeFilter } from '../store/nodeFilter';
import { TopologyStore } from '../store/topologyStore';
import {
  CausalGraphBuilder,
  keyOf,
  told,
} from './__testUtils__/causalGraphBuilder';
import { JudgedState, judgedState } from './__testUtils__/judgedState';
import { writtenState } from './__testUtils__/writtenState';
import { causesOf, explain } from './analyse';
import { Inventory } from './causalGraph';
import { SqlCausalReader } from './sqlCausalReader';

const LATE = 15 * 60_000;

jest.setTimeout(120_000);

function taskPv(): { now: number; deltas: GraphDelta[] } {
  const now = capturedState('task-pv-capacity').capturedAt + LATE;
  return { now, deltas: writtenState('task-pv-capacity.json', now) };
}

/** A Deployment of which all pods wait for one Secret that does not exist. */
function brokenPods(count: number): { delta: GraphDelta; keys: NodeKey[] } {
  const graph = CausalGraphBuilder.create()
    .node('Deployment/shop/web', { level: 'down' })
    .node('ReplicaSet/shop/web-abc', { level: 'down' })
    .edge(
      'Deployment/shop/web',
      'deployment-replicaset',
      'ReplicaSet/shop/web-abc',
    )
    .node('Secret/shop/db', { level: 'missing' });
  for (let i = 0; i < count; i++) {
    const pod = `Pod/shop/web-${i}`;
    graph
      .node(pod, {
        level: 'down',
        reason: 'CreateContainerConfigError',
        message: 'secret "db" not found',
      })
      .edge('ReplicaSet/shop/web-abc', 'replicaset-pod', pod)
      .edge(pod, 'pod-secret', 'Secret/shop/db');
  }
  return graph.written();
}

const whole = new Map<string, Promise<JudgedState>>();

function fromWholeGraph(name: string): Promise<JudgedState> {
  const judged = whole.get(name) ?? judgedState(name, LATE);
  whole.set(name, judged);
  return judged;
}

describe('SqlCausalReader', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

  async function written(knex: Knex, deltas: readonly GraphDelta[]) {
    const store = await TopologyStore.create({ knex });
    for (const delta of deltas) {
      await store.write(delta);
    }
  }

  describe.each(databases.eachSupportedId())('on %s', id => {
    it('finds those who call a Service and those behind it, by their edges', async () => {
      const { delta } = CausalGraphBuilder.create()
        .node('Service/shop/cart')
        .node('Pod/shop/cart-1')
        .node('Pod/shop/cart-2')
        .node('Pod/shop/web-1')
        .node('Pod/shop/docs-1')
        .edge('Service/shop/cart', 'service-pod', 'Pod/shop/cart-1')
        .edge('Service/shop/cart', 'service-pod', 'Pod/shop/cart-2')
        .edge('Pod/shop/web-1', 'pod-service-called', 'Service/shop/cart')
        .written();
      const knex = await databases.init(id);
      await written(knex, [delta]);
      const reader = SqlCausalReader.create(knex);
      const key = keyOf('Service/shop/cart');
      const names = async (inventory: Partial<Inventory>) =>
        (
          await reader.inventory({ cluster: 'lab', kind: POD, ...inventory })
        ).nodes.map(({ name }) => name);
      expect(
        await names({ linkedFrom: { relation: 'service-pod', key } }),
      ).toEqual(['cart-1', 'cart-2']);
      expect(
        await names({ linkedTo: { relation: 'pod-service-called', key } }),
      ).toEqual(['web-1']);
    });

    it('brings along those who suffer from a suspect', async () => {
      const { delta } = CausalGraphBuilder.create()
        .node('NetworkPolicy/shop/deny')
        .node('Pod/shop/cart-1')
        .node('Service/shop/cart')
        .node('Pod/shop/web-1')
        .edge(
          'NetworkPolicy/shop/deny',
          'networkpolicy-pod-ingress-begin',
          'Pod/shop/cart-1',
        )
        .edge('Service/shop/cart', 'service-pod', 'Pod/shop/cart-1')
        .edge('Pod/shop/web-1', 'pod-service-called', 'Service/shop/cart')
        .written();
      const knex = await databases.init(id);
      await written(knex, [delta]);
      const { nodes } = await SqlCausalReader.create(knex).neighbourhood([
        keyOf('NetworkPolicy/shop/deny'),
      ]);
      expect([...nodes!].map(({ name }) => name).sort()).toEqual([
        'cart',
        'cart-1',
        'deny',
        'web-1',
      ]);
    });

    it.each(capturedNames())(
      'explains %s as from the whole graph',
      async name => {
        const knex = await databases.init(id);
        const fromSql = await judgedState(name, LATE, async deltas => {
          await written(knex, deltas);
          return SqlCausalReader.create(knex);
        });
        expect(fromSql).toEqual(await fromWholeGraph(name));
      },
    );

    it('keeps a few of many alike, and finds what lies behind all of them', async () => {
      const knex = await databases.init(id);
      const { delta, keys } = brokenPods(3000);
      await written(knex, [delta]);
      const reader = SqlCausalReader.create(knex);
      const deployment = keyOf('Deployment/shop/web');
      const explanation = await explain(reader, deployment, { now: 0 });
      expect(told(explanation!)).toEqual([
        'Secret/db MissingSecret proven: Secret/db > Pod/web-0 > ReplicaSet/web-abc > Deployment/web',
      ]);
      const { causes, unexplained } = await causesOf(reader, keys, { now: 0 });
      expect(unexplained).toEqual([]);
      expect(causes).toHaveLength(1);
      expect(causes[0].affected).toHaveLength(3002);
    });

    it.each([
      [
        'the claim',
        'PersistentVolumeClaim',
        'unexplained: Pod task-pv-pod waits for a claim that is bound by now or not visible here',
      ],
      [
        // Whether a volume has the class cannot be known then: nothing is said of the class.
        'the volumes',
        'PersistentVolume',
        'PersistentVolumeClaim/task-pv-claim NoMatchingVolume likely: PersistentVolumeClaim/task-pv-claim > Pod/task-pv-pod',
      ],
    ])(
      'leads through nothing that is hidden: %s',
      async (_, hidden, expected) => {
        const knex = await databases.init(id);
        const { now, deltas } = taskPv();
        await written(knex, deltas);
        const filter: NodeFilter = { not: { key: 'kind', values: [hidden] } };
        const reader = SqlCausalReader.create(knex, { filter });
        const key = keyOf('Pod/docs-storage/task-pv-pod');
        const explanation = await explain(reader, key, { now });
        expect(told(explanation!)).toEqual([expect.stringContaining(expected)]);
        expect(JSON.stringify(explanation)).not.toContain(`/${hidden}/`);
        expect(JSON.stringify(explanation)).not.toContain('task-pv-volume');
      },
    );

    it('does not know an object that is hidden or not there', async () => {
      const knex = await databases.init(id);
      const { now, deltas } = taskPv();
      await written(knex, deltas);
      const filter: NodeFilter = { key: 'namespace', values: ['elsewhere'] };
      const key = keyOf('Pod/docs-storage/task-pv-pod');
      const hiding = SqlCausalReader.create(knex, { filter });
      expect(await explain(hiding, key, { now })).toBeUndefined();
      expect(await causesOf(hiding, [key], { now })).toEqual({
        causes: [],
        unexplained: [],
      });
      const seeing = SqlCausalReader.create(knex);
      expect(
        await explain(seeing, keyOf('Pod/docs-storage/nobody'), { now }),
      ).toBeUndefined();
    });
  });
});
