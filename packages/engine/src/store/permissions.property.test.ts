import fc from 'fast-check';
import { Knex } from 'knex';
import { causesOf, explain, incidentsOf, SqlCausalReader } from '../analysis';
import { queries } from '../gremlin/__testUtils__/randomQueries';
import { clear } from '../gremlin/__testUtils__/recordedRun';
import { runGremlin } from '../gremlin/runGremlin';
import { NodeKey } from '../kinds/identity';
import { databases } from './__testUtils__/databases';
import {
  CLUSTERS,
  cutDown,
  deltaBetween,
  Landscape,
  landscapes,
  policies,
  withFreshIds,
} from './__testUtils__/randomLandscape';
import { NodeFilter } from './nodeFilter';
import { TopologyStore } from './topologyStore';

jest.setTimeout(1_200_000);

const T = 1_700_000_000_000;
const STEP = 1000;
/** Each is asked about in ten ways. */
const MOST_KEYS = 6;
const NOW = T + 100 * STEP;
/** `PERMISSION_LANDSCAPES=500` for a long search. */
const LANDSCAPES = Number(process.env.PERMISSION_LANDSCAPES ?? 15);

/** Queries that walk as far as these landscapes go; random ones mostly end before. */
const WALKS = [
  'G',
  'G.E()',
  'G.V().Out()',
  'G.V().In()',
  'G.V().Both().Both().Dedup()',
  'G.V().BothE().BothV()',
  'G.V().Descendants(0)',
  "G.V().Has('Type','secret').Ascendants('RelationType',Within('pod','replicaset','service'),0)",
  "G.V().Has('Type','deployment').ShortestPathTo(Metadata('Type','secret')).SubGraph()",
  'G.V().Count()',
  "G.V().ValueMap('Name','K8s.Labels')",
];

/** As no filter, but that the analysis knows that it may not see all, and words its answers so. */
const SEES_ALL: NodeFilter = { allOf: [] };

interface Database {
  knex: Knex;
  store: TopologyStore;
}

/** All that the engine answers, to one asker. */
async function everything(
  { knex, store }: Database,
  options: {
    filter: NodeFilter;
    keys: readonly NodeKey[];
    texts: readonly string[];
    at?: number;
  },
): Promise<Record<string, unknown>> {
  const { filter, keys, texts, at } = options;
  const { reads } = store;
  const answers: Record<string, unknown> = {};
  const note = async (what: string, answer: Promise<unknown>) => {
    answers[what] = await answer.catch(error => String(error));
  };
  for (const text of texts) {
    await note(text, runGremlin({ knex, text, filter, at, now: () => NOW }));
  }
  await note('nodes', reads.nodes(keys, { filter, at }));
  for (const labels of [
    [],
    [{ key: 'app', operator: 'In' as const, values: ['web'] }],
  ]) {
    await note(
      `graph ${labels.length}`,
      reads.graph([{ labels }], { filter, at, limit: 8 }),
    );
  }
  for (const key of keys) {
    await note(`node ${key}`, reads.node(key, { filter, at }));
    await note(
      `neighbours ${key}`,
      reads.neighbours(key, { filter, at, limit: 1 }),
    );
    for (const side of ['ancestors', 'descendants'] as const) {
      await note(
        `${side} ${key}`,
        reads.lineage(key, { side, filter, at, limit: 2 }),
      );
    }
    await note(
      `dependents ${key}`,
      reads.dependentPods(key, { filter, at, limit: 1 }),
    );
    await note(`history ${key}`, reads.history(key, { filter }));
  }
  if (at === undefined) {
    const reader = () => SqlCausalReader.create(knex, { filter });
    // The next page begins at an id, which tells only how often an object came again.
    await note(
      'page',
      reads
        .page({ filter, limit: 3 })
        .then(({ nodes, next }) => [nodes, next !== undefined]),
    );
    await note('causes', causesOf(reader(), keys, { now: NOW }));
    await note('incidents', incidentsOf(reader(), { now: NOW }));
    for (const key of keys) {
      await note(`explain ${key}`, explain(reader(), key, { now: NOW }));
      await note(`impact ${key}`, reads.impact(key, { filter }));
    }
  }
  return answers;
}

async function write(
  { knex, store }: Database,
  states: readonly Landscape[],
): Promise<void> {
  await clear(knex);
  let before: Landscape = { nodes: [], edges: [] };
  for (const [index, after] of withFreshIds(states).entries()) {
    for (const cluster of CLUSTERS) {
      await store.write(
        deltaBetween(before, after, { cluster, at: T + index * STEP }),
      );
    }
    before = after;
  }
}

/** How often something was written, and when an edge came into sight, is no node's business. */
function withoutBookkeeping(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, each) =>
      ['revision', 'Revision', 'updatedAt', 'UpdatedAt', 'CreatedAt'].includes(
        name,
      )
        ? undefined
        : each,
    ),
  );
}

describe.each(databases.eachSupportedId())('policies on %s', id => {
  let whole: Database;
  let cut: Database;

  beforeAll(async () => {
    const open = async (): Promise<Database> => {
      const knex = await databases.init(id);
      return { knex, store: await TopologyStore.create({ knex }) };
    };
    whole = await open();
    cut = await open();
  });

  it(`answer what there would be without all that they hide (${LANDSCAPES} landscapes)`, async () => {
    let compared = 0;
    let hidden = 0;
    await fc.assert(
      fc.asyncProperty(
        landscapes,
        policies,
        fc.array(queries, { minLength: 4, maxLength: 4 }),
        async (states, filter, texts) => {
          const shown = states.map(state => cutDown(state, filter));
          await write(whole, states);
          await write(cut, shown);
          const keys = [
            ...new Set(states.flatMap(({ nodes }) => nodes.map(n => n.key))),
          ];
          hidden += states[0].nodes.length - shown[0].nodes.length;
          // What random queries say of revisions and times is compared where nothing has a past.
          const past = states.length > 1 ? [T] : [];
          for (const at of [undefined, ...past]) {
            const asked = {
              keys: keys.slice(0, MOST_KEYS),
              texts: past.length === 0 ? [...WALKS, ...texts] : WALKS,
              at,
            };
            const answer = await everything(whole, { ...asked, filter });
            const expected = await everything(cut, {
              ...asked,
              filter: SEES_ALL,
            });
            compared += Object.keys(answer).length;
            expect(withoutBookkeeping(answer)).toEqual(
              withoutBookkeeping(expected),
            );
          }
        },
      ),
      // Shrinking takes many minutes: run the printed seed without it to see less.
      { numRuns: LANDSCAPES, endOnFailure: true },
    );
    // eslint-disable-next-line no-console
    console.info(
      `${id}: ${compared} answers compared, ${hidden} objects hidden`,
    );
    expect(hidden).toBeGreaterThan(LANDSCAPES);
  });
});
