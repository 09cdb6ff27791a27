import { LabelRequirement } from '../kinds/labelSelector';
import { ObjectSelection } from '../topology';
import { SqlFragment } from './nodeFilterSql';
import { SqlDialect } from './sqlDialect';

/** Which rows of `nodes` called `alias` a selection means: objects that are there, by labels and place. */
export function selectionSql(
  dialect: SqlDialect,
  selection: ObjectSelection,
  alias: string,
): SqlFragment {
  const { labels, namespace, clusters } = selection;
  // Parts have no uid and come with what contains them; ghosts have none and no labels that could be known.
  const conditions: SqlFragment[] = [
    { sql: `${alias}.uid IS NOT NULL`, bindings: [] },
    ...labels.map(requirement =>
      requirementSql(dialect, requirement, `${alias}.labels`),
    ),
  ];
  if (namespace !== undefined) {
    // Every kind: so that the index of kind and namespace answers.
    conditions.push({
      sql: `${alias}.kind_id IN (SELECT id FROM kinds) AND ${alias}.namespace = ?`,
      bindings: [namespace],
    });
  }
  if (clusters) {
    conditions.push({
      sql: `${alias}.cluster_id IN (SELECT id FROM clusters WHERE name IN (${placeholders(
        clusters,
      )}))`,
      bindings: clusters,
    });
  }
  return joined(conditions, ' AND ');
}

export function joined(
  fragments: readonly SqlFragment[],
  operator: string,
): SqlFragment {
  return {
    sql: `(${fragments.map(each => each.sql).join(operator)})`,
    bindings: fragments.flatMap(each => each.bindings),
  };
}

function requirementSql(
  dialect: SqlDialect,
  { key, operator, values }: LabelRequirement,
  column: string,
): SqlFragment {
  const { sql, bindings } = dialect.label(column, key);
  switch (operator) {
    case 'In':
      return {
        sql: `${sql} IN (${placeholders(values)})`,
        bindings: [...bindings, ...values],
      };
    case 'NotIn':
      return {
        sql: `COALESCE(${sql} NOT IN (${placeholders(values)}), true)`,
        bindings: [...bindings, ...values],
      };
    case 'Exists':
      return { sql: `${sql} IS NOT NULL`, bindings };
    default:
      return { sql: `${sql} IS NULL`, bindings };
  }
}

/** An empty list becomes one that no label equals. */
function placeholders(values: readonly string[]): string {
  return values.map(() => '?').join(', ') || 'NULL';
}
