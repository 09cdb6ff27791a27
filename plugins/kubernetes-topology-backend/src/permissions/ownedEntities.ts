import { AuthService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError, toError } from '@backstage/errors';
import {
  Entity,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { NodeFilter, ObjectSelection } from '@kubernetes-topology/engine';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { objectSelection } from '../entity/objectSelection';
import { Selectable, SelectionIndex } from '../entity/selectionIndex';

/** How long an entity that gets another owner keeps the former one's sight. */
const KEPT_MS = 30_000;
const MAX_ENTITIES = 50_000;
/** Every hop of a query carries them all. */
const MAX_LABEL_VALUES = 1000;
/** Subcomponent → component → system → domain → domain, and one more. */
const MAX_DEPTH = 6;

const ID = `metadata.annotations.${ANNOTATION_KUBERNETES_ID}` as const;
const SELECTOR =
  `metadata.annotations.${ANNOTATION_KUBERNETES_LABEL_SELECTOR}` as const;

interface OwnedSelection {
  owners: ReadonlySet<string>;
  selection: ObjectSelection;
}

/**
 * Who owns the objects behind the catalog's entities: an entity's own owners, and those of what it is part of. An object
 * is an entity's when the entity's annotations select it, as in its tab.
 */
export class Ownership {
  readonly #all: OwnedSelection[] = [];
  readonly #index = new SelectionIndex<OwnedSelection>();

  private constructor() {}

  static of(entities: readonly Entity[]): Ownership {
    const ownership = new Ownership();
    const byRef = new Map(
      entities.map(entity => [stringifyEntityRef(entity), entity]),
    );
    for (const entity of entities) {
      const selection = selectionOf(entity);
      if (selection) {
        const owned = { owners: ownersOf(entity, byRef), selection };
        ownership.#all.push(owned);
        ownership.#index.add(selection, owned);
      }
    }
    return ownership;
  }

  /** Entity references of all that own an object. */
  owners(node: Selectable): string[] {
    return [
      ...new Set(
        this.#index.matching(node).flatMap(({ owners }) => [...owners]),
      ),
    ];
  }

  /**
   * The objects of what any of these owns, as a condition for SQL.
   *
   * @throws ServiceUnavailableError when it is more than a query can carry: to leave some out would show too little, or,
   * in a policy that says `not`, too much
   */
  filter(claims: readonly string[]): NodeFilter {
    const wanted = claims.map(lowerCase);
    const parts = mergedSelections(
      this.#all
        .filter(({ owners }) => wanted.some(claim => owners.has(claim)))
        .map(({ selection }) => selection),
    );
    const values = parts.flatMap(({ labels }) =>
      labels.flatMap(label => label.values),
    );
    if (Math.max(parts.length, values.length) > MAX_LABEL_VALUES) {
      throw new ServiceUnavailableError(
        `You own entities with ${values.length} labels of objects; the topology's rule IS_PART_OF_OWNED_ENTITY takes at most ${MAX_LABEL_VALUES}. Ask for a policy by namespace or cluster`,
      );
    }
    return { anyOf: parts.map(selectionFilter) };
  }
}

export interface OwnedEntitiesOptions {
  catalog: CatalogService;
  auth: AuthService;
  now?: () => number;
}

/** Reads the ownership from the catalog and keeps it for half a minute. */
export class OwnedEntities {
  readonly #options: OwnedEntitiesOptions;
  readonly #now: () => number;
  #kept: { at: number; ownership: Promise<Ownership> } | undefined;

  private constructor(options: OwnedEntitiesOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  static create(options: OwnedEntitiesOptions): OwnedEntities {
    return new OwnedEntities(options);
  }

  /** @throws ServiceUnavailableError when the catalog does not answer: nothing is shown rather than too much */
  async ownership(): Promise<Ownership> {
    const kept = this.#kept;
    if (kept && this.#now() - kept.at < KEPT_MS) {
      return kept.ownership;
    }
    const ownership = this.#load();
    const loading = { at: this.#now(), ownership };
    this.#kept = loading;
    ownership.catch(() => {
      if (this.#kept === loading) {
        this.#kept = undefined;
      }
    });
    return ownership;
  }

  /** As the plugin itself: who owns what does not depend on who asks. */
  async #load(): Promise<Ownership> {
    const { auth, catalog } = this.#options;
    const entities: Entity[] = [];
    try {
      const pages = catalog.streamEntities(
        {
          query: {
            $any: [
              { [ID]: { $exists: true } },
              { [SELECTOR]: { $exists: true } },
              { kind: { $in: ['System', 'Domain'] } },
            ],
          },
          fields: ['kind', 'metadata', 'relations'],
        },
        { credentials: await auth.getOwnServiceCredentials() },
      );
      for await (const page of pages) {
        entities.push(...page);
      }
    } catch (error) {
      throw new ServiceUnavailableError(
        `The catalog does not say who owns what: ${toError(error).message}`,
      );
    }
    if (entities.length > MAX_ENTITIES) {
      throw new ServiceUnavailableError(
        `The catalog has ${entities.length} entities with Kubernetes objects; the topology's rule IS_PART_OF_OWNED_ENTITY reads at most ${MAX_ENTITIES}`,
      );
    }
    return Ownership.of(entities);
  }
}

function ownersOf(
  entity: Entity,
  byRef: ReadonlyMap<string, Entity>,
): ReadonlySet<string> {
  const owners = new Set<string>();
  const seen = new Set([entity]);
  let level = [entity];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    level.forEach(each =>
      targets(each, RELATION_OWNED_BY).forEach(owner => owners.add(owner)),
    );
    level = level
      .flatMap(each => targets(each, RELATION_PART_OF))
      .flatMap(ref => byRef.get(ref) ?? [])
      .filter(whole => !seen.has(whole));
    level.forEach(whole => seen.add(whole));
  }
  return owners;
}

function targets(entity: Entity, type: string): string[] {
  return (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => lowerCase(relation.targetRef));
}

function selectionOf(entity: Entity): ObjectSelection | undefined {
  try {
    return objectSelection(entity);
  } catch {
    // A faulty selector selects nothing; the entity's own tab says what is wrong with it.
    return undefined;
  }
}

/** Most differ in the value of one label only: these become one with several values. */
function mergedSelections(
  selections: readonly ObjectSelection[],
): ObjectSelection[] {
  const merged = new Map<string, ObjectSelection>();
  for (const selection of selections) {
    const [label, ...more] = selection.labels;
    const isOneLabel = more.length === 0 && label?.operator === 'In';
    const id = JSON.stringify(
      isOneLabel ? { ...selection, labels: label.key } : selection,
    );
    const former = merged.get(id);
    if (!former) {
      merged.set(id, selection);
    } else if (isOneLabel) {
      const values = new Set([...former.labels[0].values, ...label.values]);
      merged.set(id, {
        ...former,
        labels: [{ ...label, values: [...values] }],
      });
    }
  }
  return [...merged.values()];
}

function selectionFilter({
  labels,
  namespace,
  clusters,
}: ObjectSelection): NodeFilter {
  return {
    allOf: [
      ...labels.map(label => ({ label })),
      ...(namespace === undefined
        ? []
        : [{ key: 'namespace' as const, values: [namespace] }]),
      ...(clusters ? [{ key: 'cluster' as const, values: clusters }] : []),
    ],
  };
}

function lowerCase(text: string): string {
  return text.toLocaleLowerCase('en-US');
}
