import { Knex } from 'knex';
import { KindId, kindText } from '../kinds/identity';
import { kindType } from '../kinds/kindIds';
import { Relation } from '../kinds/relation';
import { UnknownRelationError } from '../kinds/relations';
import { jsonValue, selectRows, SqlDialect } from './sqlDialect';

interface RelationRow {
  id: number;
  name: string;
  relation_type: string;
  class: string;
  suffers: string;
  strength: string;
  inferred: number;
  metadata: unknown;
}

/** Kinds, relations and clusters by their small integers in SQL. They are only ever added. */
export class Dictionaries {
  readonly #knex: Knex;
  readonly #dialect: SqlDialect;
  readonly #definitions: ReadonlyMap<string, Relation>;
  readonly #kinds = new Map<string, number>();
  readonly #relations = new Map<string, number>();
  readonly #relationsById = new Map<number, Relation>();
  readonly #clusters = new Map<string, number>();

  static async create(
    knex: Knex,
    dialect: SqlDialect,
    definitions: { kinds: readonly KindId[]; relations: readonly Relation[] },
  ): Promise<Dictionaries> {
    const dictionaries = new Dictionaries(knex, dialect, definitions.relations);
    await dictionaries.#writeRelations(definitions.relations);
    await dictionaries.kindIds(definitions.kinds);
    return dictionaries;
  }

  private constructor(
    knex: Knex,
    dialect: SqlDialect,
    relations: readonly Relation[],
  ) {
    this.#knex = knex;
    this.#dialect = dialect;
    this.#definitions = new Map(relations.map(each => [each.name, each]));
  }

  /** Ids of kinds by their text; kinds that are new, such as of a missing object, are added. */
  async kindIds(kinds: Iterable<KindId>): Promise<ReadonlyMap<string, number>> {
    const unknown = new Map<string, KindId>();
    for (const kind of kinds) {
      const text = kindText(kind);
      if (!this.#kinds.has(text)) {
        unknown.set(text, kind);
      }
    }
    if (unknown.size > 0) {
      await this.#add('kinds', async trx => {
        for (const [text, { group, kind }] of unknown) {
          await trx.raw(
            `INSERT INTO kinds (id, api_group, kind, type, text)
             SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ? FROM kinds WHERE true
             ON CONFLICT (text) DO NOTHING`,
            [group, kind, kindType({ group, kind }), text],
          );
        }
      });
      const rows = await selectRows<{ id: number; text: string }>(
        this.#knex,
        'SELECT id, text FROM kinds',
      );
      for (const { id, text } of rows) {
        this.#kinds.set(text, Number(id));
      }
    }
    return this.#kinds;
  }

  /** @throws UnknownRelationError */
  relationId(name: string): number {
    const id = this.#relations.get(name);
    if (id === undefined) {
      throw new UnknownRelationError(name);
    }
    return id;
  }

  /** Undefined for a relation that this version does not know, nor the database when this process started. */
  relation(id: number): Relation | undefined {
    return this.#relationsById.get(id);
  }

  /** Ids of the relations that a condition chooses. */
  relationIds(chosen: (relation: Relation) => boolean): number[] {
    return [...this.#relationsById].flatMap(([id, relation]) =>
      chosen(relation) ? [id] : [],
    );
  }

  /** The cluster's id; a new cluster is `syncing`. */
  async clusterId(name: string, at: number): Promise<number> {
    const known = this.#clusters.get(name);
    if (known !== undefined) {
      return known;
    }
    await this.#add('clusters', trx =>
      trx.raw(
        `INSERT INTO clusters (id, name, state, message, at)
         SELECT COALESCE(MAX(id), 0) + 1, ?, 'syncing', '', CAST(? AS bigint) FROM clusters WHERE true
         ON CONFLICT (name) DO NOTHING`,
        [name, at],
      ),
    );
    const [{ id }] = await selectRows<{ id: number }>(
      this.#knex,
      'SELECT id FROM clusters WHERE name = ?',
      [name],
    );
    this.#clusters.set(name, id);
    return id;
  }

  forgetCluster(name: string): void {
    this.#clusters.delete(name);
  }

  async #writeRelations(relations: readonly Relation[]): Promise<void> {
    await this.#add('relations', async trx => {
      for (const relation of relations) {
        await trx.raw(
          `INSERT INTO relations (id, name, relation_type, class, suffers, strength, inferred, metadata)
           SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, CAST(? AS integer), ${
             this.#dialect.isPostgres ? '?::jsonb' : '?'
           } FROM relations WHERE true
           ON CONFLICT (name) DO UPDATE SET
             relation_type = excluded.relation_type, class = excluded.class,
             suffers = excluded.suffers, strength = excluded.strength,
             inferred = excluded.inferred,
             metadata = excluded.metadata`,
          [
            relation.name,
            relation.relationType,
            relation.class,
            relation.suffers,
            relation.strength,
            relation.inferred ? 1 : 0,
            JSON.stringify({
              ...relation.metadata,
              // So that a query can leave guesses out.
              ...(relation.inferred && { Inferred: true }),
            }),
          ],
        );
      }
    });
    const rows = await selectRows<RelationRow>(
      this.#knex,
      'SELECT id, name, relation_type, class, suffers, strength, inferred, metadata FROM relations',
    );
    for (const row of rows) {
      this.#relations.set(row.name, row.id);
      this.#relationsById.set(
        row.id,
        this.#definitions.get(row.name) ?? relationFrom(row),
      );
    }
  }

  /** Several processes may add at once: the numbers must not collide. */
  async #add(
    table: string,
    write: (trx: Knex.Transaction) => Promise<unknown>,
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      if (this.#dialect.isPostgres) {
        await trx.raw(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
      }
      await write(trx);
    });
  }
}

/** Written by another version of the engine. */
function relationFrom(row: RelationRow): Relation {
  return {
    name: row.name,
    relationType: row.relation_type,
    class: row.class as Relation['class'],
    rules: [],
    suffers: row.suffers as Relation['suffers'],
    strength: row.strength as Relation['strength'],
    bitesAt: [],
    ...(Number(row.inferred) === 1 && { inferred: true }),
    metadata: jsonValue(row.metadata),
  };
}
