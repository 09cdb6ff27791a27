import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { ObjectSelection } from '@kubernetes-topology/engine';
import { EntityTopology } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { entityWithParts } from './entityParts';
import { objectSelection } from './objectSelection';

export interface EntitySelections {
  selections: ObjectSelection[];
  /** What could not be selected, in words. */
  hidden: EntityTopology['hidden'];
}

/** Which objects an entity and all that belongs to it call their own, as far as the asker may read the catalog. */
export async function entitySelections(
  entity: Entity,
  catalog: CatalogService,
  credentials: BackstageCredentials,
): Promise<EntitySelections> {
  const { entities, omitted } = await entityWithParts(
    entity,
    catalog,
    credentials,
  );
  const selections = new Map<string, ObjectSelection>();
  const hidden: EntityTopology['hidden'] = [];
  for (const part of entities) {
    try {
      const selection = objectSelection(part);
      if (selection) {
        // Parts often share one selector.
        selections.set(JSON.stringify(selection), selection);
      }
    } catch (error) {
      if (part === entity) {
        throw error;
      }
      hidden.push({
        count: 1,
        what: `${stringifyEntityRef(part)}: ${toError(error).message}`,
      });
    }
  }
  if (omitted > 0) {
    hidden.push({
      count: omitted,
      what: 'entities that belong to it, beyond the most that are shown at once',
    });
  }
  return { selections: [...selections.values()], hidden };
}
