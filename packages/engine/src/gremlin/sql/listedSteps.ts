import { Step } from '../query';
import { Compilation } from './compilation';
import { nodesOnPaths, Paths, pathsCount, pathsRange } from './paths';
import { reopen, Selection } from './selection';
import { elements, State } from './state';
import { subGraphStep } from './subGraphStep';
import { trailItem } from './trail';
import { valuesCount, valuesDedup, valuesRange } from './values';

/** Steps behind `Values`. */
export function onValues(
  step: Step,
  state: Extract<State, { stream: 'values' }>,
  { statement, dialect }: Compilation,
): State {
  const { values, then } = state;
  if (then.length > 0) {
    return { ...state, then: [...then, step] };
  }
  switch (step.step) {
    case 'dedup':
      return { ...state, values: valuesDedup(values, statement) };
    case 'range':
      return {
        ...state,
        values: valuesRange(values, step.from, step.to, statement, dialect),
      };
    case 'count':
      return { stream: 'number', count: valuesCount(values) };
    default:
      return { ...state, then: [step] };
  }
}

/** Steps behind `Path` and `ShortestPathTo`. */
export function onPaths(
  step: Step,
  paths: Paths,
  compilation: Compilation,
): State {
  const { statement, dialect } = compilation;
  switch (step.step) {
    case 'dedup':
    case 'subGraph': {
      const stage = nodesOnPaths(paths, statement, dialect);
      if (step.step === 'subGraph') {
        return subGraphStep([], reopen(stage), compilation);
      }
      return elements(onWay(reopen(stage), compilation));
    }
    case 'range':
      return {
        stream: 'paths',
        paths: pathsRange(paths, step.from, step.to, statement, dialect),
      };
    case 'count':
      return { stream: 'number', count: pathsCount(paths) };
    default:
      throw new Error(`${step.step} cannot follow paths`);
  }
}

/** Nodes from which ways begin again. */
function onWay(
  selection: Selection,
  { keepsWays, dialect }: Compilation,
): Selection {
  return keepsWays
    ? {
        ...selection,
        extras: ['trail'],
        keys: [...selection.keys, trailItem(selection.keys, dialect)],
      }
    : selection;
}
