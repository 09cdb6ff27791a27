import { LabelRequirement } from '../kinds/labelSelector';
import { NodeFilter } from './nodeFilter';

/** A condition for a WHERE clause, with its bound values in order. Never contains a caller's text. */
export interface SqlFragment {
  sql: string;
  bindings: unknown[];
}

const ALIAS = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A node filter as a condition on the row of `nodes` called `alias`; no filter lets everything through. It belongs
 * into EVERY hop of a traversal, so that no path leads through a node that the caller may not see.
 *
 * All columns that it reads are NOT NULL, and a label that is absent is no NULL, so `not` never meets three-valued logic. An empty list of values matches
 * nothing, an empty `anyOf` too; an empty `allOf` matches everything.
 */
export function nodeFilterSql(
  filter: NodeFilter | undefined,
  alias: string,
): SqlFragment {
  if (!ALIAS.test(alias)) {
    throw new Error(`'${alias}' is no table alias`);
  }
  const bindings: unknown[] = [];
  const sql = filter ? condition(filter, alias, bindings) : '1 = 1';
  return { sql, bindings };
}

function condition(
  filter: NodeFilter,
  alias: string,
  bindings: unknown[],
): string {
  if ('anyOf' in filter) {
    return joined(filter.anyOf, ' OR ', '1 = 0', alias, bindings);
  }
  if ('allOf' in filter) {
    return joined(filter.allOf, ' AND ', '1 = 1', alias, bindings);
  }
  if ('not' in filter) {
    return `NOT (${condition(filter.not, alias, bindings)})`;
  }
  if ('label' in filter) {
    return labelCondition(filter.label, alias, bindings);
  }
  if (filter.values.length === 0) {
    return '1 = 0';
  }
  bindings.push(...filter.values);
  const values = filter.values.map(() => '?').join(', ');
  switch (filter.key) {
    case 'cluster':
      return `${alias}.cluster_id IN (SELECT id FROM clusters WHERE name IN (${values}))`;
    case 'kind':
      return `${alias}.kind_id IN (SELECT id FROM kinds WHERE text IN (${values}))`;
    case 'namespace':
      return `${alias}.namespace IN (${values})`;
    case 'key':
      return `${alias}.key IN (${values})`;
    default:
      throw new Error(
        `A node filter knows cluster, namespace, kind and key, not '${
          (filter as { key: string }).key
        }'`,
      );
  }
}

/** What SQLite's `->>` reads as a path. No object has such a label: the API server refuses it. */
const JSON_PATH = /^[$[]|["\0]/;

/** In words that both databases understand. */
function labelCondition(
  { key, operator, values }: LabelRequirement,
  alias: string,
  bindings: unknown[],
): string {
  const isNegative = operator === 'NotIn' || operator === 'DoesNotExist';
  if (JSON_PATH.test(key)) {
    return isNegative ? '1 = 1' : '1 = 0';
  }
  const not = isNegative ? 'NOT ' : '';
  const value = `${alias}.labels ->> CAST(? AS text)`;
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    bindings.push(key);
    return `${not}((${value}) IS NOT NULL)`;
  }
  if (values.length === 0) {
    return isNegative ? '1 = 1' : '1 = 0';
  }
  bindings.push(key, ...values);
  return `${not}COALESCE((${value}) IN (${values
    .map(() => '?')
    .join(', ')}), false)`;
}

function joined(
  filters: readonly NodeFilter[],
  operator: string,
  whenEmpty: string,
  alias: string,
  bindings: unknown[],
): string {
  if (filters.length === 0) {
    return whenEmpty;
  }
  return `(${filters
    .map(each => condition(each, alias, bindings))
    .join(operator)})`;
}
