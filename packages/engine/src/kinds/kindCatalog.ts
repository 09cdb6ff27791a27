import { genericKind, ServedAs } from './genericKind';
import { KindId, kindText } from './identity';
import { KindDefinition } from './kindDefinition';
import { KIND_DEFINITIONS } from './index';
import { isInScope, isWorthReading, KindScope } from './kindScope';
import { Relation } from './relation';
import { ownerRelation, RELATIONS } from './relations';
import { NamedRules } from './rules/loadRules';
import { assertMetadataPaths } from './rules/metadataPaths';
import { relationNameOf, relationsOf } from './rules/relationsOf';
import { extendedKind, ruleKind } from './rules/ruleKind';
import { KindRules } from './rules/ruleSchema';

/** A kind as discovery tells it, one per group and kind: the version that the server prefers. */
export interface ServedKind extends ServedAs {
  /** All that the server offers, where that is known; the preferred one may be too new for a definition. */
  versions?: readonly string[];
  /** What can be done with it, where that is known: without list and watch it is not read. */
  verbs?: readonly string[];
}

/** What a catalog is made from. Plain data: a worker thread is given the same and makes the same catalog. */
export interface KindCatalogData {
  /** Those that come with the engine (`loadShippedRules`), then the users' own, which speak first. */
  rules?: readonly NamedRules[];
  /** Which kinds are read at all. */
  scope?: KindScope;
}

/**
 * Everything that the engine knows of kinds and relations: those of this folder, rule files, the users' own rules, and a
 * generic definition for the rest.
 */
export class KindCatalog {
  readonly data: KindCatalogData;
  /** All that an edge may be. */
  readonly relations: readonly Relation[];
  readonly #definitions: ReadonlyMap<string, KindDefinition>;
  readonly #rules: ReadonlyMap<string, KindRules[]>;
  readonly #ownerRelations: ReadonlyMap<string, Relation>;
  readonly #given = new Map<string, KindDefinition>();

  /** @throws RulesError when rules contradict each other or the engine's own kinds */
  static create(data: KindCatalogData = {}): KindCatalog {
    return new KindCatalog(data);
  }

  private constructor(data: KindCatalogData) {
    const { rules = [] } = data;
    this.data = data;
    this.relations = [...RELATIONS, ...relationsOf(rules, RELATIONS)];
    this.#rules = rulesByKind(rules);
    this.#ownerRelations = ownerRelationsOf(this.#rules, this.relations);
    this.#definitions = new Map(
      KIND_DEFINITIONS.map(definition => [kindText(definition.id), definition]),
    );
    for (const named of rules) {
      for (const kind of named.rules.kinds) {
        if (
          kind.metadataOnly ||
          this.#definitions.get(kind.kind)?.metadataOnly
        ) {
          assertMetadataPaths(named, kind);
        }
      }
    }
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
    const { plural, namespaced, version, versions = [version] } = served;
    const key = JSON.stringify([kindText(id), plural, namespaced, versions]);
    const given =
      this.#given.get(key) ??
      this.#definition({ id, plural, namespaced, version }, versions);
    this.#given.set(key, given);
    return given;
  }

  /** The relation of an owner reference; the owner is the edge's source. */
  ownerRelation(owner: KindId, owned: KindId): Relation {
    return (
      this.#ownerRelations.get(pairText(kindText(owner), kindText(owned))) ??
      ownerRelation(owner, owned)
    );
  }

  #definition(served: ServedAs, versions: readonly string[]): KindDefinition {
    const text = kindText(served.id);
    const isNamespaced = (id: KindId) =>
      this.#definitions.get(kindText(id))?.namespaced;
    const known = this.#definitions.get(text);
    const version =
      known &&
      [known.version, ...(known.readableVersions ?? [])].find(each =>
        versions.includes(each),
      );
    if (known && version !== undefined) {
      const rules = this.#rulesFor(text, version);
      const inVersion =
        version === known.version ? known : { ...known, version };
      return rules.length > 0
        ? extendedKind(inVersion, rules, isNamespaced)
        : inVersion;
    }
    const fitting = this.#versionWithRules(text, versions) ?? served.version;
    const rules = this.#rulesFor(text, fitting);
    return rules.length > 0
      ? ruleKind({ ...served, version: fitting }, rules, isNamespaced)
      : genericKind(served);
  }

  /** The first of the offered versions that rules ask for; `undefined` when they ask for none of them. */
  #versionWithRules(
    text: string,
    versions: readonly string[],
  ): string | undefined {
    const wanted = (this.#rules.get(text) ?? []).flatMap(
      rules => rules.versions ?? [],
    );
    return wanted.find(version => versions.includes(version));
  }

  #rulesFor(text: string, version: string): KindRules[] {
    return (this.#rules.get(text) ?? []).filter(
      ({ versions }) => !versions || versions.includes(version),
    );
  }
}

function rulesByKind(
  ruleSets: readonly NamedRules[],
): ReadonlyMap<string, KindRules[]> {
  const byKind = new Map<string, KindRules[]>();
  for (const kind of ruleSets.flatMap(({ rules }) => rules.kinds)) {
    byKind.set(kind.kind, [...(byKind.get(kind.kind) ?? []), kind]);
  }
  return byKind;
}

/** Owner references whose edges rules give a name of their own. */
function ownerRelationsOf(
  rules: ReadonlyMap<string, KindRules[]>,
  relations: readonly Relation[],
): ReadonlyMap<string, Relation> {
  const byName = new Map(relations.map(each => [each.name, each]));
  const pairs = new Map<string, Relation>();
  for (const { kind, owns } of [...rules.values()].flat()) {
    const [word] = kind.split('.');
    for (const owned of owns) {
      const name = relationNameOf(word.toLowerCase(), owned);
      pairs.set(pairText(kind, owned.kind), byName.get(name)!);
    }
  }
  return pairs;
}

function pairText(owner: string, owned: string): string {
  return `${owner} ${owned}`;
}
