import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { KIND_DEFINITIONS } from './kinds';
import { parseDump } from './cluster/dump';
import { eventually } from './cluster/__testUtils__/eventually';
import { silentLogger } from './cluster/__testUtils__/quickTuning';
import { TopologyEngine } from './engine';
import { GremlinNode } from './gremlin';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const fixture = (name: string) =>
  parseDump(
    readFileSync(
      resolve(__dirname, `../../../test/fixtures/clusters/${name}.json`),
    ),
    KIND_DEFINITIONS,
  );

describe.each(databases.eachSupportedId())('TopologyEngine, %s', database => {
  it('answers about a dump', async () => {
    const knex = await databases.init(database);
    const engine = await TopologyEngine.create({
      knex,
      clusters: [{ name: 'lab', objects: fixture('task-pv-capacity') }],
      logger: silentLogger,
      now: () => Date.parse('2026-11-23T02:30:00Z'),
    });
    const revisions: number[] = [];
    engine.onRevision(revision => revisions.push(revision));
    engine.start();
    await eventually(async () =>
      expect(await engine.clusters()).toMatchObject([
        { name: 'lab', state: 'ready' },
      ]),
    );
    const { value } = await engine.query(
      `G.V().Has("Name", Regex("task-pv-*"))`,
    );
    const found = (value as GremlinNode[]).map(({ Metadata }) => Metadata.Name);
    expect(found).toContain('task-pv-pod');
    expect(found).toContain('task-pv-claim');
    const pod = (value as GremlinNode[]).find(
      ({ Metadata }) => Metadata.Name === 'task-pv-pod',
    )!;
    expect(await engine.explain(pod.ID)).toMatchObject({
      answer: 'cause',
      causes: [
        { root: { kind: 'PersistentVolumeClaim', name: 'task-pv-claim' } },
      ],
    });
    await engine.stop();
    expect(revisions[revisions.length - 1]).toBe(await engine.revision());
  }, 60_000);
});
