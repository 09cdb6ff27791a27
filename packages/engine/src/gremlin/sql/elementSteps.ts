import { FieldPath } from '../fieldPath';
import { Step } from '../query';
import { closureStep } from './closureStep';
import { Compilation } from './compilation';
import { ends, follow } from './hops';
import { impactStep } from './impactStep';
import {
  countOf,
  dedupByKeys,
  firstOfEach,
  limited,
  sorted,
} from './listSteps';
import { pathsOf } from './paths';
import { repeatStep } from './repeatStep';
import { reopen, Selection } from './selection';
import { shortestPathStep } from './shortestPathStep';
import { elements, State } from './state';
import { subGraphStep } from './subGraphStep';
import { occurrencesOf, Values, valuesOf } from './values';

const ID: FieldPath = { text: '@ID', segments: ['@ID'] };

/** Steps on nodes and edges. */
export function onElements(
  step: Step,
  selection: Selection,
  compilation: Compilation,
): State {
  const { narrowing, view, scope, statement, dialect } = compilation;
  switch (step.step) {
    case 'has':
      return elements(
        narrowing.narrow(selection, step.conditions, step.match === 'any'),
      );
    case 'follow':
      return elements(
        narrowing.narrow(
          follow(compilation.close(selection), step, view, scope, dialect),
          step.conditions,
        ),
      );
    case 'ends':
      return elements(
        narrowing.narrow(
          ends(compilation.close(selection), step.end, view, dialect),
          step.conditions,
        ),
      );
    case 'closure':
      return elements(closureStep(step, selection, compilation));
    case 'impact':
      return elements(impactStep(step, selection, compilation));
    case 'where':
      return elements(compilation.conditions.where(step, selection));
    case 'repeat':
      return elements(repeatStep(step, selection, compilation));
    case 'path':
      return {
        stream: 'paths',
        paths: pathsOf(
          reopen(compilation.close(selection)),
          statement,
          dialect,
        ),
      };
    case 'shortestPath':
      return {
        stream: 'paths',
        paths: shortestPathStep(step, selection, compilation),
      };
    case 'dedup':
      return elements(dedup(step, selection, compilation));
    case 'range':
      return elements(
        limited(
          compilation.single(selection),
          step.from,
          step.to,
          statement,
          dialect,
        ),
      );
    case 'sort':
      return elements(
        sorted(
          compilation.rowOf(selection),
          narrowing.field(selection, step.key),
          step.descending,
          statement,
          dialect,
        ),
      );
    case 'count': {
      const counted =
        (selection.repeats && !selection.times) || view.moment.isPast
          ? reopen(compilation.close(selection))
          : selection;
      return { stream: 'number', count: countOf(counted) };
    }
    case 'values':
      return {
        stream: 'values',
        values: valuesOf(
          compilation.rowOf(selection),
          narrowing.field(selection, step.key),
          statement,
          dialect,
        ),
        then: [],
      };
    case 'aggregate':
      return {
        stream: 'values',
        values: unordered(selection, step.key!, compilation),
        then: [step],
      };
    case 'group':
      if (step.of === 'count') {
        return {
          stream: 'values',
          values: unordered(selection, step.key ?? ID, compilation),
          then: [step],
        };
      }
      return { stream: 'maps', selection, make: step, then: [] };
    case 'valueMap':
    case 'keys':
      return { stream: 'maps', selection, make: step, then: [] };
    case 'subGraph':
      return subGraphStep(step.edges, selection, compilation);
    default:
      throw new Error(`${step.step} cannot follow ${selection.element}`);
  }
}

/** In no order, and each different value once. */
function unordered(
  selection: Selection,
  key: FieldPath,
  compilation: Compilation,
): Values {
  return occurrencesOf(
    compilation.rowOf(selection),
    compilation.narrowing.field(selection, key),
    compilation.statement,
    compilation.dialect,
  );
}

function dedup(
  step: Extract<Step, { step: 'dedup' }>,
  selection: Selection,
  compilation: Compilation,
): Selection {
  const { narrowing, statement, dialect } = compilation;
  // What came again may have another number in the store, but it has its former id.
  const keys =
    step.keys.length === 0 && selection.extras.includes('since')
      ? [ID]
      : step.keys;
  if (keys.length > 0) {
    return dedupByKeys(
      compilation.rowOf(selection),
      keys.map(key => narrowing.field(selection, key)),
      statement,
      dialect,
    );
  }
  return selection.extras.includes('trail')
    ? firstOfEach(reopen(compilation.close(selection)), statement, dialect)
    : { ...selection, times: undefined };
}
