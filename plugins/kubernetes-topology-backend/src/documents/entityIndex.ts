import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  LabelRequirement,
  matchesLabels,
  ObjectSelection,
  StoredNode,
} from '@kubernetes-topology/engine';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { objectSelection } from '../entity/objectSelection';

/** The most entities that are looked at for the owners of objects. */
const MAX_ENTITIES = 20_000;

const ID = `metadata.annotations.${ANNOTATION_KUBERNETES_ID}` as const;
const SELECTOR =
  `metadata.annotations.${ANNOTATION_KUBERNETES_LABEL_SELECTOR}` as const;

interface Candidate {
  entityRef: string;
  selection: ObjectSelection;
}

/** Which catalog entity calls an object its own, by the rules of the entity's tab the other way round. */
export class EntityIndex {
  /** By `key=value` of a selector's first equality: most objects meet few candidates. */
  readonly #byLabel = new Map<string, Candidate[]>();
  /** Selectors without an equality. */
  readonly #others: Candidate[] = [];

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
  ownerOf(
    node: Pick<StoredNode, 'labels' | 'namespace' | 'cluster'>,
  ): string | undefined {
    for (const [key, value] of Object.entries(node.labels)) {
      const owner = this.#byLabel
        .get(`${key}=${value}`)
        ?.find(candidate => owns(candidate, node));
      if (owner) {
        return owner.entityRef;
      }
    }
    return this.#others.find(candidate => owns(candidate, node))?.entityRef;
  }

  #add(entity: Entity): void {
    let selection: ObjectSelection | undefined;
    try {
      selection = objectSelection(entity);
    } catch {
      // A faulty selector selects nothing; the entity's own tab says what is wrong with it.
      return;
    }
    if (!selection) {
      return;
    }
    const candidate = { entityRef: stringifyEntityRef(entity), selection };
    const equality = selection.labels.find(isEquality);
    if (!equality) {
      this.#others.push(candidate);
      return;
    }
    const label = `${equality.key}=${equality.values[0]}`;
    const candidates = this.#byLabel.get(label) ?? [];
    candidates.push(candidate);
    this.#byLabel.set(label, candidates);
  }
}

function owns(
  { selection }: Candidate,
  node: Pick<StoredNode, 'labels' | 'namespace' | 'cluster'>,
): boolean {
  const { labels, namespace, clusters } = selection;
  return (
    (namespace === undefined || namespace === node.namespace) &&
    (clusters === undefined || clusters.includes(node.cluster)) &&
    matchesLabels(labels, node.labels)
  );
}

function isEquality({ operator, values }: LabelRequirement): boolean {
  return operator === 'In' && values.length === 1;
}

function byPreference(a: Entity, b: Entity): number {
  const rank = (entity: Entity) =>
    entity.kind.toLocaleLowerCase('en-US') === 'component' ? 0 : 1;
  return (
    rank(a) - rank(b) ||
    stringifyEntityRef(a).localeCompare(stringifyEntityRef(b))
  );
}
