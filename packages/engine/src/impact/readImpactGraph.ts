import { Knex } from 'knex';
import { NodeKey } from '../kinds/identity';
import { Relation } from '../kinds/relation';
import { StatusLevel } from '../kinds/status';
import { Dictionaries } from '../store/dictionaries';
import { hubKindIds, numbers, relationIn } from '../store/frontier';
import { Moment } from '../store/moment';
import { NodeFilter } from '../store/nodeFilter';
import { nodeFilterSql, SqlFragment } from '../store/nodeFilterSql';
import { severitySql } from '../store/severity';
import { selectRows, SqlDialect } from '../store/sqlDialect';
import { ImpactNode } from './impact';
import { alikeId, ImpactEdge, ImpactGraph, needsOneOf } from './impactGraph';

/** Secret → pod → ReplicaSet → Deployment → Service → Ingress, and some to spare for custom owners. */
const MAX_HOPS = 12;
const MAX_NODES = 5_000;

interface Source {
  knex: Knex;
  dialect: SqlDialect;
  moment: Moment;
  relations: Dictionaries;
  visible: SqlFragment;
}

interface NodeRow {
  id: number;
  key: NodeKey;
  kind_id: number;
  kind: string;
  namespace: string;
  name: string;
  level: StatusLevel;
}

interface EdgeRow {
  origin: number;
  id: number;
  rel: number;
  required: number;
}

/** Which ids an edge is looked up by, and over which relations. */
interface Ways {
  outwards: number[];
  inwards: number[];
}

/**
 * What the loss of an object can reach, hop by hop, each with the asker's filter in it; `undefined` when there is no
 * such object, or none that the asker may see. Old revisions and what has completed miss nothing; containers are parts
 * of their pods.
 */
export async function readImpactGraph(
  options: Omit<Source, 'visible'> & { filter: NodeFilter | undefined },
  key: string,
): Promise<ImpactGraph | undefined> {
  const source = { ...options, visible: nodeFilterSql(options.filter, 'n') };
  const [start] = await readStart(source, key);
  if (!start) {
    return undefined;
  }
  const nodes = new Map<number, ImpactNode>([[start.id, impactNode(start)]]);
  const kinds = new Map([[start.id, start.kind_id]]);
  const edges: ImpactEdge[] = [];
  const going = new Set([start.id]);
  const sufferers = sufferingWays(source.relations);
  const owned = { outwards: goingRelations(source.relations), inwards: [] };
  let frontier = [start.id];
  let cut: string | undefined;
  for (let hop = 0; frontier.length > 0; hop++) {
    if (hop === MAX_HOPS) {
      cut = `what is more than ${MAX_HOPS} hops away`;
      break;
    }
    const along = frontier.filter(id => going.has(id));
    const found = [
      ...(await readEdges(source, along, owned, 'goes')),
      ...(await readEdges(source, frontier, sufferers, 'suffers')),
    ];
    const unknown = [
      ...new Set(found.map(({ to }) => to).filter(id => !nodes.has(id))),
    ];
    const room = MAX_NODES - nodes.size;
    const rows = await readAffectable(source, unknown, room + 1);
    if (rows.length > room) {
      cut = `what lies beyond the first ${MAX_NODES} objects`;
    }
    const next = rows.slice(0, room);
    for (const row of next) {
      nodes.set(row.id, impactNode(row));
      kinds.set(row.id, row.kind_id);
    }
    frontier = next.map(({ id }) => id);
    edges.push(...found.filter(({ to }) => nodes.has(to)));
    for (const edge of found) {
      if (edge.how === 'goes' && nodes.has(edge.to)) {
        going.add(edge.to);
      }
    }
  }
  const hubKinds = await hubKindIds(source.knex);
  return {
    start: start.id,
    nodes,
    edges,
    alike: await readAlike(source, edges),
    hubs: new Set(
      [...kinds].filter(([, kind]) => hubKinds.has(kind)).map(([id]) => id),
    ),
    ...(cut !== undefined && { cut }),
  };
}

function sufferingWays(relations: Dictionaries): Ways {
  return {
    outwards: relations.relationIds(
      relation => relation.suffers === 'target' && !takesAlong(relation),
    ),
    // A controller suffers from its children, too.
    inwards: relations.relationIds(({ suffers }) => suffers === 'source'),
  };
}

/** Owners take what they own along (garbage collection, R001), a namespace all that is in it (R016). */
function takesAlong(relation: Relation): boolean {
  return (
    relation.class === 'control' ||
    (relation.class === 'ownership' && relation.suffers === 'target')
  );
}

