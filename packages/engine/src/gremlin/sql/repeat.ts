import { Step, Traversal } from '../query';
import { Dialect } from './dialect';
import { Scope, View } from './hops';
import { Narrowing } from './narrowing';
import { columnsOf, reopen, Selection, Stage } from './selection';
import { list, sql, Sql } from './sql';
import { Statement } from './statement';

export type RepeatStep = Extract<Step, { step: 'repeat' }>;

/** What a repetition needs of the compilation that it is a part of. */
export interface Repeating {
  statement: Statement;
  dialect: Dialect;
  narrowing: Narrowing;
  view: View;
  scope?: Scope;
  /** Steps along a way, where ways are kept. */
  depth: number;
  /** Ends the recursion after so many rows; only SQLite can. */
  rows?: number;
  close(selection: Selection): Stage;
  /** Applies the steps of a traversal. */
  run(selection: Selection, traversal: Traversal): Selection;
  /** Those for which the traversal finds something, or nothing. */
  where(selection: Selection, traversal: Traversal, finds: boolean): Selection;
}

export function isHas(step: Step): boolean {
  return step.step === 'has';
}

/** The occurrences of several stages of the same form. */
export function together(stages: readonly Stage[]): Selection {
  if (stages.length === 1) {
    return reopen(stages[0]);
  }
  const [{ element, extras }] = stages;
  const columns = columnsOf({ element, extras });
  const arms = stages.map(
    ({ table, counted }) =>
      sql`SELECT ${list(columns)}, ${
        counted ? sql`times` : sql`1`
      } AS times FROM ${Sql.name(table)}`,
  );
  return {
    element,
    from: sql`(${Sql.join(arms, sql` UNION ALL `)}) s`,
    where: [],
    sources: stages.map(({ table }) => table),
    extras,
    keys: columns.map(column => sql`s.${column}`),
    times: sql`s.times`,
    repeats: true,
    hasRow: false,
  };
}
