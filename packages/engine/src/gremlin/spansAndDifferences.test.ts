import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { TopologyStore } from '../store/topologyStore';
import { GremlinDifference } from './difference';
import { GremlinEdge, GremlinNode } from './result';
import { runGremlin } from './runGremlin';
import { FixtureGraph } from './__testUtils__/fixtureGraph';
import { DICTIONARY } from './__testUtils__/randomGraphs';
import {
  clear,
  DICTIONARY_KINDS,
  DICTIONARY_RELATIONS,
  record,
  START,
} from './__testUtils__/recordedRun';
import { testStore } from './__testUtils__/testStore';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const node = (id: number, kind: string, name: string, namespace = 'shop') => ({
  id,
  cluster: 'demo',
  kind,
  namespace,
  name,
  level: 'ok' as const,
  labels: {},
  properties: {},
  updatedAt: 0,
  revision: 1,
});

const POOL: FixtureGraph = {
  nodes: [
    node(1, 'Deployment.apps', 'web'),
    node(2, 'Pod', 'web-1'),
    node(3, 'Secret', 'pass', 'ops'),
  ],
  edges: [
    { source: 1, relation: 'deployment-pod', target: 2, createdAt: 0 },
    { source: 2, relation: 'pod-secret', target: 3, createdAt: 0 },
  ],
};

/**
 * What happens, ten milliseconds apart:
 * at 0 the deployment and its pod come, at 10 the pod goes down, at 20 the secret comes and the pod reads it, at 30 the
 * pod goes, at 40 it comes again.
 */
const CHOICES = [
  { nodes: [1, 1, 0], edges: [1, 0], later: 0 },
  { nodes: [1, 2, 0], edges: [1, 0], later: 10 },
  { nodes: [1, 2, 1], edges: [1, 1], later: 10 },
  { nodes: [1, 0, 1], edges: [0, 0], later: 10 },
  { nodes: [1, 1, 1], edges: [1, 1], later: 10 },
];

/** Spans and what they hold: names with since when (milliseconds after the start) each revision is valid. */
const SPANS: [query: string, found: string[]][] = [
  [`G.At(T+5, 0.005).V()`, ['web@0', 'web-1@0']],
  [`G.At(T+15, 0.01).V()`, ['web@0', 'web-1@0', 'web-1@10']],
  // The second one ended before it.
  [`G.At(T+25, 0.001).V()`, ['web@0', 'web-1@10', 'pass@20']],
  [`G.At(T+35, 0.002).V()`, ['web@0', 'pass@20']],
  [
    `G.At(T+50, FOREVER).V()`,
    ['web@0', 'web-1@0', 'web-1@10', 'pass@20', 'web-1@40'],
  ],
  [
    `G.Context(T+50, FOREVER).V().Has('Type', 'pod')`,
    ['web-1@0', 'web-1@10', 'web-1@40'],
  ],
  [`G.At(T+50, FOREVER).V().Has('State', 'DOWN')`, ['web-1@10']],
  [`G.At(T+50, FOREVER).V().Dedup()`, ['web@0', 'web-1@0', 'pass@20']],
  [
    `G.At(T+50, FOREVER).V().Sort(DESC, '@UpdatedAt').Limit(2)`,
    ['web-1@40', 'pass@20'],
  ],
  [`G.At(T+25, 0.02).V().Has('Name', 'web').Out().Dedup()`, ['web-1@0']],
  // The one edge, and both revisions of the pod.
  [`G.At(T+25, 0.02).V().Has('Name', 'web').Out()`, ['web-1@0', 'web-1@10']],
  // Of the secret the two edges that ever were, and of each all revisions of the pod.
  [
    `G.At(T+50, FOREVER).V().Has('Name', 'pass').InE().InV().Dedup('@UpdatedAt')`,
    ['web-1@0', 'web-1@10', 'web-1@40'],
  ],
];

