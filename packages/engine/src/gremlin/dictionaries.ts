import { Knex } from 'knex';
import { GremlinBounds } from './bounds';
import { OWNERSHIP } from './nodeState';
import { Query } from './query';
import { Plan } from './sql/plan';

/** What the small tables say of their ids. Their rows are only ever added. */
export interface GraphDictionaries {
  /** `Type` of a kind. */
  readonly types: ReadonlyMap<number, string>;
  readonly relations: ReadonlyMap<number, string>;
  readonly relationTypes: ReadonlyMap<number, string>;
  /** `undefined` for ownership, which has no manager. */
  readonly managed: ReadonlyMap<number, boolean>;
}

export type Select = <R>(
  sql: string,
  bindings?: readonly (string | number)[],
) => Promise<R[]>;

/** A query of now and how it is run: the same until a kind or relation is new. */
export interface Prepared {
  query: Query;
  plan: Plan;
}

export interface Known {
  readonly stamp: string;
  readonly dictionaries: GraphDictionaries;
  readonly plans: Map<string, Prepared>;
}

/** Grows whenever a dictionary does. */
export const STAMP =
  'SELECT (SELECT max(id) FROM kinds) AS kinds, (SELECT max(id) FROM relations) AS relations';

/** More than this are not kept; the one used longest ago goes. */
const MOST_PLANS = 200;

const KNOWN = new WeakMap<Knex, Known>();

/** What is known of a database, read again when its stamp is another. */
export async function knownOf(
  knex: Knex,
  stampRow: unknown,
  select: Select,
): Promise<Known> {
  const stamp = JSON.stringify(stampRow);
  const known = KNOWN.get(knex);
  if (known?.stamp === stamp) {
    return known;
  }
  const kinds = await select<{ id: number; type: string }>(
    'SELECT id, type FROM kinds',
  );
  const relations = await select<{
    id: number;
    name: string;
    relation_type: string;
  }>('SELECT id, name, relation_type FROM relations');
  const fresh: Known = {
    stamp,
    dictionaries: {
      types: new Map(kinds.map(each => [each.id, each.type])),
      relations: new Map(relations.map(each => [each.id, each.name])),
      relationTypes: new Map(
        relations.map(each => [each.id, each.relation_type]),
      ),
      managed: new Map(
        relations.map(each => [each.id, each.relation_type !== OWNERSHIP]),
      ),
    },
    plans: new Map(),
  };
  KNOWN.set(knex, fresh);
  return fresh;
}

/** A query that has been read before. */
export function keptQuery(knex: Knex, key: string): Query | undefined {
  return KNOWN.get(knex)?.plans.get(key)?.query;
}

export function planKey(
  text: string,
  filter: unknown,
  bounds: GremlinBounds,
): string {
  return JSON.stringify([text, filter, bounds]);
}

export function keep({ plans }: Known, key: string, prepared: Prepared): void {
  plans.delete(key);
  plans.set(key, prepared);
  if (plans.size > MOST_PLANS) {
    const [oldest] = plans.keys();
    plans.delete(oldest);
  }
}
