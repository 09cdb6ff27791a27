import { Knex } from 'knex';
import { databases } from '../store/__testUtils__/databases';
import { TopologyStore } from '../store/topologyStore';
import { CausalGraphBuilder, keyOf } from './__testUtils__/causalGraphBuilder';
import { Incident, Incidents } from './incident';
import { IncidentOptions, incidentsOf } from './incidents';
import { SqlCausalReader } from './sqlCausalReader';

jest.setTimeout(60_000);

const NOT_FOUND = 'secret "db" not found';

/** Deployments of whose pods each waits for the same absent Secret, unless another state is given. */
function landscape(
  workloads: number,
  pods: number,
  others: Readonly<Record<number, 'crashes'>> = {},
): CausalGraphBuilder {
  const graph = CausalGraphBuilder.create().node('Secret/shop/db', {
    level: 'missing',
  });
  for (let nth = 0; nth < workloads; nth++) {
    const [deployment, set, service] = [
      `Deployment/shop/web-${nth}`,
      `ReplicaSet/shop/web-${nth}-abc`,
      `Service/shop/web-${nth}`,
    ];
    const message = 'Deployment does not have minimum availability.';
    graph
      .node(deployment, { level: 'down', reason: 'Unavailable', message })
      .node(set, { level: 'down', reason: 'NotReady' })
      .node(service, { level: 'down', reason: 'NoReadyEndpoints' })
      .edge(deployment, 'deployment-replicaset', set);
    for (let place = 0; place < pods; place++) {
      const pod = `Pod/shop/web-${nth}-abc-${place}`;
      if (others[nth] === 'crashes') {
        graph.node(pod, {
          level: 'down',
          reason: 'OOMKilled',
          since: 1000,
          message: 'killed',
        });
      } else {
        graph
          .node(pod, {
            level: 'down',
            reason: 'CreateContainerConfigError',
            message: NOT_FOUND,
            evidence: { 'status.containerStatuses': NOT_FOUND },
            since: 500,
          })
          .edge(pod, 'pod-secret', 'Secret/shop/db');
      }
      graph.edge(set, 'replicaset-pod', pod).edge(service, 'service-pod', pod);
    }
  }
  return graph;
}

function shortened({ root, fault, affected, more }: Incident): string {
  return `${root.kind}/${root.name} ${fault}: ${affected.length + more}`;
}

