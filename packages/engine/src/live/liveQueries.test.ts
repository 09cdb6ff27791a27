import { setImmediate } from 'timers/promises';
import { Clock } from '../cluster/clock';
import { silentLogger } from '../cluster/__testUtils__/quickTuning';
import { GremlinError } from '../gremlin/gremlinError';
import { runGremlin } from '../gremlin/runGremlin';
import { databases } from '../store/__testUtils__/databases';
import { NodeFilter } from '../store/nodeFilter';
import { TopologyStore } from '../store/topologyStore';
import { Client } from './__testUtils__/client';
import { Landscape } from './__testUtils__/landscape';
import { LiveQueries } from './liveQueries';
import { storedLiveReads } from './storedLiveReads';

jest.setTimeout(120_000);

/** Pauses are turns of the event loop. */
const clock: Clock = {
  now: () => Date.now(),
  random: () => 0.5,
  sleep: async () => {
    await setImmediate();
  },
};

/** One of each plan and form of answer. */
const QUERIES = [
  "G.V().Has('Type', 'pod')",
  "G.V().Has('Type', 'pod').Has('Status', Ne('ok'))",
  "G.V().HasEither('K8s.Labels.app', 'a', 'Status', 'down')",
  "G.V().HasNot('K8s.Labels.app')",
  "G.V().Has('Name', Regex('^n[0-3]'))",
  "G.V().Has('Type', 'secret').In()",
  "G.V().Has('Type', 'secret').In().Has('Status', 'down')",
  "G.V().Has('Type', 'service').Out('Status', 'ok').Out().Dedup()",
  "G.V().Has('Type', 'service').OutE()",
  "G.V().Has('Status', 'down').OutE().OutV()",
  "G.V().Has('Type', 'pod').Has('Status', 'down').Count()",
  "G.V().Has('Type', 'pod').Values('Name')",
  "G.V().Has('Type', 'service').Descendants('RelationType', 'service').SubGraph()",
  'G.E()',
];
const WITHOUT_SECRETS: NodeFilter = {
  not: { key: 'kind', values: ['Secret'] },
};
const RUNS = Number(process.env.LIVE_QUERY_RUNS ?? 12);

