import { FieldPath } from '../fieldPath';
import { Condition } from '../query';
import { conditionSql, MatchingTexts } from './conditionSql';
import { Dialect } from './dialect';
import { edgeField } from './edgeFields';
import { FieldSource } from './fieldSource';
import { nodeField } from './nodeFields';
import { narrowed, Selection, withRow } from './selection';
import { all, any, sql, Sql } from './sql';
import { Statement } from './statement';

/** Puts a query's conditions into selections. */
export class Narrowing {
  readonly #statement: Statement;
  readonly #dialect: Dialect;
  /** Distinct values that one pattern is matched against. */
  readonly #patternValues: number;

  constructor(statement: Statement, dialect: Dialect, patternValues: number) {
    this.#statement = statement;
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
      ? nodeField(path, this.#dialect)
      : edgeField(path, this.#dialect, this.#statement.moment);
  }

  /** The distinct texts that the field has in the selection: looked up first, matched in process, then bound. */
  #matching(selection: Selection): MatchingTexts {
    return (source, pattern) => {
      let from = selection.from;
      let where = selection.where;
      let text: Sql;
      if (source.form === 'dictionary') {
        from = source.table;
        where = [];
        text = source.value;
      } else if (source.form === 'json') {
        const rows = this.#dialect.jsonAtoms(source.document, source.path);
        from = sql`${from} CROSS JOIN ${rows.from}`;
        where = [...where, ...rows.where];
        text = rows.atom.text!;
      } else {
        text = source.value;
      }
      const conditions = [
        ...where,
        sql`${text} IS NOT NULL`,
        ...(pattern.mustContain !== undefined
          ? [this.#dialect.contains(text, pattern.mustContain)]
          : []),
      ];
      const texts = sql`${text} AS v FROM ${from} WHERE ${all(conditions)}`;
      const distinct = this.#statement.moment.isPast
        ? sql`v FROM ${Sql.name(
            this.#statement.add(
              'l',
              selection.sources,
              () => sql`SELECT ${texts}`,
            ),
          )}`
        : texts;
      const found = this.#statement.addLookup(
        sql`SELECT DISTINCT ${distinct} LIMIT ${this.#patternValues + 1}`,
        pattern,
      );
      return value => this.#dialect.inJsonList(value, sql`${found}`);
    };
  }
}
