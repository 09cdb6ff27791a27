import { Moment } from '../../store/moment';
import { Step, Test, Traversal } from '../query';
import { conditionSql } from './conditionSql';
import { Dialect } from './dialect';
import { Narrowing } from './narrowing';
import {
  idColumns,
  narrowed,
  reopen,
  Selection,
  Stage,
  whereOf,
  withRow,
} from './selection';
import { all, any, FALSE, list, not, sql, Sql } from './sql';
import { Statement } from './statement';

/** What conditions need of the compilation that they are a part of. */
export interface ConditionParts {
  statement: Statement;
  dialect: Dialect;
  narrowing: Narrowing;
  moment: Moment;
  close(selection: Selection): Stage;
  /** Applies the steps; `count`: the tests of how many there are, where a count ends them. */
  traverse(
    start: Selection,
    traversal: Traversal,
  ): { selection: Selection; count?: Test[] };
}

const ORIGINS = ['origin', 'origin_rel', 'origin_dst'] as const;

/** Whether a traversal stays at its element. */
function isPlain({ steps }: Traversal): boolean {
  return steps.every(
    each =>
      each.step === 'has' || (each.step === 'where' && each.of.every(isPlain)),
  );
}

/** The elements for which steps find something: `Where`, `Not`, `And` and `Or`. */
export class Conditions {
  readonly #parts: ConditionParts;

  constructor(parts: ConditionParts) {
    this.#parts = parts;
  }

  where(
    { match, of }: Omit<Extract<Step, { step: 'where' }>, 'at'>,
    selection: Selection,
  ): Selection {
    const plain = of.every(isPlain);
    // Of what the conditions only look at, nothing has to be counted before.
    const stage = plain ? undefined : this.#parts.close(selection);
    const open = of.some(isPlain)
      ? withRow(stage ? reopen(stage) : selection, this.#parts.moment)
      : reopen(stage!);
    const sources: string[] = [];
    const finds = of.map(traversal =>
      isPlain(traversal)
        ? this.#holds(traversal, open)
        : this.#finds(traversal, open, stage!, sources),
    );
    const condition = {
      all: () => all(finds),
      any: () => any(finds),
      none: () => not(any(finds)),
    }[match]();
    return {
      ...narrowed(open, [condition]),
      sources: [...open.sources, ...sources],
    };
  }

  /** A traversal that goes nowhere, as a condition on the element's row. */
  #holds({ steps }: Traversal, open: Selection): Sql {
    return all(
      steps.map(step => {
        if (step.step === 'has') {
          return this.#parts.narrowing.combined(
            open,
            step.conditions,
            step.match === 'any',
          );
        }
        if (step.step !== 'where') {
          throw new Error(`${step.step} goes somewhere`);
        }
        const each = step.of.map(of => this.#holds(of, open));
        if (step.match === 'none') {
          return not(any(each));
        }
        return step.match === 'any' ? any(each) : all(each);
      }),
    );
  }

  /** Follows a traversal from all elements of a stage at once, each result with the element that it was found from. */
  #finds(
    traversal: Traversal,
    open: Selection,
    stage: Stage,
    sources: string[],
  ): Sql {
    const ids = idColumns(stage.element);
    const extras = ORIGINS.slice(0, ids.length);
    const origins = extras.map(Sql.name);
    const start = this.#parts.statement.add(
      'w',
      [stage.table],
      () =>
        sql`SELECT DISTINCT ${list([
          ...ids,
          ...ids.map((column, i) => sql`${column} AS ${origins[i]}`),
        ])} FROM ${Sql.name(stage.table)}`,
    );
    const { selection, count } = this.#parts.traverse(
      reopen({
        element: stage.element,
        table: start,
        extras,
        counted: false,
        sorted: false,
      }),
      traversal,
    );
    const id = list(open.keys.slice(0, ids.length));
    const row = ids.length > 1 ? sql`(${id})` : id;
    if (!count) {
      sources.push(...selection.sources);
      return sql`${row} IN (SELECT ${list(
        origins.map(
          (_, i) => selection.keys[idColumns(selection.element).length + i],
        ),
      )} FROM ${selection.from}${whereOf(selection.where)})`;
    }
    const found = this.#parts.close(selection);
    const counts = this.#parts.statement.add(
      'c',
      [start, found.table],
      () =>
        sql`SELECT ${list(
          origins.map(column => sql`t.${column}`),
        )}, coalesce(sum(${
          found.counted
            ? sql`s.times`
            : sql`CASE WHEN s.origin IS NULL THEN 0 ELSE 1 END`
        }), 0) AS found FROM ${Sql.name(start)} t LEFT JOIN ${Sql.name(
          found.table,
        )} s ON ${Sql.join(
          origins.map(column => sql`s.${column} = t.${column}`),
          sql` AND `,
        )} GROUP BY ${list(origins.map(column => sql`t.${column}`))}`,
    );
    sources.push(counts);
    return sql`${row} IN (SELECT ${list(origins)} FROM ${Sql.name(
      counts,
    )} WHERE ${all(
      count.map(test =>
        conditionSql(
          { form: 'number', value: sql`found` },
          test,
          this.#parts.dialect,
          () => () => FALSE,
        ),
      ),
    )})`;
  }
}
