import { Dialect } from './dialect';
import { sql, Sql } from './sql';

export const POSTGRES: Dialect = {
  name: 'postgres',
  recursionLimit: false,
  emptyObject: sql`CAST('{}' AS jsonb)`,
  wholeNumber: text =>
    sql`CASE WHEN ${text} ~ '^-{0,1}[0-9]{1,15}$' THEN CAST(${text} AS numeric) END`,
  jsonOfText: text => sql`CAST(to_jsonb(${text}) AS text)`,
  jsonOfNumber: number => sql`CAST(to_jsonb(${number}) AS text)`,
  jsonOfDocument: document => sql`CAST(${document} AS text)`,
  contains: (text, part) => sql`strpos(${text}, CAST(${part} AS text)) > 0`,
  inJsonList: (text, jsonList) =>
    sql`${text} = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST(${jsonList} AS jsonb))))`,
  idsOfJsonList: jsonList =>
    sql`SELECT CAST(jsonb_array_elements_text(CAST(${jsonList} AS jsonb)) AS integer) AS id`,
  edgeKeysOfJsonList: jsonList =>
    sql`(SELECT CAST(k.v ->> 0 AS integer) AS src, CAST(k.v ->> 1 AS integer) AS rel, CAST(k.v ->> 2 AS integer) AS dst FROM jsonb_array_elements(CAST(${jsonList} AS jsonb)) AS k(v))`,
  textsOfJsonList: jsonList =>
    sql`(SELECT k.v, k.position FROM jsonb_array_elements_text(CAST(${jsonList} AS jsonb)) WITH ORDINALITY AS k(v, position))`,
  partsOfJsonList: jsonList => ({
    from: sql`LATERAL jsonb_array_elements_text(CAST(${jsonList} AS jsonb)) AS i(v)`,
    text: sql`i.v`,
  }),
  padded: id => sql`lpad(CAST(${id} AS text), 10, '0')`,
  placeIn: (text, part) => sql`strpos(${text}, ${part})`,
  least: (a, b) => sql`least(${a}, ${b})`,
  greatest: (a, b) => sql`greatest(${a}, ${b})`,
  byCodePoint: text => sql`${text} COLLATE "C"`,
  label: (labels, key) => sql`(${labels} ->> CAST(${key} AS text))`,
  kubernetesDocument: () =>
    sql`(n.properties || jsonb_build_object('Name', n.name, 'Namespace', n.namespace, 'Labels', n.labels))`,
  hasMember: (document, key) =>
    sql`(${document} -> CAST(${key} AS text)) IS NOT NULL`,
  jsonValues: (document, path) => ({
    from: sql`jsonb_path_query(${document}, CAST(${lax(
      path,
    )} AS jsonpath)) WITH ORDINALITY AS f(v, position)`,
    where: [],
    order: [sql`f.position`],
    json: sql`CAST(f.v AS text)`,
  }),
  jsonAtoms: (document, path) => {
    const text: Sql = sql`(f.v #>> '{}')`;
    return {
      from: sql`jsonb_path_query(${document}, CAST(${`${lax(
        path,
      )}[*]`} AS jsonpath)) WITH ORDINALITY AS f(v, position)`,
      where: [],
      order: [sql`f.position`],
      atom: {
        text: sql`CASE WHEN jsonb_typeof(f.v) = 'string' THEN ${text} END`,
        number: sql`CASE jsonb_typeof(f.v) WHEN 'number' THEN CAST(${text} AS numeric) WHEN 'string' THEN ${POSTGRES.wholeNumber(
          text,
        )} END`,
        boolean: sql`CASE WHEN jsonb_typeof(f.v) = 'boolean' THEN ${text} END`,
      },
    };
  },
};

/** `lax $."Ports"."Port"`: lax paths cross a list by themselves, one level. A bound value, quoted as JSON. */
function lax(path: readonly string[]): string {
  return `lax $${path.map(segment => `.${JSON.stringify(segment)}`).join('')}`;
}
