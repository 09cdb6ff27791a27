import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { parseDump } from './cluster/dump';
import { eventually } from './cluster/__testUtils__/eventually';
import { expectedGraph } from './cluster/__testUtils__/expectedGraph';
import { silentLogger } from './cluster/__testUtils__/quickTuning';
import { storedState } from './cluster/__testUtils__/storedState';
import { TopologyEngine } from './engine';
import { KIND_DEFINITIONS } from './kinds';
import { NodeKey } from './kinds/identity';
import { PROBLEM_LEVELS, StatusLevel } from './kinds/status';

const folder = resolve(__dirname, '../../../test/fixtures/clusters');
const states = readdirSync(folder)
  .filter(file => /^[^.]+(\.before)?\.json$/.test(file))
  .map(file => file.slice(0, -'.json'.length));
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const [sqlite, ...others] = databases.eachSupportedId().map(([id]) => id);
/** All states on SQLite; those whose graphs differ most on PostgreSQL. */
const cases = [
  ...states.map(state => [state, sqlite] as const),
  ...others.flatMap(id =>
    [
      'node-unreachable',
      'bookinfo-healthy',
      'wordpress-missing-mysql-pass',
    ].map(state => [state, id] as const),
  ),
];

/** What an object in trouble may say: of a pod on a lost node nobody knows. */
const IN_TROUBLE: ReadonlySet<StatusLevel> = new Set<StatusLevel>([
  ...PROBLEM_LEVELS,
  'unknown',
]);

/** Affected, and by no status: what the analysis has to find by other means. */
const UNSEEN: Record<string, string[]> = {
  // Reachability, not health.
  'bookinfo-networkpolicy': ['NetworkPolicy/bookinfo/ratings-from-reviews'],
  // The pods run on with the old value: only times tell.
  'stale-secret-recreated': [
    'Pod/mailer/mailer-cbf8c5c64-2p75h',
    'Pod/mailer/mailer-cbf8c5c64-krh4j',
  ],
};

interface Node {
  level: StatusLevel;
}

interface Truth {
  rootCause: string[];
  rootCauseMissing: boolean;
  acceptable: string[];
  capturedAt: string;
  visible: 'status' | 'structure';
  affected: string[];
  notAffected: string[];
}

function truthOf(state: string): Truth {
  const [name] = state.split('.');
  const file = resolve(folder, `${name}.truth.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** `Pod/ns/name` as the truth has it, as keys; what is of no registered kind is left out. */
function keysOf(keys: readonly string[], names: readonly string[]): string[] {
  const byName = new Map(
    keys.map(key => {
      const [, kind, ...rest] = key.split('/');
      return [[kind.split('.')[0], ...rest].join('/'), key];
    }),
  );
  return names.flatMap(name => byName.get(name) ?? []);
}

async function loaded(
  knex: Knex,
  state: string,
  now = Date.parse(truthOf(state).capturedAt),
): Promise<TopologyEngine> {
  const engine = await TopologyEngine.create({
    knex,
    clusters: [
      {
        name: 'lab',
        objects: parseDump(
          readFileSync(resolve(folder, `${state}.json`)),
          KIND_DEFINITIONS,
        ),
      },
    ],
    logger: silentLogger,
    now: () => now,
  });
  engine.start();
  await eventually(async () => {
    const [cluster] = await engine.clusters();
    expect(cluster).toMatchObject({ name: 'lab', state: 'ready' });
    expect(cluster.kinds).toHaveLength(KIND_DEFINITIONS.length);
  }, 20_000);
  await engine.stop();
  return engine;
}

describe.each(cases)('%s on %s', (state, database) => {
  const raw = JSON.parse(
    readFileSync(resolve(folder, `${state}.json`), 'utf8'),
  ).items;
  const expected = expectedGraph('lab', raw);
  const heldKinds = new Set(raw.map(({ kind }: { kind: string }) => kind));
  let levels: Record<string, StatusLevel>;
  let engine: TopologyEngine;
  let stored: Awaited<ReturnType<typeof storedState>>;

  beforeAll(async () => {
    const knex = await databases.init(database);
    engine = await loaded(knex, state);
    stored = await storedState(knex, 'lab');
    levels = Object.fromEntries(
      Object.entries(stored.nodes).map(([key, node]) => [
        key,
        (node as Node).level,
      ]),
    );
  }, 120_000);

  it('has a node for each object, each container and each absent object that is referred to, and no other', () => {
    expect(Object.keys(stored.nodes).sort()).toEqual(
      [...expected.present, ...expected.absent].sort(),
    );
  });

  it('says missing of exactly those of whose kind it has a list', () => {
    for (const [key, level] of Object.entries(levels)) {
      const kind = key.split('/')[1].split('.')[0];
      const wanted = heldKinds.has(kind) ? 'missing' : 'unknown';
      expect([key, level === wanted]).toEqual([key, expected.absent.has(key)]);
    }
  });

  it('has exactly the edges that the objects imply', () => {
    const found = stored.edges.map(text =>
      text.split(' ').slice(0, 3).join(' '),
    );
    expect(found.sort()).toEqual([...expected.edges].sort());
  });

  const truth = truthOf(state);
  const isFinal = !state.endsWith('.before');
  const keys = (names: string[]) => keysOf(Object.keys(stored.nodes), names);

  if (isFinal) {
    it('finds what is not affected well', () => {
      expect(
        keys(truth.notAffected).filter(key => PROBLEM_LEVELS.has(levels[key])),
      ).toEqual([]);
    });

    const rootsFound = async () => {
      const troubled = Object.keys(levels).filter(key =>
        PROBLEM_LEVELS.has(levels[key]),
      ) as NodeKey[];
      const { causes } = await engine.causes(troubled);
      return causes.map(({ root }) =>
        [root.kind, root.namespace, root.name].join('/'),
      );
    };

    it('names no cause that is none', async () => {
      const allowed = [...truth.rootCause, ...truth.acceptable];
      const roots = await rootsFound();
      expect(roots.filter(root => !allowed.includes(root))).toEqual([]);
    });

    const [cause = ''] = truth.rootCause;
    if (
      truth.rootCauseMissing ||
      /^(PersistentVolumeClaim|Node)\//.test(cause)
    ) {
      it(`names ${cause} as the cause`, async () => {
        expect((await rootsFound())[0]).toBe(cause);
      });
    }

    it('finds what is affected in trouble, or within its grace', () => {
      const calm = keys(truth.affected).filter(
        key => !IN_TROUBLE.has(levels[key]) && levels[key] !== 'progressing',
      );
      expect(calm).toEqual(keys(UNSEEN[state] ?? []));
    });
  }
});

describe.each(states.filter(state => !state.endsWith('.before')))(
  '%s, a quarter of an hour later',
  state => {
    it('finds all that is affected in trouble', async () => {
      const knex = await databases.init(sqlite);
      const { capturedAt, affected } = truthOf(state);
      await loaded(knex, state, Date.parse(capturedAt) + 15 * 60_000);
      const { nodes } = await storedState(knex, 'lab');
      const trouble = Object.entries(nodes)
        .filter(([, node]) => IN_TROUBLE.has((node as Node).level))
        .map(([key]) => key);
      const unseen = UNSEEN[state] ?? [];
      const seen = affected.filter(name => !unseen.includes(name));
      expect(trouble).toEqual(
        expect.arrayContaining(keysOf(Object.keys(nodes), seen)),
      );
    });
  },
);
