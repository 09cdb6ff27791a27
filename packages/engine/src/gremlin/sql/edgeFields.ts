import { Moment } from '../../store/moment';
import type { GraphDictionaries } from '../dictionaries';
import { FieldPath } from '../fieldPath';
import { MANAGER, ORIGIN_PREFIX, OWNERSHIP } from '../nodeState';
import { Dialect } from './dialect';
import { FieldSource } from './fieldSource';
import { sql, Sql } from './sql';

const ABSENT: FieldSource = { form: 'constant', value: undefined };

const RELATION = { id: sql`e.rel`, table: sql`relations d` };

const fields = ({ nodes, search }: Moment): Record<string, FieldSource> => ({
  '@ID': {
    form: 'text',
    value: sql`((SELECT p.key FROM ${Sql.table(
      nodes,
      'p',
    )} WHERE p.id = e.src LIMIT 1) || '|' || (SELECT r.name FROM relations r WHERE r.id = e.rel) || '|' || (SELECT c.key FROM ${Sql.table(
      nodes,
      'c',
    )} WHERE c.id = e.dst LIMIT 1))`,
  },
  '@Host': { form: 'constant', value: '' },
  '@Origin': {
    form: 'text',
    value: sql`(SELECT CAST(${ORIGIN_PREFIX} AS text) || c.name FROM ${Sql.table(
      nodes,
      'p',
    )} CROSS JOIN clusters c WHERE p.id = e.src AND c.id = p.cluster_id LIMIT 1)`,
  },
  '@CreatedAt': { form: 'number', value: sql`e.created_at` },
  '@UpdatedAt': { form: 'number', value: sql`e.created_at` },
  '@DeletedAt': { form: 'constant', value: null },
  '@Revision': { form: 'constant', value: 1 },
  RelationType: {
    form: 'dictionary',
    ...RELATION,
    value: sql`d.relation_type`,
  },
  Manager: {
    form: 'dictionary',
    ...RELATION,
    value: sql`CASE WHEN d.relation_type <> ${OWNERSHIP} THEN CAST(${MANAGER} AS text) END`,
  },
  Relation: { form: 'dictionary', ...RELATION, value: sql`d.name` },
  Parent: {
    form: 'dictionary',
    id: sql`e.src`,
    table: Sql.table(search, 'd'),
    value: sql`d.key`,
  },
  Child: {
    form: 'dictionary',
    id: sql`e.dst`,
    table: Sql.table(search, 'd'),
    value: sql`d.key`,
  },
});

/** With long lists of relations PostgreSQL thinks most edges meant, and reads them all. */
const MOST_RELATIONS = 8;

function withValues(
  written: FieldSource,
  name: string,
  dictionaries: GraphDictionaries | undefined,
  { name: database }: Dialect,
): FieldSource {
  if (written.form !== 'dictionary' || !dictionaries) {
    return written;
  }
  const source = {
    ...written,
    mostIds: database === 'postgres' ? MOST_RELATIONS : undefined,
  };
  const { relations, relationTypes, managed } = dictionaries;
  switch (name) {
    case 'Relation':
      return { ...source, values: relations };
    case 'RelationType':
      return { ...source, values: relationTypes };
    case 'Manager':
      return {
        ...source,
        values: new Map(
          [...managed].map(([id, is]) => [id, is ? MANAGER : undefined]),
        ),
      };
    default:
      return source;
  }
}

/**
 * The field of an edge, read from the row `e` of `edges`. Besides what `Metadata` shows there are `Relation` (our
 * finer name), `Parent` and `Child`. Ownership edges have no metadata but their type.
 */
export function edgeField(
  path: FieldPath,
  dialect: Dialect,
  moment: Moment,
  dictionaries?: GraphDictionaries,
): FieldSource {
  const [first, ...rest] = path.segments;
  const own = fields(moment);
  if (Object.hasOwn(own, first)) {
    return rest.length === 0
      ? withValues(own[first], first, dictionaries, dialect)
      : ABSENT;
  }
  return {
    form: 'json',
    // The relation's own metadata goes before the edge's details.
    document: sql`(SELECT CASE WHEN r.relation_type = ${OWNERSHIP} THEN ${
      dialect.emptyObject
    } WHEN ${dialect.hasMember(
      sql`r.metadata`,
      first,
    )} THEN r.metadata ELSE coalesce(e.details, ${
      dialect.emptyObject
    }) END FROM relations r WHERE r.id = e.rel)`,
    paths: [path.segments],
  };
}
