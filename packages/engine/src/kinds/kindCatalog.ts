import { genericKind } from './genericKind';
import { KindId, kindText } from './identity';
import { KindDefinition } from './kindDefinition';
import { KIND_DEFINITIONS } from './index';
import { isInScope, isWorthReading, KindScope } from './kindScope';
import { Relation } from './relation';
import { ownerRelation, RELATIONS } from './relations';

/** A kind as discovery tells it, one per group and kind: the version that the server prefers. */
export interface ServedKind {
  id: KindId;
  version: string;
  plural: string;
  namespaced: boolean;
  /** All that the server offers, where that is known; the preferred one may be too new for a definition. */
  versions?: readonly string[];
  /** What can be done with it, where that is known: without list and watch it is not read. */
  verbs?: readonly string[];
}

/** What a catalog is made from. Plain data: a worker thread is given the same and makes the same catalog. */
export interface KindCatalogData {
  /** Which kinds are read at all. */
  scope?: KindScope;
}

/**
 * Everything that the engine knows of kinds and relations: those of this folder, rule files, the users' own rules, and a
 * generic definition for the rest.
 */
export class KindCatalog {
  readonly data: KindCatalogData;
  readonly #definitions: ReadonlyMap<string, KindDefinition>;
  readonly #given = new Map<string, KindDefinition>();

  static create(data: KindCatalogData = {}): KindCatalog {
    return new KindCatalog(data);
  }

  private constructor(data: KindCatalogData) {
    this.data = data;
    this.#definitions = new Map(
      KIND_DEFINITIONS.map(definition => [kindText(definition.id), definition]),
    );
  }

  /** All that an edge may be. */
  get relations(): readonly Relation[] {
    return RELATIONS;
  }

  /** How a served kind is read; `undefined` for one that is not. The same question has the same answer, by identity. */
  definitionFor(served: ServedKind): KindDefinition | undefined {
    const { id, verbs } = served;
    const canBeRead =
      !verbs || (verbs.includes('list') && verbs.includes('watch'));
    if (
      !canBeRead ||
      !isWorthReading(id) ||
      !isInScope(id, this.data.scope ?? {})
    ) {
      return undefined;
    }
    const known = this.#definitions.get(kindText(id));
    const version = known && readableVersion(known, served);
    const definition =
      known && version !== undefined
        ? inVersion(known, version)
        : genericKind({
            id,
            version: served.version,
            plural: served.plural,
            namespaced: served.namespaced,
          });
    return this.#once(definition, served);
  }

  /** The relation of an owner reference; the owner is the edge's source. */
  ownerRelation(owner: KindId, owned: KindId): Relation {
    return ownerRelation(owner, owned);
  }

  #once(definition: KindDefinition, served: ServedKind): KindDefinition {
    const key = [
      kindText(served.id),
      definition.version,
      served.plural,
      served.namespaced,
    ].join(' ');
    const given = this.#given.get(key) ?? definition;
    this.#given.set(key, given);
    return given;
  }
}

/** The version to read a known kind in: the definition's own before the server's favourite. */
function readableVersion(
  definition: KindDefinition,
  { version, versions = [version] }: ServedKind,
): string | undefined {
  const readable = [definition.version, ...(definition.readableVersions ?? [])];
  return readable.find(each => versions.includes(each));
}

function inVersion(
  definition: KindDefinition,
  version: string,
): KindDefinition {
  return definition.version === version
    ? definition
    : { ...definition, version };
}
