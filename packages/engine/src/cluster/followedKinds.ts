import { KindCatalog } from '../kinds/kindCatalog';
import { kindText } from '../kinds/identity';
import { KindDefinition } from '../kinds/kindDefinition';
import { Discovery, isInDoubt } from './discovery';
import { inReadingOrder } from './readingOrder';

/** What of a cluster's kinds is read, and what of those that are well known it does not serve. */
export interface FollowedKinds {
  /** In the order in which they are read. */
  read: readonly KindDefinition[];
  absent: readonly KindDefinition[];
}

/**
 * Every kind that the server serves and the catalog wants, by the catalog's definition.
 *
 * @param known kinds that matter also where they are not served, as others refer to them
 */
export function followedKinds(
  discovery: Discovery,
  catalog: Pick<KindCatalog, 'definitionFor'>,
  known: readonly KindDefinition[],
): FollowedKinds {
  const read = new Map<string, KindDefinition>();
  const served = new Set<string>();
  for (const kind of discovery.served) {
    const text = kindText(kind.id);
    const definition = catalog.definitionFor(kind);
    served.add(text);
    if (definition) {
      read.set(text, definition);
    }
  }
  const absent: KindDefinition[] = [];
  for (const definition of known) {
    const { id, version, plural, namespaced } = definition;
    const wanted =
      definition.plural && !served.has(kindText(id))
        ? catalog.definitionFor({ id, version, plural, namespaced })
        : undefined;
    if (wanted && isInDoubt(discovery, id)) {
      read.set(kindText(id), wanted);
    } else if (wanted) {
      absent.push(wanted);
    }
  }
  return { read: inReadingOrder([...read.values()]), absent };
}
