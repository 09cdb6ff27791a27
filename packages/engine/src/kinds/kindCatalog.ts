import { KindId, kindText } from './identity';
import { KindDefinition } from './kindDefinition';
import { KIND_DEFINITIONS } from './index';
import { Relation } from './relation';
import { ownerRelation, RELATIONS } from './relations';

/** A kind as discovery tells it, one per group and kind: the version that the server prefers. */
export interface ServedKind {
  id: KindId;
  version: string;
  plural: string;
  namespaced: boolean;
}

/**
 * Everything that the engine knows of kinds and relations: those of this folder, rule files, the users' own rules, and a
 * generic definition for the rest. Made from plain data, so that a worker thread makes the same one.
 */
export class KindCatalog {
  readonly #definitions: ReadonlyMap<string, KindDefinition>;

  static create(): KindCatalog {
    return new KindCatalog();
  }

  private constructor() {
    this.#definitions = new Map(
      KIND_DEFINITIONS.map(definition => [kindText(definition.id), definition]),
    );
  }

  /** All that an edge may be. */
  get relations(): readonly Relation[] {
    return RELATIONS;
  }

  /** How a served kind is read; `undefined` for one that is not. */
  definitionFor(served: ServedKind): KindDefinition | undefined {
    return this.#definitions.get(kindText(served.id));
  }

  /** The relation of an owner reference; the owner is the edge's source. */
  ownerRelation(owner: KindId, owned: KindId): Relation {
    return ownerRelation(owner, owned);
  }
}
