import { Knex } from 'knex';
import { GremlinBounds } from '../gremlin/bounds';
import { runGremlin } from '../gremlin/runGremlin';
import { NodeKey } from '../kinds/identity';
import { readRevision } from '../store/clusterReads';
import { readChangedNodes } from '../store/changedNodes';
import { NodeFilter } from '../store/nodeFilter';
import { selectRows } from '../store/sqlDialect';
import { LiveElement } from './liveMessage';
import { LiveQueriesOptions } from './liveQueries';

/** In one query. */
const KEYS_AT_ONCE = 500;

/** What live queries read, from the tables of the engine. */
export function storedLiveReads(
  knex: Knex,
  options: { bounds?: Partial<GremlinBounds>; now?: () => number },
): Omit<LiveQueriesOptions, 'clock' | 'logger'> {
  return {
    ask: (text, { filter, at }) =>
      runGremlin({ knex, text, filter, at, ...options }),
    nodes: (keys, filter) => readShown(knex, [...keys], filter),
    revision: () => readRevision(knex),
    timeOf: revision => timeOf(knex, revision),
    changedAfter: revision => readChangedNodes(knex, revision),
  };
}

async function readShown(
  knex: Knex,
  keys: readonly NodeKey[],
  filter: NodeFilter | undefined,
): Promise<LiveElement[]> {
  const found: LiveElement[] = [];
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    const ids = keys
      .slice(at, at + KEYS_AT_ONCE)
      .map(key => JSON.stringify(key));
    const { value } = await runGremlin({
      knex,
      text: `G.V(${ids.join()})`,
      filter,
      bounds: { queryLength: Infinity },
    });
    found.push(...(value as LiveElement[]));
  }
  return found;
}

/** Revisions of other clusters, whose writers have other clocks, among which a later time is looked for. */
const CLOCKS_DIFFER_BY = 10_000;

/**
 * A time at which just the revisions up to one had been written. There is none when a later one has the same or an
 * earlier time: clocks of replicas differ.
 */
async function timeOf(
  knex: Knex,
  revision: number,
): Promise<number | undefined> {
  const [{ first, last, next }] = await selectRows<
    Record<'first' | 'last' | 'next', number | string | null>
  >(
    knex,
    `SELECT
       (SELECT id FROM revisions WHERE id = ?) AS first,
       (SELECT MAX(at) FROM revisions WHERE id <= ? AND id > ?) AS last,
       (SELECT MIN(at) FROM revisions WHERE id > ?) AS next`,
    [revision, revision, revision - CLOCKS_DIFFER_BY, revision],
  );
  const isKept = first !== null && last !== null;
  return isKept && (next === null || Number(last) < Number(next))
    ? Number(last)
    : undefined;
}
