import { Observation } from '../kinds/observation';
import { sameKind } from '../kinds/kindIds';
import { Relation } from '../kinds/relation';
import { GraphNode } from './graphNode';
import { Link } from './link';
import { NodeSet } from './nodeSet';

/** A kind observed an edge of a relation that the graph was not given. */
export class UnknownRelationError extends Error {
  constructor(relation: string, key: string) {
    super(
      `'${key}' has an edge of the relation '${relation}', which is not among the graph's relations`,
    );
    this.name = 'UnknownRelationError';
  }
}

/** Throws before anything was changed: a graph must not be left half updated. */
export function assertRelations(
  observation: Observation,
  relations: ReadonlyMap<string, Relation>,
): void {
  for (const links of [observation.references, observation.selectors]) {
    for (const { relation } of links) {
      if (!relations.has(relation)) {
        throw new UnknownRelationError(relation, observation.key);
      }
    }
  }
  for (const part of observation.parts) {
    assertRelations(part, relations);
  }
}

/**
 * What an observation says about edges, each different statement once. What the definer said before and says again is
 * the same object as before.
 */
export function linksOf(
  definer: GraphNode,
  observation: Observation,
  graph: { relations: ReadonlyMap<string, Relation>; nodes: NodeSet },
): Link[] {
  const { relations, nodes } = graph;
  const links: Link[] = [];
  const say = (link: Link) => {
    if (!links.some(each => saysTheSame(each, link))) {
      const former = definer.links?.find(each => saysTheSame(each, link));
      links.push(former ?? link);
    }
  };
  for (const reference of observation.references) {
    const { end, other, required, details } = reference;
    say({
      type: 'reference',
      definer,
      relation: relations.get(reference.relation)!,
      end,
      other: nodes.named(other.kind, other.namespace, other.name),
      required,
      details,
    });
  }
  for (const selected of observation.selectors) {
    const { end, kind, by, namespaces, selector, details } = selected;
    say({
      type: 'selector',
      definer,
      relation: relations.get(selected.relation)!,
      end,
      kind,
      by,
      namespaces,
      selector,
      required: true,
      details,
    });
  }
  for (const { uid } of observation.owners) {
    if (uid !== '') {
      say({ type: 'owner', definer, uid, required: true });
    }
  }
  return links;
}

function saysTheSame(one: Link, other: Link): boolean {
  if (one.type === 'reference' && other.type === 'reference') {
    return (
      one.other === other.other &&
      one.relation === other.relation &&
      one.end === other.end &&
      one.required === other.required &&
      sameJson(one.details, other.details)
    );
  }
  if (one.type === 'selector' && other.type === 'selector') {
    return (
      one.relation === other.relation &&
      one.end === other.end &&
      one.by === other.by &&
      sameKind(one.kind, other.kind) &&
      sameJson(one.namespaces, other.namespaces) &&
      sameJson(one.selector, other.selector) &&
      sameJson(one.details, other.details)
    );
  }
  return (
    one.type === 'owner' && other.type === 'owner' && one.uid === other.uid
  );
}

function sameJson(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
