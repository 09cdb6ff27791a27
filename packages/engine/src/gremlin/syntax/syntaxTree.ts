import { Place } from '../gremlinError';

/** `Has('Type', Within('pod'))`, or a bare word when there are no parentheses. */
export interface Call {
  readonly form: 'call';
  readonly name: string;
  /** Of the name. */
  readonly at: Place;
  /** `undefined` for a bare word. */
  readonly arguments?: readonly Argument[];
  /** Of the closing parenthesis. */
  readonly close?: Place;
  /** Within parentheses: the calls that follow behind dots, `Out().Has('Type', 'pod')`. */
  readonly then?: readonly Call[];
}

/** What stands between parentheses, before anything is known of its meaning. */
export type Argument =
  | { readonly form: 'text'; readonly value: string; readonly at: Place }
  | { readonly form: 'number'; readonly value: number; readonly at: Place }
  | Call;
