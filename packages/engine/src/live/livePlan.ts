import { GremlinError } from '../gremlin/gremlinError';
import { namesField } from '../gremlin/namedFields';
import { parseGremlin } from '../gremlin/parseGremlin';
import { Query, Step } from '../gremlin/query';
import { HasStep } from './elementTest';

/**
 * How an answer is kept up to date.
 *
 * - `filter`: nodes by their own fields alone. A change of a node concerns this node only.
 * - `walk`: from such nodes over edges. It is asked anew when a change touches a node that the walk has met, or that
 *   joins those it starts from. `met` are the queries for all that it meets.
 * - `whole`: what depends on everything; asked anew after every change.
 */
export type LivePlan =
  | { kind: 'filter'; has: readonly HasStep[] }
  | { kind: 'walk'; start: readonly HasStep[]; met: readonly string[] }
  | { kind: 'whole' };

/** Steps that meet nodes which the ones before have not. */
const MEETS: ReadonlySet<Step['step']> = new Set<Step['step']>([
  'follow',
  'ends',
  'closure',
]);
/** Steps that meet none, and whose outcome depends on nothing but what was met. */
const WITHIN: ReadonlySet<Step['step']> = new Set<Step['step']>([
  'has',
  'dedup',
  'range',
  'sort',
  'count',
  'values',
  'valueMap',
  'keys',
  'subGraph',
  'as',
  'select',
]);

/** @throws GremlinError for a query that is wrong, or that asks for a time: the past does not change */
export function livePlan(text: string): LivePlan {
  const query = parseGremlin(text);
  const past = query.steps.find(({ step }) => step === 'at');
  if (past) {
    throw new GremlinError({
      text,
      at: past.at,
      problem: 'a live query is about now: what was does not change any more',
    });
  }
  // Of a workload that depends on its pods: a change of theirs is none of the workload itself.
  if (namesField(query.steps, 'Stale')) {
    return { kind: 'whole' };
  }
  const [, first, ...rest] = query.steps;
  if (first?.step !== 'nodes' || first.ids.length > 0) {
    return { kind: 'whole' };
  }
  const firstOther = rest.findIndex(({ step }) => step !== 'has');
  const start = (firstOther < 0 ? rest : rest.slice(0, firstOther)).filter(
    (step): step is HasStep => step.step === 'has',
  );
  if (firstOther < 0) {
    return { kind: 'filter', has: start };
  }
  const then = rest.slice(firstOther);
  return then.every(({ step }) => MEETS.has(step) || WITHIN.has(step))
    ? { kind: 'walk', start, met: metQueries(query, then) }
    : { kind: 'whole' };
}

/** The text up to each step that meets nodes, and the start; what is filtered later was met all the same. */
function metQueries({ text, steps }: Query, then: readonly Step[]): string[] {
  const begin = textBefore(text, then[0]);
  const walks = then.flatMap(step => {
    if (!MEETS.has(step.step) || !leadsToNodes(step)) {
      return [];
    }
    const next = steps[steps.indexOf(step) + 1];
    const upTo = next ? textBefore(text, next) : text;
    return [withoutConditions(upTo, step)];
  });
  return [begin, ...walks];
}

function leadsToNodes(step: Step): boolean {
  return step.step !== 'follow' || step.to === 'nodes';
}

/** A step's place is its name's: the dot before it goes as well. */
function textBefore(text: string, { at }: Step): string {
  return text.slice(0, at.offset).replace(/[\s.]+$/, '');
}

/** `….Out('Type', 'pod')` meets every node that `….Out()` does. */
function withoutConditions(text: string, step: Step): string {
  if (step.step === 'closure' || !('conditions' in step)) {
    return text;
  }
  const name = /^\w+/.exec(text.slice(step.at.offset))![0];
  return `${text.slice(0, step.at.offset)}${name}()`;
}
