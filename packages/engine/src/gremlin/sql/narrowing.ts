import type { GraphDictionaries } from '../dictionaries';
import { FieldPath } from '../fieldPath';
import { Condition } from '../query';
import { conditionSql, MatchingTexts } from './conditionSql';
import { Dialect } from './dialect';
import { FieldSource } from './fieldSource';
import { GraphModel } from './graphModel';
import type { View } from './hops';
import { narrowed, Selection, withRow } from './selection';
import { all, any, sql, Sql } from './sql';
import { Statement } from './statement';

/** Puts a query's conditions into selections. */
export class Narrowing {
  readonly #statement: Statement;
  readonly #dialect: Dialect;
  readonly #model: GraphModel;
  readonly #view: View;
  readonly #dictionaries?: GraphDictionaries;
  /** Distinct values that one pattern is matched against. */
  readonly #patternValues: number;

  constructor(
    statement: Statement,
    dialect: Dialect,
    model: GraphModel,
    view: View,
    patternValues: number,
    dictionaries: GraphDictionaries | undefined,
  ) {
    this.#dictionaries = dictionaries;
    this.#statement = statement;
    this.#model = model;
    this.#view = view;
    this.#dialect = dialect;
    this.#patternValues = patternValues;
  }

  /** All of the conditions, or any. Patterns come last: they are matched against what the others leave. */
  narrow(
    selection: Selection,
    conditions: readonly Condition[],
    either = false,
  ): Selection {
    if (conditions.length === 0) {
      return selection;
    }
    const open = withRow(selection, this.#statement.moment);
    if (either) {
      return narrowed(open, [
        any(conditions.map(each => this.condition(open, each))),
      ]);
    }
    const plain = conditions.filter(each => each.test.test !== 'matches');
    const patterns = conditions.filter(each => each.test.test === 'matches');
    const left = narrowed(
      open,
      plain.map(each => this.condition(open, each)),
    );
    return patterns.reduce(
      (rest, each) => narrowed(rest, [this.condition(rest, each)]),
      left,
    );
  }

  /** All of the conditions, or any, as one. */
  combined(
    selection: Selection,
    conditions: readonly Condition[],
    either: boolean,
  ): Sql {
    const each = conditions.map(one => this.condition(selection, one));
    return either ? any(each) : all(each);
  }

  condition(selection: Selection, { field, test }: Condition): Sql {
    return conditionSql(
      this.field(selection, field),
      test,
      this.#dialect,
      this.#matching(selection),
    );
  }

  field(selection: Selection, path: FieldPath): FieldSource {
    return selection.element === 'nodes'
      ? this.#model.nodeField(
          path,
          this.#dialect,
          this.#view,
          this.#dictionaries,
        )
      : this.#model.edgeField(
          path,
          this.#dialect,
          this.#statement.moment,
          this.#dictionaries,
        );
  }

  /** The distinct texts that the field has in the selection: looked up first, matched in process, then bound. */
  #matching(selection: Selection): MatchingTexts {
    return (source, pattern) => {
      const { from, where } = selection;
      const textsOf = (text: Sql, table: Sql, conditions: readonly Sql[]) =>
        sql`${text} AS v FROM ${table} WHERE ${all([
          ...conditions,
          sql`${text} IS NOT NULL`,
          ...(pattern.mustContain !== undefined
            ? [this.#dialect.contains(text, pattern.mustContain)]
            : []),
        ])}`;
      let arms: Sql[];
      if (source.form === 'dictionary') {
        arms = [textsOf(source.value, source.table, [])];
      } else if (source.form === 'json') {
        arms = source.paths.map(path => {
          const rows = this.#dialect.jsonAtoms(source.document, path);
          return textsOf(
            rows.atom.text!,
            sql`${from} CROSS JOIN ${rows.from}`,
            [...where, ...rows.where],
          );
        });
      } else {
        arms = [textsOf(source.value, from, where)];
      }
      const distinct =
        this.#statement.moment.isPast || arms.length > 1
          ? sql`v FROM ${Sql.name(
              this.#statement.add(
                'l',
                arms.flatMap(() => selection.sources),
                () =>
                  Sql.join(
                    arms.map(arm => sql`SELECT ${arm}`),
                    sql` UNION ALL `,
                  ),
              ),
            )}`
          : arms[0];
      const found = this.#statement.addLookup(
        sql`SELECT DISTINCT ${distinct} LIMIT ${this.#patternValues + 1}`,
        pattern,
      );
      return value => this.#dialect.inJsonList(value, sql`${found}`);
    };
  }
}
