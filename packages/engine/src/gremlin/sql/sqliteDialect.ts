import { Atom, Dialect, JsonRows } from './dialect';
import { sql, Sql } from './sql';

/** Keys as they stand in labels and in paths that SQLite can quote. */
const PLAIN_KEY = /^[A-Za-z0-9_./-]+$/;

export const SQLITE: Dialect = {
  name: 'sqlite',
  recursionLimit: true,
  emptyObject: sql`'{}'`,
  wholeNumber: text => {
    const digits = sql`CASE WHEN ${text} LIKE '-%' THEN substr(${text}, 2) ELSE ${text} END`;
    return sql`CASE WHEN length(${digits}) BETWEEN 1 AND 15 AND ${digits} NOT GLOB '*[^0-9]*' THEN CAST(${text} AS INTEGER) END`;
  },
  jsonOfText: text =>
    sql`CASE WHEN ${text} IS NOT NULL THEN json_quote(${text}) END`,
  jsonOfNumber: number =>
    sql`CASE WHEN ${number} IS NOT NULL THEN json_quote(${number}) END`,
  jsonOfDocument: document => document,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  inJsonList: (text, jsonList) =>
    sql`${text} IN (SELECT value FROM json_each(${jsonList}))`,
  idsOfJsonList: jsonList =>
    sql`SELECT value AS id FROM json_each(${jsonList})`,
  edgeKeysOfJsonList: jsonList =>
    sql`(SELECT json_extract(value, '$[0]') AS src, json_extract(value, '$[1]') AS rel, json_extract(value, '$[2]') AS dst FROM json_each(${jsonList}))`,
  textsOfJsonList: jsonList =>
    sql`(SELECT value AS v, key AS position FROM json_each(${jsonList}))`,
  partsOfJsonList: jsonList => ({
    from: sql`json_each(${jsonList}) i`,
    text: sql`i.value`,
  }),
  padded: id => sql`printf('%010d', ${id})`,
  placeIn: (text, part) => sql`instr(${text}, ${part})`,
  least: (a, b) => sql`min(${a}, ${b})`,
  greatest: (a, b) => sql`max(${a}, ${b})`,
  byCodePoint: text => text,
  label: (labels, key) =>
    PLAIN_KEY.test(key)
      ? sql`json_extract(${labels}, ${`$."${key}"`})`
      : sql`(SELECT value FROM json_each(${labels}) WHERE key = ${key})`,
  kubernetesDocument: () =>
    sql`json_set(n.properties, '$.Name', n.name, '$.Namespace', n.namespace, '$.Labels', json(n.labels))`,
  hasMember: (document, key) =>
    sql`EXISTS (SELECT 1 FROM json_each(${document}) WHERE key = ${key})`,
  jsonValues: (document, path) => {
    const { last, ...rows } = walk(document, path);
    return { ...rows, json: jsonOf(last) };
  },
  jsonMember: (document, [key, ...rest]) => {
    if (rest.length > 0 || !PLAIN_KEY.test(key)) {
      return undefined;
    }
    const path = `$."${key}"`;
    const type = sql`json_type(${document}, ${path})`;
    const value = sql`json_extract(${document}, ${path})`;
    return {
      isList: sql`${type} = 'array'`,
      atom: {
        text: sql`CASE ${type} WHEN 'text' THEN ${value} END`,
        number: sql`CASE ${type} WHEN 'integer' THEN ${value} WHEN 'real' THEN ${value} WHEN 'text' THEN ${SQLITE.wholeNumber(
          value,
        )} END`,
        boolean: sql`CASE ${type} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' END`,
      },
    };
  },
  jsonAtoms: (document, path) => {
    const { last, ...rows } = walk(document, path);
    // An object stands for itself, so that positions agree with PostgreSQL's `[*]`; no condition is true of it.
    const elements = sql`CASE ${last}.type WHEN 'array' THEN ${last}.value WHEN 'object' THEN '[{}]' WHEN 'true' THEN '[true]' WHEN 'false' THEN '[false]' ELSE json_array(${last}.atom) END`;
    return {
      from: sql`${rows.from} CROSS JOIN json_each(${elements}) f`,
      where: rows.where,
      order: [...rows.order, sql`f.key`],
      atom: atomOf(sql`f`),
    };
  },
};

function atomOf(f: Sql): Atom {
  return {
    text: sql`CASE WHEN ${f}.type = 'text' THEN ${f}.atom END`,
    number: sql`CASE WHEN ${f}.type IN ('integer', 'real') THEN ${f}.atom WHEN ${f}.type = 'text' THEN ${SQLITE.wholeNumber(
      sql`${f}.atom`,
    )} END`,
    boolean: sql`CASE WHEN ${f}.type IN ('true', 'false') THEN ${f}.type END`,
  };
}

/** One `json_each` per segment; between two of them a list is taken apart, one level, as PostgreSQL's lax paths do. */
function walk(
  document: Sql,
  path: readonly string[],
): JsonRows & { last: Sql } {
  let from = sql`json_each(${document}) j0`;
  let last = Sql.name('j0');
  const where = [sql`j0.key = ${path[0]}`];
  const order: Sql[] = [];
  path.slice(1).forEach((segment, index) => {
    const element = Sql.name(`e${index + 1}`);
    const member = Sql.name(`j${index + 1}`);
    const elements = sql`CASE ${last}.type WHEN 'array' THEN ${last}.value WHEN 'object' THEN json_array(json(${last}.value)) ELSE '[]' END`;
    const members = sql`CASE ${element}.type WHEN 'object' THEN ${element}.value ELSE '{}' END`;
    from = sql`${from} CROSS JOIN json_each(${elements}) ${element} CROSS JOIN json_each(${members}) ${member}`;
    where.push(sql`${member}.key = ${segment}`);
    order.push(sql`${element}.key`);
    last = member;
  });
  return { from, where, order, last };
}

function jsonOf(row: Sql): Sql {
  return sql`CASE WHEN ${row}.type IN ('object', 'array') THEN ${row}.value WHEN ${row}.type IN ('true', 'false', 'null') THEN ${row}.type ELSE json_quote(${row}.atom) END`;
}
