import { isMap } from '../wellFormed';

/** One step of a path: a field's name, a place in a list, or every entry of a list or map. */
type Step = string | number | typeof EACH;

const EACH = Symbol('each');

/** A path that cannot be read. `column` counts from 1. */
export class FieldPathError extends Error {
  constructor(text: string, column: number, expected: string) {
    super(
      `'${text}', column ${column}: expected ${expected}. Write it as spec.listeners[*].tls, status.history[0].name or metadata.annotations["example.com/name"]`,
    );
    this.name = 'FieldPathError';
  }
}

/** What a path leads to, with the objects and lists on the way: the nearest first. */
export type Visit = (value: unknown, above: readonly unknown[]) => void;

/** An object of a cluster may hold a list of any length; so many entries are followed for one path. */
const MOST_FOUND = 500;

const NAME = /[A-Za-z_$][A-Za-z0-9_$-]*/y;
const INDEX = /\[(\d{1,3})\]/y;
const ALL = /\[\*\]/y;
const QUOTED = /\[(?:"([^"\]]+)"|'([^'\]]+)')\]/y;

/**
 * A path into an object: `spec.tls[*].secretName`, with `[*]` for each entry of a list (or value of a map), `[0]` for
 * one, and `["…"]` for names with dots in them. A path that is not there leads to nothing.
 */
export class FieldPath {
  readonly text: string;
  /** How many objects up it starts: `^.name` is a field of the object around. */
  readonly up: number;
  readonly #steps: readonly Step[];

  /** @throws FieldPathError */
  static parse(text: string): FieldPath {
    const ups = /^(?:\^\.)*/.exec(text)![0];
    return new FieldPath(text, ups.length / 2, parseSteps(text, ups.length));
  }

  private constructor(text: string, up: number, steps: readonly Step[]) {
    this.text = text;
    this.up = up;
    this.#steps = steps;
  }

  /** The names of fields that it starts with, as far as none is chosen by place. */
  get names(): string[] {
    const end = this.#steps.findIndex(step => typeof step !== 'string');
    return this.#steps.slice(0, end < 0 ? undefined : end) as string[];
  }

  /** Whether it leads to one place at most. */
  get isSingle(): boolean {
    return this.#steps.every(step => step !== EACH);
  }

  visit(from: unknown, visit: Visit): void {
    let found = 0;
    const follow = (value: unknown, at: number, above: unknown[]): void => {
      if (found >= MOST_FOUND) {
        return;
      }
      if (at === this.#steps.length) {
        if (value !== undefined && value !== null) {
          found++;
          visit(value, above);
        }
        return;
      }
      const step = this.#steps[at];
      const next = [value, ...above];
      if (step === EACH) {
        for (const each of entriesOf(value)) {
          follow(each, at + 1, next);
        }
      } else if (typeof step === 'number') {
        follow(Array.isArray(value) ? value[step] : undefined, at + 1, next);
      } else if (isMap(value) && Object.hasOwn(value, step)) {
        follow(value[step], at + 1, next);
      }
    };
    follow(from, 0, []);
  }

  /** All that it leads to. */
  all(from: unknown): unknown[] {
    const found: unknown[] = [];
    this.visit(from, value => found.push(value));
    return found;
  }

  /** The first that it leads to. */
  first(from: unknown): unknown {
    return this.all(from)[0];
  }
}

function entriesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value;
  }
  return isMap(value) ? Object.values(value) : [];
}

function parseSteps(text: string, from: number): Step[] {
  const steps: Step[] = [];
  let at = from;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) {
      at = pattern.lastIndex;
    }
    return match;
  };
  while (at < text.length || steps.length === 0) {
    const index = take(INDEX);
    const quoted = index ? null : take(QUOTED);
    if (index) {
      steps.push(Number(index[1]));
    } else if (quoted) {
      steps.push(quoted[1] ?? quoted[2]);
    } else if (take(ALL)) {
      steps.push(EACH);
    } else {
      if (steps.length > 0) {
        if (text[at] !== '.') {
          throw new FieldPathError(text, at + 1, "'.', '[' or the end");
        }
        at++;
      }
      const name = take(NAME);
      if (!name) {
        throw new FieldPathError(text, at + 1, "a field's name");
      }
      steps.push(name[0]);
    }
  }
  return steps;
}
