import { Traversal } from '../query';
import { allNodes } from './hops';
import { isHas, Repeating, RepeatStep, together } from './repeat';
import { narrowed, reopen, Selection, Stage } from './selection';
import { sql, Sql } from './sql';

/** So many times: as the body written one behind the other, occurrences and all. */
export function unrolled(
  step: RepeatStep & { times: number },
  selection: Selection,
  repeating: Repeating,
): Selection {
  const { close, run } = repeating;
  const parts: Stage[] = [];
  const emits = step.emit?.of && splitter(step.emit.of, repeating);
  const emitted = (stage: Stage) => (emits ? close(emits(stage, true)) : stage);
  const isDone = step.until && splitter(step.until.of, repeating);
  const until = (stage: Stage): Stage => {
    if (!isDone) {
      return stage;
    }
    parts.push(close(isDone(stage, true)));
    return close(isDone(stage, false));
  };
  let current = close({ ...selection, position: undefined });
  if (step.until?.before) {
    current = until(current);
  }
  if (step.emit?.before && step.times > 0) {
    parts.push(emitted(current));
  }
  for (let i = 1; i <= step.times; i++) {
    current = until(close(run(reopen(current), step.body)));
    if (step.emit && i < step.times) {
      parts.push(emitted(current));
    }
  }
  return together([...parts, current]);
}

/**
 * Those of a stage for which a condition holds, or does not. A condition that goes elsewhere is answered once, for all
 * nodes: SQLite copies an expression for each mention of it, and of mentions in every round.
 */
function splitter(
  of: Traversal,
  { view, dialect, close, where }: Repeating,
): (stage: Stage, holds: boolean) => Selection {
  if (of.steps.every(isHas)) {
    return (stage, holds) => where(reopen(stage), of, holds);
  }
  const everything = allNodes({ ...view, extras: [] }, undefined, [], dialect);
  const { table } = close(where(everything, of, true));
  const found = sql`(SELECT id FROM ${Sql.name(table)})`;
  return (stage, holds) => {
    const selection = narrowed(reopen(stage), [
      holds ? sql`s.id IN ${found}` : sql`s.id NOT IN ${found}`,
    ]);
    return { ...selection, sources: [...selection.sources, table] };
  };
}