describe.each(databases.eachSupportedId())('live queries on %s', id => {
  async function setUp() {
    const knex = await databases.init(id);
    const store = await TopologyStore.create({ knex });
    const live = new LiveQueries({
      ...storedLiveReads(knex, {}),
      clock,
      logger: silentLogger,
    });
    const landscape = new Landscape();
    const write = async () => {
      const revision = await store.write(landscape.change());
      live.heard(revision);
      return revision;
    };
    const ask = async (text: string, filter?: NodeFilter) =>
      (await runGremlin({ knex, text, filter })).value;
    return { live, landscape, write, ask };
  }

  it(`says after each of ${RUNS} random changes what the query asked anew says, to one who may see all or less`, async () => {
    const { live, write, ask } = await setUp();
    await write();
    const clients = [undefined, WITHOUT_SECRETS].flatMap(filter =>
      QUERIES.map(text => ({
        text,
        filter,
        client: Client.open(live, text, { filter }),
      })),
    );
    for (let run = 0; run < RUNS; run++) {
      await write();
      for (const { text, filter, client } of clients) {
        await client.shows(await ask(text, filter), `${text} in run ${run}`);
      }
    }
    // Not only whole answers: changes were told.
    expect(
      clients.flatMap(({ client }) =>
        client.heard.filter(({ type }) => type === 'changes'),
      ).length,
    ).toBeGreaterThan(RUNS);
    await live.stop();
  });

  it('tells only what changed, with the revision to go on from', async () => {
    const { live, landscape, write, ask } = await setUp();
    landscape.put('pod', 'web', { level: 'ok' });
    landscape.put('pod', 'other', { level: 'ok' });
    await write();
    const text = "G.V().Has('Status', 'down')";
    const client = Client.open(live, text);
    await client.shows([], 'nothing is down');

    landscape.put('pod', 'web', { level: 'down' });
    const revision = await write();
    await client.shows(await ask(text), 'web is down');
    expect(client.heard).toMatchObject([
      { type: 'answer', value: [] },
      {
        type: 'changes',
        revision,
        added: [{ Metadata: { Name: 'web' } }],
        changed: [],
        removed: [],
      },
    ]);
    landscape.put('pod', 'web', { level: 'down', labels: { app: 'a' } });
    await write();
    await client.shows(await ask(text), 'web looks different');
    landscape.remove('pod', 'web');
    await write();
    await client.shows([], 'web is gone');
    expect(client.heard.slice(2)).toMatchObject([
      { added: [], changed: [{ Metadata: { Name: 'web' } }], removed: [] },
      { added: [], changed: [], removed: ['demo/Pod/shop/web'] },
    ]);
    await live.stop();
  });

  it('asks nothing anew when a change concerns nothing that the query has met', async () => {
    const { live, landscape, write } = await setUp();
    landscape.put('secret', 'password');
    landscape.put('pod', 'web');
    landscape.join('pod', 'web', 'secret', 'password');
    landscape.put('pod', 'apart');
    await write();
    const client = Client.open(
      live,
      "G.V().Has('Type', 'secret').In().Has('Type', 'pod')",
    );
    await client.began();
    const heard = client.heard.length;
    for (let i = 0; i < 5; i++) {
      landscape.put('pod', 'apart', { labels: { turn: `${i}` } });
      await write();
      await client.idle();
    }
    expect(client.heard).toHaveLength(heard);
    landscape.put('pod', 'web', { level: 'down' });
    await write();
    await client.hears(heard + 1);
    await live.stop();
  });

  it('tells one who comes back what they have missed', async () => {
    const { live, landscape, write, ask } = await setUp();
    landscape.put('pod', 'stays');
    landscape.put('pod', 'goes');
    landscape.at -= 60_000;
    const revision = await write();
    landscape.at += 60_000;
    landscape.remove('pod', 'goes');
    landscape.put('pod', 'comes');
    await write();
    const text = "G.V().Has('Type', 'pod')";
    const client = Client.open(live, text, { since: revision });
    await client.hears(1);
    expect(client.heard).toMatchObject([
      {
        type: 'changes',
        added: [{ Metadata: { Name: 'comes' } }],
        changed: [],
        removed: ['demo/Pod/shop/goes'],
      },
    ]);
    const early = Client.open(live, text, { since: 1_000_000 });
    await early.shows(await ask(text), 'a revision that never was');
    await live.stop();
  });

  it('gives a slow reader the whole answer instead of a queue without end', async () => {
    const { live, landscape, write, ask } = await setUp();
    landscape.put('pod', 'web');
    await write();
    const text = "G.V().Has('Type', 'pod')";
    const slow = Client.open(live, text, { reads: 1 });
    await slow.hears(1);
    for (let i = 0; i < 200; i++) {
      landscape.put('pod', 'web', { labels: { turn: `${i}` } });
      await write();
      await setImmediate();
    }
    slow.goOn();
    await slow.shows(await ask(text), 'after the pause');
    expect(slow.heard.length).toBeLessThan(100);
    await live.stop();
  });

  it.each([
    ["G.V().Hsa('x', 'y')", 'there is no step "Hsa"'],
    ["G.At('-10m').V()", 'what was does not change'],
  ])('refuses %s', async (text, message) => {
    const { live } = await setUp();
    const first = live
      .subscribe(text, { signal: new AbortController().signal })
      .next();
    await expect(first).rejects.toThrow(GremlinError);
    await expect(
      live.subscribe(text, { signal: new AbortController().signal }).next(),
    ).rejects.toThrow(message);
    await live.stop();
  });
});
