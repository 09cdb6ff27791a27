import { KindId } from '../kinds/identity';
import { LabelSelector } from '../kinds/labelSelector';
import { Json } from '../kinds/observation';
import { Relation } from '../kinds/relation';
import { canonicalJson } from './fingerprint';
import { GraphNode } from './graphNode';

interface LinkContent {
  readonly required: boolean;
  readonly details?: { [key: string]: Json };
}

/** The definer names the other end. */
export interface ReferenceLink extends LinkContent {
  readonly type: 'reference';
  readonly definer: GraphNode;
  readonly relation: Relation;
  readonly end: 'source' | 'target';
  readonly other: GraphNode;
}

/** The definer selects the other ends by their labels. */
export interface SelectorLink extends LinkContent {
  readonly type: 'selector';
  readonly definer: GraphNode;
  readonly relation: Relation;
  readonly end: 'source' | 'target';
  readonly kind: KindId;
  readonly by?: 'podLabels';
  readonly namespaces: 'own' | 'all' | LabelSelector;
  readonly selector: LabelSelector;
}

/** The definer names its owner by uid (R001). */
export interface OwnerLink extends LinkContent {
  readonly type: 'owner';
  readonly definer: GraphNode;
  readonly uid: string;
}

/** Why an edge is there: what its definer's manifest says. */
export type Link = ReferenceLink | SelectorLink | OwnerLink;

/** What an edge with several reasons shows: required if one requires it, arrays united, otherwise the first word stands. */
export function mergedLinks(links: readonly Link[]): {
  required: boolean;
  details?: { [key: string]: Json };
} {
  if (links.length === 1) {
    return { required: links[0].required, details: links[0].details };
  }
  const ordered = [...links].sort(byDetails);
  let details: { [key: string]: Json } | undefined;
  for (const link of ordered) {
    for (const [name, value] of Object.entries(link.details ?? {})) {
      details ??= {};
      const present = details[name];
      if (present === undefined) {
        details[name] = value;
      } else if (Array.isArray(present) && Array.isArray(value)) {
        details[name] = united(present, value);
      }
    }
  }
  return { required: ordered.some(link => link.required), details };
}

/** An order that does not depend on arrival; links with equal details may come either way. */
function byDetails(one: Link, other: Link): number {
  const [text, otherText] = [one, other].map(({ details }) =>
    details ? canonicalJson(details) : '',
  );
  if (text === otherText) {
    return 0;
  }
  return text < otherText ? -1 : 1;
}

function united(one: Json[], other: Json[]): Json[] {
  const known = new Set(one.map(each => JSON.stringify(each)));
  return [...one, ...other.filter(each => !known.has(JSON.stringify(each)))];
}
