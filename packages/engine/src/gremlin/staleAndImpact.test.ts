import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { parseDump } from '../cluster/dump';
import { eventually } from '../cluster/__testUtils__/eventually';
import { silentLogger } from '../cluster/__testUtils__/quickTuning';
import { TopologyEngine } from '../engine';
import { KIND_DEFINITIONS } from '../kinds';
import { NodeKey } from '../kinds/identity';
import { NodeFilter } from '../store/nodeFilter';
import { GremlinNode } from './result';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
/** A Secret was deleted and made anew; two pods still hold the old value. */
const STATE = 'stale-secret-recreated';
const folder = resolve(__dirname, '../../../../test/fixtures/clusters');
const { capturedAt } = JSON.parse(
  readFileSync(resolve(folder, `${STATE}.truth.json`), 'utf8'),
);

const PODS = ['mailer-cbf8c5c64-2p75h', 'mailer-cbf8c5c64-krh4j'];
const STALE = [...PODS, 'mailer', 'mailer-cbf8c5c64'].sort();
const SECRET = "G.V().Has('Type', 'secret', 'Name', 'smtp-credentials')";
const without = (kind: string): NodeFilter => ({
  not: { key: 'kind', values: [kind] },
});

describe.each(databases.eachSupportedId())('%s', database => {
  let engine: TopologyEngine;

  beforeAll(async () => {
    engine = await TopologyEngine.create({
      knex: await databases.init(database),
      clusters: [
        {
          name: 'lab',
          objects: parseDump(
            readFileSync(resolve(folder, `${STATE}.json`)),
            KIND_DEFINITIONS,
          ),
        },
      ],
      logger: silentLogger,
      now: () => Date.parse(capturedAt),
    });
    engine.start();
    await eventually(async () => {
      const [{ state }] = await engine.clusters();
      if (state !== 'ready') {
        throw new Error(`the cluster is ${state}`);
      }
    }, 20_000);
    await engine.stop();
  });

  const namesOf = async (text: string, filter?: NodeFilter) =>
    ((await engine.query(text, { filter })).value as GremlinNode[])
      .map(({ Metadata }) => Metadata.Name as string)
      .sort();

  const hitBy = async (text: string, filter?: NodeFilter) =>
    ((await engine.query(text, { filter })).value as GremlinNode[]).map(
      ({ ID }) => ID,
    );

  it('finds the pods that hold an old value, and the workloads that they are of', async () => {
    expect(await namesOf("G.V().Has('Stale', true)")).toEqual(STALE);
    expect(await namesOf("G.V().HasKey('Stale')")).toEqual(STALE);
    expect(await namesOf(`${SECRET}.In('Type', 'pod', 'Stale', true)`)).toEqual(
      PODS,
    );
    const { value } = await engine.query("G.V().Values('Stale')");
    expect(value).toEqual([true, true, true, true]);
    const rest = "G.V().Has('Type', 'deployment').HasNot('Stale').Count()";
    const all = "G.V().Has('Type', 'deployment').Count()";
    expect((await engine.query(rest)).value).toBe(
      Number((await engine.query(all)).value) - 1,
    );
  });

  it('shows it of pods in every answer, of workloads where the query names it', async () => {
    const shown = async (text: string) =>
      ((await engine.query(text)).value as GremlinNode[])
        .filter(({ Metadata }) => Metadata.Stale === true)
        .map(({ Metadata }) => Metadata.Name)
        .sort();
    expect(await shown('G.V()')).toEqual(PODS);
    expect(await shown("G.V().Sort('Stale')")).toEqual(STALE);
    expect(await shown("G.V().Where(Has('Stale', true))")).toEqual(STALE);
  });

  it('tells nothing of pods that may not be seen', async () => {
    expect(await namesOf("G.V().Has('Stale', true)", without('Pod'))).toEqual(
      [],
    );
    const seen = await engine.query(
      "G.V().Has('Name', 'mailer').Sort('Stale')",
      {
        filter: without('Pod'),
      },
    );
    expect(JSON.stringify(seen.value)).not.toContain('Stale');
    expect(
      await namesOf("G.V().Has('Stale', true)", without('ReplicaSet.apps')),
    ).toEqual(PODS);
  });

  it.each([undefined, without('ReplicaSet.apps')])(
    'hits with Impact() what the analysis says of each object (filter %j)',
    async filter => {
      const { value } = await engine.query("G.V().Values('@ID')", { filter });
      let most = 0;
      // PostgreSQL says the same of fewer.
      const one = database === 'SQLITE_3' && !filter ? 1 : 5;
      const ids = (value as NodeKey[]).filter(
        (id, i) => i % one === 0 || id.includes('/Namespace/'),
      );
      for (const id of ids) {
        const start = `G.V(${JSON.stringify(id)})`;
        const { impacted } = (await engine.impact(id, {
          filter,
          limit: 5_000,
        }))!;
        const expected = impacted.map(({ node }) => node.key as string);
        expect({
          id,
          hit: (await hitBy(`${start}.Impact()`, filter)).sort(),
        }).toEqual({
          id,
          hit: expected.sort(),
        });
        const hard = impacted
          .filter(
            ({ effects, how }) =>
              how === 'goes' || effects.at(-1)!.strength === 'hard',
          )
          .map(({ node }) => node.key as string);
        expect(await hitBy(`${start}.Impact('hard')`, filter)).toEqual(
          expect.arrayContaining(hard),
        );
        most = Math.max(most, impacted.length);
      }
      expect(most).toBeGreaterThan(20);
    },
  );
});
