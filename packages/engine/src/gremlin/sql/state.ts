import { Step } from '../query';
import { Paths } from './paths';
import { Selection } from './selection';
import { Sql } from './sql';
import { Values } from './values';

/** Where the compilation stands: what the steps so far have selected. */
export type State =
  | { stream: 'graph' }
  | { stream: 'elements'; selection: Selection }
  | { stream: 'paths'; paths: Paths }
  /** `then`: what is done with them in process. */
  | { stream: 'values'; values: Values; then: Step[] }
  | { stream: 'number'; count: Sql }
  /** Made from whole rows in process, as are the steps after it. */
  | { stream: 'maps'; selection: Selection; make: Step; then: Step[] };

export function elements(selection: Selection): State {
  return { stream: 'elements', selection };
}

export function selectionOf(state: State): Selection {
  if (state.stream !== 'elements') {
    throw new Error('no elements are selected here');
  }
  return state.selection;
}