function goingRelations(relations: Dictionaries): number[] {
  return relations.relationIds(takesAlong);
}

async function readStart(
  { knex, moment, visible }: Source,
  key: string,
): Promise<NodeRow[]> {
  return selectRows<NodeRow>(
    knex,
    `SELECT n.id, n.key, n.kind_id, k.kind, n.namespace, n.name, n.level
     FROM ${moment.search} n JOIN kinds k ON k.id = n.kind_id
     WHERE n.key = ? AND ${visible.sql}`,
    [key, ...visible.bindings],
  );
}

async function readEdges(
  { knex, dialect, moment, relations }: Source,
  from: readonly number[],
  { outwards, inwards }: Ways,
  how: ImpactEdge['how'],
): Promise<ImpactEdge[]> {
  if (from.length === 0) {
    return [];
  }
  const here = dialect.ids(from);
  const rows = await selectRows<EdgeRow>(
    knex,
    `SELECT e.src AS origin, e.dst AS id, e.rel, e.required
       FROM ${here.sql} here CROSS JOIN ${moment.edges} e
       WHERE e.src = here.id AND ${relationIn('e', outwards)}
     UNION ALL
     SELECT e.dst AS origin, e.src AS id, e.rel, e.required
       FROM ${here.sql} here CROSS JOIN ${moment.edges} e
       WHERE e.dst = here.id AND ${relationIn('e', inwards)}`,
    [...here.bindings, ...here.bindings],
  );
  return rows.flatMap(({ origin, id, rel, required }) => {
    const relation = relations.relation(rel);
    return relation
      ? [
          {
            from: origin,
            to: id,
            relation,
            required: Number(required) === 1,
            how,
          },
        ]
      : [];
  });
}

/** Those of the nodes that the asker may see and that can miss something; the worst first where the limit cuts. */
async function readAffectable(
  source: Source,
  ids: readonly number[],
  limit: number,
): Promise<NodeRow[]> {
  if (ids.length === 0) {
    return [];
  }
  const { knex, dialect, moment, visible } = source;
  const here = dialect.ids(ids);
  const inUse = stillInUse(source);
  return selectRows<NodeRow>(
    knex,
    `SELECT n.id, n.key, n.kind_id, k.kind, n.namespace, n.name, n.level, ${severitySql(
      'n',
    )} AS severity
     FROM ${here.sql} here CROSS JOIN ${moment.nodes} n
     JOIN kinds k ON k.id = n.kind_id
     WHERE n.id = here.id AND ${inUse.sql} AND ${visible.sql}
       AND k.text NOT IN ('Container', 'Cluster')
     ORDER BY severity, n.id LIMIT ?`,
    [...here.bindings, ...inUse.bindings, ...visible.bindings, limit],
  );
}

/** What is done or outdated needs nothing any more. */
function stillInUse({ dialect }: Source): SqlFragment {
  const reason = dialect.label('n.verdict', 'reason');
  return {
    sql: `n.level NOT IN ('history', 'missing') AND COALESCE(${reason.sql}, '') <> 'Completed'`,
    bindings: reason.bindings,
  };
}

/** Of each object that needs one of several: how many there are, those that the asker may see. */
async function readAlike(
  source: Source,
  edges: readonly ImpactEdge[],
): Promise<Map<string, number>> {
  const { knex, dialect, moment, relations, visible } = source;
  const ids = new Set(
    edges.filter(({ relation }) => needsOneOf(relation)).map(({ to }) => to),
  );
  const here = dialect.ids([...ids]);
  const inUse = stillInUse(source);
  const rows = await selectRows<{ src: number; rel: number; total: number }>(
    knex,
    `SELECT src, rel, COUNT(*) AS total FROM (
       SELECT e.src AS src, e.rel AS rel
       FROM ${here.sql} here CROSS JOIN ${moment.edges} e CROSS JOIN ${
      moment.nodes
    } n
       WHERE e.src = here.id AND (e.rel + 0) IN (${numbers(
         relations.relationIds(needsOneOf),
       )}) AND n.id = e.dst AND ${inUse.sql} AND ${visible.sql}
     ) alike GROUP BY src, rel`,
    [...here.bindings, ...inUse.bindings, ...visible.bindings],
  );
  return new Map(
    rows.map(({ src, rel, total }) => [
      alikeId(src, relations.relation(rel)!),
      Number(total),
    ]),
  );
}

function impactNode({ key, kind, namespace, name, level }: NodeRow) {
  return { key, kind, namespace, name, level };
}
