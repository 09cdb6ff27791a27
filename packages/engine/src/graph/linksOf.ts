import { Observation } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { canonicalJson, fingerprint } from './fingerprint';
import { GraphNode } from './graphNode';
import { Link } from './link';

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

/** What an observation says about edges, each different statement once. */
export function linksOf(
  definer: GraphNode,
  observation: Observation,
  relations: ReadonlyMap<string, Relation>,
): Link[] {
  const links = new Map<number, Link>();
  const add = (link: Link) => links.set(link.print, link);
  for (const reference of observation.references) {
    const { end, other, required, details } = reference;
    add({
      type: 'reference',
      definer,
      relation: relations.get(reference.relation)!,
      end,
      other,
      required,
      details,
      print: fingerprint(canonicalJson(reference)),
    });
  }
  for (const selected of observation.selectors) {
    const { end, kind, namespaces, selector, details } = selected;
    add({
      type: 'selector',
      definer,
      relation: relations.get(selected.relation)!,
      end,
      kind,
      namespaces,
      selector,
      details,
      required: true,
      print: fingerprint(canonicalJson(selected)),
    });
  }
  for (const owner of observation.owners) {
    if (owner.uid !== '') {
      add({
        type: 'owner',
        definer,
        uid: owner.uid,
        required: true,
        print: fingerprint(owner.uid),
      });
    }
  }
  return [...links.values()];
}
