import { Moment } from '../../store/moment';
import { FieldPath } from '../fieldPath';
import { GremlinEdge, GremlinNode } from '../result';
import { Dialect } from '../sql/dialect';
import { FieldSource } from '../sql/fieldSource';
import { GraphModel } from '../sql/graphModel';
import { sql, Sql } from '../sql/sql';

/** More readings than this of one field no key has. */
const MAXIMUM_READINGS = 16;

/**
 * The tables as a saved graph fills them: `nodes.properties` and `edges.details` are the whole elements, so that every
 * path in any `Metadata` is found.
 *
 * @param dottedKeys the keys in the graph that hold dots: Skydive takes such keys apart into a tree, and others may
 *   not; a path means either.
 */
export function savedGraphModel(dottedKeys: ReadonlySet<string>): GraphModel {
  const metadataPaths = ({ segments }: FieldPath) =>
    readings(
      segments.flatMap(segment => segment.split('.')),
      dottedKeys,
    );
  const source = (path: FieldPath, document: Sql): FieldSource => ({
    form: 'json',
    document,
    paths: path.segments[0].startsWith('@')
      ? [[path.segments[0].slice(1)]]
      : metadataPaths(path).map(each => ['Metadata', ...each]),
  });
  return {
    hasHistory: false,
    nodeField: path => source(path, sql`n.properties`),
    edgeField: (path: FieldPath, _: Dialect, { search }: Moment) => {
      const [first] = path.segments;
      if (first === 'Relation') {
        return { form: 'json', document: sql`e.details`, paths: [[first]] };
      }
      if (first === 'Parent' || first === 'Child') {
        return {
          form: 'dictionary',
          id: first === 'Parent' ? sql`e.src` : sql`e.dst`,
          table: Sql.table(search, 'd'),
          value: sql`d.key`,
        };
      }
      return source(path, sql`e.details`);
    },
    edgesOfId: id => [sql`json_extract(e.details, '$.ID') = ${id}`],
    metadataPaths,
    nodeColumns: () => [],
    node: ({ properties }) => JSON.parse(properties as string) as GremlinNode,
    edge: ({ details }) => {
      const { Relation: _, ...edge } = JSON.parse(
        details as string,
      ) as GremlinEdge & { Relation?: string };
      return edge;
    },
  };
}

/** Each way to take some neighbouring parts together to a key that holds dots; first the one with all taken apart. */
function readings(
  parts: readonly string[],
  dottedKeys: ReadonlySet<string>,
): string[][] {
  if (parts.length === 0) {
    return [[]];
  }
  const found: string[][] = [];
  for (let length = 1; length <= parts.length; length++) {
    const key = parts.slice(0, length).join('.');
    if (length === 1 || dottedKeys.has(key)) {
      for (const rest of readings(parts.slice(length), dottedKeys)) {
        found.push([key, ...rest]);
      }
    }
  }
  return found.slice(0, MAXIMUM_READINGS);
}