describe.each(databases.eachSupportedId())('incidents on %s', id => {
  let knex: Knex;

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  async function incidents(
    graph: CausalGraphBuilder,
    options: Partial<IncidentOptions> = {},
    filter?: Parameters<typeof SqlCausalReader.create>[1],
  ): Promise<Incidents> {
    const store = await TopologyStore.create({ knex });
    await store.write(graph.written().delta);
    return incidentsOf(SqlCausalReader.create(knex, filter), {
      now: 2000,
      ...options,
    });
  }

  it('are none where all is well', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Pod/shop/a')
      .node('Deployment/shop/idle', { level: 'idle' });
    expect(await incidents(graph)).toEqual({ incidents: [], unexplained: [] });
  });

  it('count symptoms that share a cause once', async () => {
    const { incidents: found, unexplained } = await incidents(landscape(2, 2));
    expect(found.map(shortened)).toEqual(['Secret/db MissingSecret: 10']);
    expect(unexplained).toEqual([]);
    const [incident] = found;
    expect(incident).toMatchObject({
      severity: 'critical',
      confidence: 'proven',
      // As long as the Secret has been known to be absent.
      since: 0,
      rivals: [],
      more: 0,
    });
    // The Secret itself suffers from nothing.
    expect(incident.affected.map(({ kind }) => kind)).not.toContain('Secret');
    expect(incident.evidence.map(({ value }) => value)).toContain(NOT_FOUND);
    expect(incident.summary).toContain(NOT_FOUND);
    expect(incident.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('find among very many alike those that are not', async () => {
    const graph = landscape(70, 2, { 33: 'crashes' });
    const { incidents: found, unexplained } = await incidents(graph);
    expect(found.map(shortened)).toEqual([
      'Secret/db MissingSecret: 345',
      'Deployment/web-33 OutOfMemory: 5',
    ]);
    expect(unexplained).toEqual([]);
  });

  it('have the same id after the graph was written anew', async () => {
    const [first] = (await incidents(landscape(1, 1))).incidents;
    knex = await databases.init(id);
    const [second] = (await incidents(landscape(3, 4))).incidents;
    expect(second.id).toBe(first.id);
  });

  it('are those of some objects only, with the root outside', async () => {
    const { incidents: found } = await incidents(landscape(2, 2), {
      keys: [keyOf('Deployment/shop/web-1'), keyOf('Service/shop/web-1')],
    });
    expect(found.map(shortened)).toEqual(['Secret/db MissingSecret: 2']);
  });

  it('are those of some clusters only', async () => {
    const graph = landscape(1, 1);
    expect(await incidents(graph, { clusters: ['elsewhere'] })).toEqual({
      incidents: [],
      unexplained: [],
    });
  });

  it('say what a bound left out', async () => {
    const graph = landscape(4, 1, { 1: 'crashes', 2: 'crashes' });
    const { incidents: found, cut } = await incidents(graph, { most: 1 });
    expect(found).toHaveLength(1);
    expect(cut).toBe('Left out: 2 more incidents.');
    const few = await incidentsOf(SqlCausalReader.create(knex), {
      now: 2000,
      limit: 3,
    });
    expect(few.cut).toBe(
      'Left out: only the first 3 objects in trouble were looked at.',
    );
  });

  it('tell nothing of what the asker may not see', async () => {
    const graph = landscape(1, 2);
    const found = await incidents(
      graph,
      {},
      { filter: { not: { key: 'kind', values: ['Secret'] } } },
    );
    expect(found.incidents).toEqual([]);
    expect(JSON.stringify(found)).not.toContain('Secret/shop/db');
  });

  it('tell once of what nothing explains, where it is', async () => {
    const graph = CausalGraphBuilder.create()
      .node('Deployment/shop/web', { level: 'down', reason: 'Unavailable' })
      .node('ReplicaSet/shop/web-abc', { level: 'down', reason: 'NotReady' })
      .edge(
        'Deployment/shop/web',
        'deployment-replicaset',
        'ReplicaSet/shop/web-abc',
      );
    for (const pod of ['Pod/shop/web-abc-1', 'Pod/shop/web-abc-2']) {
      graph
        .node(pod, { level: 'degraded', reason: 'ReadinessFailing' })
        .edge('ReplicaSet/shop/web-abc', 'replicaset-pod', pod);
    }
    const { incidents: found, unexplained } = await incidents(graph);
    expect(found).toEqual([]);
    expect(
      unexplained.map(({ node: { name }, because }) => [
        name,
        because.includes('1 more like it'),
      ]),
    ).toEqual([['web-abc-1', true]]);
    const [only] = (
      await incidentsOf(SqlCausalReader.create(knex), {
        now: 2000,
        keys: [keyOf('Deployment/shop/web')],
      })
    ).unexplained;
    expect(only.node.name).toBe('web');
  });

  it('say which cluster cannot be read, so that they are of the past (M17)', async () => {
    const store = await TopologyStore.create({ knex });
    await store.write(landscape(1, 1).written().delta);
    const message = 'the API server does not answer';
    await store.setClusterState('lab', { state: 'failing', message }, 1500);
    const reader = SqlCausalReader.create(knex);
    const { incidents: found, outdated } = await incidentsOf(reader, {
      now: 300_000,
    });
    expect(found).toHaveLength(1);
    expect(outdated).toEqual([
      { cluster: 'lab', since: 1500, because: message },
    ]);
    expect(
      await incidentsOf(reader, { now: 2000, clusters: ['other'] }),
    ).toEqual({ incidents: [], unexplained: [] });
  });

  it('are none for what starts within its grace', async () => {
    const graph = CausalGraphBuilder.create()
      .node('StatefulSet/shop/db', { level: 'down', reason: 'Unavailable' })
      .node('Pod/shop/db-0', {
        level: 'progressing',
        reason: 'ContainerCreating',
        rule: 'H014',
      })
      .edge('StatefulSet/shop/db', 'statefulset-pod', 'Pod/shop/db-0');
    expect(await incidents(graph)).toEqual({ incidents: [], unexplained: [] });
  });
});
