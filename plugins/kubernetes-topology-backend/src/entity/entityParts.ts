import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_API_PROVIDED_BY,
  RELATION_HAS_PART,
  RELATION_OWNER_OF,
  RELATION_PARENT_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';

/** A portal's largest domains have some hundred parts; a tab of more is no picture any more. */
const MAX_ENTITIES = 200;
/** Domain → domain → system → component → subcomponent, and one more. */
const MAX_DEPTH = 5;

const PART_RELATIONS = new Set<string>([
  RELATION_HAS_PART,
  RELATION_OWNER_OF,
  RELATION_PARENT_OF,
  RELATION_API_PROVIDED_BY,
]);

export interface EntityParts {
  /** The entity itself first. */
  entities: Entity[];
  /** How many parts the bound left out. */
  omitted: number;
}

/**
 * An entity with all that belongs to it by the catalog's relations: a system's components, a domain's systems, what
 * a group owns, the components that provide an API. Read with the asker's credentials, so what they may not see in
 * the catalog adds nothing.
 */
export async function entityWithParts(
  entity: Entity,
  catalog: CatalogService,
  credentials: BackstageCredentials,
): Promise<EntityParts> {
  const entities = [entity];
  const seen = new Set([stringifyEntityRef(entity)]);
  let omitted = 0;
  let level = [entity];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const wanted: string[] = [];
    for (const ref of level.flatMap(partRefs)) {
      if (seen.has(ref)) {
        continue;
      }
      seen.add(ref);
      if (entities.length + wanted.length < MAX_ENTITIES) {
        wanted.push(ref);
      } else {
        omitted++;
      }
    }
    if (wanted.length === 0) {
      break;
    }
    const { items } = await catalog.getEntitiesByRefs(
      {
        entityRefs: wanted,
        fields: ['kind', 'metadata', 'relations'],
      },
      { credentials },
    );
    level = items.filter(item => item !== undefined);
    entities.push(...level);
  }
  return { entities, omitted };
}

function partRefs(entity: Entity): string[] {
  return (entity.relations ?? [])
    .filter(relation => PART_RELATIONS.has(relation.type))
    .map(relation => relation.targetRef.toLocaleLowerCase('en-US'));
}