const after = (time: number) => time - START;

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;
  const run = async (
    text: string,
    filter?: Parameters<typeof runGremlin>[0]['filter'],
  ) =>
    runGremlin({
      knex,
      text: text.replace(/T\+(\d+)/g, (_, ms) => `${START + Number(ms)}`),
      filter,
      now: () => START + 60,
    });

  beforeAll(async () => {
    knex = await testStore(databases, id, DICTIONARY);
    const store = await TopologyStore.create({
      knex,
      runMigrations: false,
      kinds: DICTIONARY_KINDS,
      relations: DICTIONARY_RELATIONS,
    });
    await clear(knex);
    await record(store, {
      pool: POOL,
      choices: CHOICES.map(({ nodes, edges, later }) => ({
        nodes,
        edges,
        later,
      })),
    });
  });

  it.each(SPANS)('%s', async (text, found) => {
    const { value, cut } = await run(text);
    expect(cut).toBeUndefined();
    expect(
      (value as GremlinNode[]).map(
        ({ Metadata, UpdatedAt }) => `${Metadata.Name}@${after(UpdatedAt)}`,
      ),
    ).toEqual(found);
  });

  it('lists the revisions of edges, through a filter too', async () => {
    const since = async (filter?: Parameters<typeof run>[1]) =>
      (
        (await run('G.At(T+50, FOREVER).E()', filter)).value as GremlinEdge[]
      ).map(edge => `${edge.Metadata.RelationType}@${after(edge.CreatedAt)}`);
    const all = ['deployment@0', 'deployment@40', 'pod@20', 'pod@40'];
    expect(await since()).toEqual(all);
    expect(await since({ key: 'namespace', values: ['shop'] })).toEqual([
      'deployment@0',
      'deployment@40',
    ]);
    const graph = (await run('G.At(T+50, FOREVER)')).value as {
      Nodes: unknown[];
      Edges: unknown[];
    }[];
    expect([graph[0].Nodes.length, graph[0].Edges.length]).toEqual([5, 4]);
    expect(
      (await run('G.At(T+50, FOREVER).E().Values("@ID")')).value,
    ).toHaveLength(4);
  });

  it('says what of a span is not kept', async () => {
    await knex('history').update({ since: START + 20 });
    try {
      expect(await run(`G.At(T+50, 1).V().Has('Type', 'pod').Count()`)).toEqual(
        {
          value: 2,
          cut: `what was before ${new Date(
            START + 20,
          ).toISOString()} is not kept`,
        },
      );
    } finally {
      await knex('history').update({ since: 0 });
    }
  });

  it.each([
    [`G.Diff(T+5)`, { added: ['pass'], removed: [], changed: [] }],
    [
      `G.V().Diff(T+15)`,
      { added: ['pass'], removed: [], changed: ['web-1: State, Status'] },
    ],
    [`G.V().Diff(T+35)`, { added: ['web-1'], removed: [], changed: [] }],
    [
      `G.At(T+35).V().Diff(T+25)`,
      { added: [], removed: ['web-1'], changed: [] },
    ],
    // Nothing differs but the revision: it went and came again as it was.
    [
      `G.V().Has('Type', 'pod').Diff('-58ms')`,
      { added: [], removed: [], changed: [] },
    ],
    [
      `G.V().Has('State', 'UP').Diff(T+15)`,
      { added: ['pass', 'web-1'], removed: [], changed: [] },
    ],
  ])('%s', async (text, expected) => {
    const difference = (await run(text)).value as unknown as GremlinDifference;
    const names = (nodes: GremlinNode[]) =>
      nodes.map(each => each.Metadata.Name);
    expect({
      added: names(difference.Added.Nodes),
      removed: names(difference.Removed.Nodes),
      changed: difference.Changed.Nodes.map(
        ({ After, Fields }) => `${After.Metadata.Name}: ${Fields.join(', ')}`,
      ),
    }).toEqual(expected);
  });

  it('tells the edges of a difference', async () => {
    const { Added, Removed, Changed } = (await run('G.Diff(T+5)'))
      .value as unknown as GremlinDifference;
    expect(Added.Edges.map(edge => edge.Metadata.RelationType)).toEqual([
      'pod',
    ]);
    expect([Removed.Edges, Changed.Edges]).toEqual([[], []]);
  });
});

it('refuses a difference of more than can be compared', async () => {
  const knex = await testStore(databases, 'SQLITE_3', DICTIONARY, POOL);
  await expect(
    runGremlin({ knex, text: `G.V().Diff('-1s')`, bounds: { rows: 2 } }),
  ).rejects.toThrow(
    'line 1, column 7: there is too much to compare: only the first 2 results are shown; expected a narrower query before Diff',
  );
});
