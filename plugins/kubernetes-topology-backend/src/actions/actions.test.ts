import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { NotAllowedError } from '@backstage/errors';
import {
  loadShippedRules,
  NodeFilter,
  openSqlite,
  parseDump,
  KIND_DEFINITIONS,
  TopologyEngine,
} from '@kubernetes-topology/engine';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { registerActions } from './registerActions';

const FIXTURES = path.resolve(__dirname, '../../../../test/fixtures/clusters');
const PASSWORDLESS = 'wordpress-missing-mysql-pass';

/** The engine over a captured state, and a policy that shows what a test says. */
async function setUp() {
  const json = readFileSync(path.join(FIXTURES, `${PASSWORDLESS}.json`));
  const logger = mockServices.logger.mock();
  const engine = await TopologyEngine.create({
    knex: openSqlite(''),
    logger,
    catalog: { rules: await loadShippedRules() },
    workers: false,
    clusters: [
      {
        name: 'demo',
        objects: parseDump(json, KIND_DEFINITIONS),
        isComplete: true,
      },
    ],
  });
  engine.start();
  for (;;) {
    const [cluster] = await engine.clusters();
    if (cluster?.state === 'ready') {
      break;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const registry = actionsRegistryServiceMock();
  const policy: { filter: NodeFilter | undefined | 'denied' } = {
    filter: undefined,
  };
  registerActions({
    registry,
    topology: engine,
    access: {
      readerWith: async credentials => {
        if (policy.filter === 'denied') {
          throw new NotAllowedError('denied by the policy');
        }
        return { credentials, filter: policy.filter };
      },
    },
  });
  const invoke = async (name: string, input: object): Promise<any> => {
    const { output } = await registry.invoke({
      id: `test:${name}`,
      input: input as never,
      credentials: mockCredentials.user(),
    });
    return output;
  };
  return { engine, registry, policy, invoke };
}

describe('actions for agents', () => {
  let world: Awaited<ReturnType<typeof setUp>>;
  beforeAll(async () => {
    world = await setUp();
  }, 60_000);
  afterAll(() => world.engine.stop());
  afterEach(() => {
    world.policy.filter = undefined;
  });

  it('are read-only, and say what they are for', async () => {
    const { actions } = await world.registry.list();
    expect(
      actions.map(({ name, attributes }) => [name, attributes]).sort(),
    ).toEqual(
      [
        'explain-kubernetes-object',
        'find-dependents',
        'query-kubernetes-topology',
      ].map(name => [
        name,
        { readOnly: true, idempotent: true, destructive: false },
      ]),
    );
  });

  it('answer a query, and refuse a faulty one with the place of the fault', async () => {
    const { invoke } = world;
    expect(
      await invoke('query-kubernetes-topology', {
        query: "G.V().Has('Name', 'mysql-pass').Values('Status')",
      }),
    ).toEqual({ value: ['missing'] });
    await expect(
      invoke('query-kubernetes-topology', { query: 'G.V().Hsa()' }),
    ).rejects.toThrow(/there is no step "Hsa"[^]*\^\^\^/);
  });

  it('cut what no agent can read, and say so', async () => {
    const { value, cut } = await world.invoke('query-kubernetes-topology', {
      query: 'G.E()',
    });
    expect(value).toHaveLength(200);
    expect(cut).toMatch(/the first 200 of \d+/);
  });

  it('name the cause, for one object and for all', async () => {
    const root = { kind: 'Secret', name: 'mysql-pass' };
    const one = await world.invoke('explain-kubernetes-object', {
      kind: 'deployment',
      name: 'wordpress',
    });
    expect(one.incidents).toMatchObject([{ root }]);
    const all = await world.invoke('explain-kubernetes-object', {});
    expect(all.incidents).toMatchObject([{ root }]);
    expect(all.incidents[0].affected.length).toBeGreaterThan(1);
  });

  it('find who needs an object', async () => {
    const { dependents } = await world.invoke('find-dependents', {
      kind: 'Secret',
      name: 'mysql-pass',
    });
    expect(dependents).toContainEqual(
      expect.objectContaining({
        kind: 'Deployment',
        name: 'wordpress',
        effects: [{ when: 'nextStart', strength: 'hard' }],
      }),
    );
  });

  it('show nothing that the policy hides, and nothing at all when it denies', async () => {
    const { policy, invoke } = world;
    policy.filter = { not: { key: 'kind', values: ['Secret'] } };
    const query = { query: "G.V().Has('Type', 'secret').Count()" };
    expect(await invoke('query-kubernetes-topology', query)).toEqual({
      value: 0,
    });
    await expect(
      invoke('find-dependents', { kind: 'Secret', name: 'mysql-pass' }),
    ).rejects.toThrow('There is no Secret mysql-pass that you may see');
    const { incidents } = await invoke('explain-kubernetes-object', {});
    expect(
      incidents.filter((each: any) => each.root.kind === 'Secret'),
    ).toEqual([]);
    policy.filter = 'denied';
    await expect(invoke('query-kubernetes-topology', query)).rejects.toThrow(
      'denied by the policy',
    );
  });

  it('ask which one is meant when several are called so', async () => {
    await expect(
      world.invoke('find-dependents', {
        kind: 'ConfigMap',
        name: 'kube-root-ca.crt',
      }),
    ).rejects.toThrow('objects are called so: give namespace and cluster');
  });
});
