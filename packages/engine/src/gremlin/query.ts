import { FieldPath } from './fieldPath';
import { Place } from './gremlinError';
import { QueryTime } from './queryTime';
import { TextPattern } from './textPattern';

export type Literal = string | number | boolean;

export interface Bound {
  readonly value: number;
  readonly inclusive: boolean;
}

/** What is asked of a field. A field that crosses lists, or is one, passes when any of its elements does. */
export type Test =
  | { readonly test: 'present' }
  | { readonly test: 'absent' }
  | { readonly test: 'equals'; readonly anyOf: readonly Literal[] }
  /** No element equals any of them; `whenAbsent` is the answer for a field that is not there. */
  | {
      readonly test: 'differs';
      readonly noneOf: readonly Literal[];
      readonly whenAbsent: boolean;
    }
  | { readonly test: 'within'; readonly above?: Bound; readonly below?: Bound }
  | { readonly test: 'outside'; readonly below: number; readonly above: number }
  | { readonly test: 'matches'; readonly pattern: TextPattern }
  /** It is there, and the test does not hold. */
  | { readonly test: 'not'; readonly of: Test };

export interface Condition {
  readonly field: FieldPath;
  readonly test: Test;
}

export type Direction = 'out' | 'in' | 'both';

/** Steps within parentheses, which begin at each element that the step outside is about. */
export interface Traversal {
  readonly steps: readonly Step[];
  readonly result: Stream;
}

/** A part of `Repeat`: whether it stands before (and so is about the start, too), and for which elements it holds. */
export interface RepeatRule {
  readonly before: boolean;
  /** `undefined`: for all. */
  readonly of?: Traversal;
}

type StepForm =
  | { readonly step: 'graph' }
  /** Directly after the first `graph`: the moment of the whole query. */
  | {
      readonly step: 'at';
      readonly time: QueryTime;
      /** A span of so many milliseconds that ends then; all revisions in it. */
      readonly span?: number | 'forever';
    }
  | { readonly step: 'nodes'; readonly ids: readonly string[] }
  | { readonly step: 'edges'; readonly ids: readonly string[] }
  | {
      readonly step: 'has';
      readonly match: 'all' | 'any';
      readonly conditions: readonly Condition[];
    }
  /** Over edges to the nodes at their other end, or to the edges themselves; all conditions hold there. */
  | {
      readonly step: 'follow';
      readonly direction: Direction;
      readonly to: 'nodes' | 'edges';
      readonly conditions: readonly Condition[];
    }
  /** From edges to the nodes at their ends. */
  | {
      readonly step: 'ends';
      readonly end: 'parent' | 'child' | 'both';
      readonly conditions: readonly Condition[];
    }
  /** The start and everything that is reached from it; edges pass when any of the conditions holds. */
  | {
      readonly step: 'closure';
      readonly direction: Direction;
      readonly edges: readonly Condition[];
      readonly depth: number | 'unlimited';
    }
  /** What would break or go if the nodes went, without themselves; `hard`: only what could not do without. */
  | { readonly step: 'impact'; readonly only?: 'hard' }
  /** The elements for which all, any or none of the traversals find something. */
  | {
      readonly step: 'where';
      readonly match: 'all' | 'any' | 'none';
      readonly of: readonly Traversal[];
    }
  /** The body again and again: so many times, or until a condition holds; `emit`: what it passes belongs to the result. */
  | {
      readonly step: 'repeat';
      readonly body: Traversal;
      readonly times?: number;
      readonly until?: RepeatRule & { readonly of: Traversal };
      readonly emit?: RepeatRule;
    }
  /** From each node one shortest way, over edges in either direction, to a node for which all conditions hold. */
  | {
      readonly step: 'shortestPath';
      readonly target: readonly Condition[];
      readonly edges: readonly Condition[];
    }
  /** The ways by which the elements were reached. */
  | { readonly step: 'path' }
  | { readonly step: 'dedup'; readonly keys: readonly FieldPath[] }
  /** Positions from (inclusive) to (exclusive). */
  | { readonly step: 'range'; readonly from: number; readonly to: number }
  | {
      readonly step: 'sort';
      readonly key: FieldPath;
      readonly descending: boolean;
    }
  | { readonly step: 'count' }
  /** Of the field's values, or of the values that come in. */
  | {
      readonly step: 'aggregate';
      readonly of: 'sum' | 'min' | 'max' | 'mean';
      readonly key?: FieldPath;
    }
  /** How many (or which) elements have each value of the field. */
  | {
      readonly step: 'group';
      readonly of: 'count' | 'elements';
      readonly key?: FieldPath;
    }
  /** Values, or a count, for which a test holds. */
  | { readonly step: 'is'; readonly test: Test }
  /** What is new, gone and different compared with another time; the last step. */
  | { readonly step: 'diff'; readonly time: QueryTime }
  | { readonly step: 'values'; readonly key: FieldPath }
  | { readonly step: 'valueMap'; readonly keys: readonly FieldPath[] }
  | { readonly step: 'keys' }
  | { readonly step: 'subGraph'; readonly edges: readonly Condition[] }
  | { readonly step: 'as'; readonly name: string }
  | { readonly step: 'select'; readonly names: readonly string[] };

/** One step, with its place in the text for errors that only running it can find. */
export type Step = StepForm & { readonly at: Place };

/** What a step hands to the next one. */
export type Stream =
  | 'graph'
  | 'nodes'
  | 'edges'
  | 'paths'
  | 'values'
  | 'maps'
  | 'number'
  /** An object that answers the query: nothing follows it. */
  | 'summary';

/** A query that is well formed and whose steps fit each other. */
export interface Query {
  readonly text: string;
  /** The first is always `graph`. */
  readonly steps: readonly Step[];
  readonly result: Stream;
}
