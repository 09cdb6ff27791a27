import { Knex } from 'knex';
import { Json } from '../../kinds/observation';
import { Relation, RelationClass } from '../../kinds/relation';
import { StatusLevel, Verdict } from '../../kinds/status';

/** A graph as plain data, for tests: what the store would hold. */
export interface FixtureGraph {
  nodes: FixtureNode[];
  edges: FixtureEdge[];
}

export interface FixtureNode {
  id: number;
  /** Default: the key that the engine would give it. */
  key?: string;
  cluster: string;
  /** `Deployment.apps`. */
  kind: string;
  namespace: string;
  name: string;
  uid?: string;
  level: StatusLevel;
  /** Of the verdict; default `''`. */
  reason?: string;
  /** Runs with a former version of a Secret. */
  stale?: boolean;
  labels: Record<string, string>;
  properties: { [name: string]: Json };
  createdAt?: number;
  updatedAt: number;
  revision: number;
}

export interface FixtureEdge {
  source: number;
  /** `name` of a `FixtureRelation`. */
  relation: string;
  target: number;
  /** Default true. */
  required?: boolean;
  details?: { [name: string]: Json };
  createdAt: number;
}

export interface FixtureRelation {
  name: string;
  relationType: string;
  /** Default: `ownership` of ownership, else `config`. */
  class?: RelationClass;
  /** Default `none`. */
  suffers?: Relation['suffers'];
  /** Default `soft`. */
  strength?: Relation['strength'];
  metadata?: Record<string, string>;
}

/** What a graph's ids and names refer to: inserted once, in this order, with ids from 1. */
export interface FixtureDictionary {
  clusters: string[];
  kinds: string[];
  relations: FixtureRelation[];
}

export function fixtureKey(node: FixtureNode): string {
  return (
    node.key ??
    `${encodeURIComponent(node.cluster)}/${node.kind}/${node.namespace}/${
      node.name
    }`
  );
}

export function fixtureType(kind: string): string {
  return kind.split('.')[0].toLowerCase();
}

export function fixtureMeaning(
  relation: FixtureRelation,
): Pick<Relation, 'class' | 'suffers' | 'strength'> {
  return {
    class:
      relation.class ??
      (relation.relationType === 'ownership' ? 'ownership' : 'config'),
    suffers: relation.suffers ?? 'none',
    strength: relation.strength ?? 'soft',
  };
}

export function fixtureVerdict({ level, reason, stale }: FixtureNode): Verdict {
  return {
    level,
    reason: reason ?? '',
    evidence: [],
    ...(stale && {
      stale: [{ key: 'demo/Secret/shop/db', changedAt: 2, startedAt: 1 }],
    }),
  } as Verdict;
}

export async function insertDictionary(
  knex: Knex,
  dictionary: FixtureDictionary,
): Promise<void> {
  await knex('clusters').insert(
    dictionary.clusters.map((name, i) => ({
      id: i + 1,
      name,
      state: 'ready',
      at: 0,
    })),
  );
  await knex('kinds').insert(
    dictionary.kinds.map((text, i) => ({
      id: i + 1,
      api_group: text.split('.').slice(1).join('.'),
      kind: text.split('.')[0],
      type: fixtureType(text),
      text,
    })),
  );
  await knex('relations').insert(
    dictionary.relations.map((relation, i) => ({
      id: i + 1,
      name: relation.name,
      relation_type: relation.relationType,
      ...fixtureMeaning(relation),
      metadata: JSON.stringify(relation.metadata ?? {}),
    })),
  );
}

/** Makes the database hold this graph and no other. */
export async function replaceGraph(
  knex: Knex,
  graph: FixtureGraph,
  dictionary: FixtureDictionary,
): Promise<void> {
  await knex('edges').delete();
  await knex('nodes').delete();
  if (graph.nodes.length > 0) {
    await knex('nodes').insert(
      graph.nodes.map(node => ({
        id: node.id,
        cluster_id: dictionary.clusters.indexOf(node.cluster) + 1,
        kind_id: dictionary.kinds.indexOf(node.kind) + 1,
        namespace: node.namespace,
        name: node.name,
        key: fixtureKey(node),
        uid: node.uid ?? null,
        level: node.level,
        labels: JSON.stringify(node.labels),
        properties: JSON.stringify(node.properties),
        verdict: JSON.stringify(fixtureVerdict(node)),
        hash: '',
        created_at: node.createdAt ?? null,
        updated_at: node.updatedAt,
        revision: node.revision,
      })),
    );
  }
  if (graph.edges.length > 0) {
    await knex('edges').insert(
      graph.edges.map(edge => ({
        src: edge.source,
        rel:
          dictionary.relations.findIndex(each => each.name === edge.relation) +
          1,
        dst: edge.target,
        required: edge.required === false ? 0 : 1,
        details: edge.details ? JSON.stringify(edge.details) : null,
        created_at: edge.createdAt,
      })),
    );
  }
}
