import { Knex } from 'knex';
import { Relation } from '../kinds/relation';
import { StatusLevel } from '../kinds/status';
import { NodeFilter } from '../store/nodeFilter';
import { SqlFragment, nodeFilterSql } from '../store/nodeFilterSql';
import { SqlDialect, selectRows } from '../store/sqlDialect';
import { CausalGraphEdge } from './causalGraph';

/** Where the analysis reads from, and what the asker may see of it. */
export interface CausalSource {
  knex: Knex;
  dialect: SqlDialect;
  filter: NodeFilter | undefined;
  relations: CausalRelations;
}

export type CausalRelation = CausalGraphEdge['relation'] & { id: number };

/** The relations over which failure flows or that tell who controls what, by their ids in the database. */
export class CausalRelations {
  readonly #byId: ReadonlyMap<number, CausalRelation>;

  private constructor(relations: readonly CausalRelation[]) {
    this.#byId = new Map(relations.map(relation => [relation.id, relation]));
  }

  static async load(knex: Knex): Promise<CausalRelations> {
    const rows = await selectRows<{
      id: number;
      name: string;
      relation_type: string;
      class: Relation['class'];
      suffers: Relation['suffers'];
      strength: Relation['strength'];
      inferred: number;
    }>(
      knex,
      `SELECT id, name, relation_type, class, suffers, strength, inferred FROM relations
       WHERE suffers <> 'none' OR class = 'control'`,
    );
    return new CausalRelations(
      rows.map(({ relation_type: relationType, inferred, ...row }) => ({
        ...row,
        relationType,
        ...(Number(inferred) === 1 && { inferred: true }),
      })),
    );
  }

  get(id: number): CausalRelation | undefined {
    return this.#byId.get(id);
  }

  ids(): number[] {
    return [...this.#byId.keys()];
  }

  suffering(end: Relation['suffers']): number[] {
    return this.#idsOf(relation => relation.suffers === end);
  }

  named(names: ReadonlySet<string>): number[] {
    return this.#idsOf(({ name }) => names.has(name));
  }

  controlling(): number[] {
    return this.#idsOf(relation => relation.class === 'control');
  }

  #idsOf(wanted: (relation: CausalRelation) => boolean): number[] {
    return [...this.#byId.values()].filter(wanted).map(({ id }) => id);
  }
}

/** Objects at these levels break nothing: the way ends before them. */
export const HARMLESS: readonly StatusLevel[] = [
  'ok',
  'history',
  'idle',
  'suspended',
  'maintenance',
];

export function visible({ filter }: CausalSource): SqlFragment {
  return nodeFilterSql(filter, 'n');
}

/** `?, ?, ?`; `NULL` for none, which `IN` never matches. */
export function placeholders(values: readonly unknown[]): string {
  return values.length === 0 ? 'NULL' : values.map(() => '?').join(', ');
}
