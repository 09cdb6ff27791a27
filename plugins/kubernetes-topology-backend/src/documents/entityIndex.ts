import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { ObjectSelection } from '@kubernetes-topology/engine';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { objectSelection } from '../entity/objectSelection';
import { Selectable, SelectionIndex } from '../entity/selectionIndex';

/** The most entities that are looked at for the owners of objects. */
const MAX_ENTITIES = 20_000;

const ID = `metadata.annotations.${ANNOTATION_KUBERNETES_ID}` as const;
const SELECTOR =
  `metadata.annotations.${ANNOTATION_KUBERNETES_LABEL_SELECTOR}` as const;

/** Which catalog entity calls an object its own, by the rules of the entity's tab the other way round. */
export class EntityIndex {
  readonly #selections = new SelectionIndex<string>();

  private constructor() {}

  static async load(
    catalog: CatalogService,
    credentials: BackstageCredentials,
  ): Promise<EntityIndex> {
    const entities: Entity[] = [];
    const pages = catalog.streamEntities(
      {
        query: {
          $any: [
            { [ID]: { $exists: true } },
            { [SELECTOR]: { $exists: true } },
          ],
        },
        fields: ['kind', 'metadata'],
      },
      { credentials },
    );
    for await (const page of pages) {
      entities.push(...page);
      if (entities.length >= MAX_ENTITIES) {
        break;
      }
    }
    return EntityIndex.of(entities);
  }

  static of(entities: readonly Entity[]): EntityIndex {
    const index = new EntityIndex();
    for (const entity of [...entities].sort(byPreference)) {
      index.#add(entity);
    }
    return index;
  }

  /** A component rather than a resource or API where several match; `undefined` when none does. */
  ownerOf(node: Selectable): string | undefined {
    return this.#selections.matching(node)[0];
  }

  #add(entity: Entity): void {
    let selection: ObjectSelection | undefined;
    try {
      selection = objectSelection(entity);
    } catch {
      // A faulty selector selects nothing; the entity's own tab says what is wrong with it.
      return;
    }
    if (selection) {
      this.#selections.add(selection, stringifyEntityRef(entity));
    }
  }
}

function byPreference(a: Entity, b: Entity): number {
  const rank = (entity: Entity) =>
    entity.kind.toLocaleLowerCase('en-US') === 'component' ? 0 : 1;
  return (
    rank(a) - rank(b) ||
    stringifyEntityRef(a).localeCompare(stringifyEntityRef(b))
  );
}
