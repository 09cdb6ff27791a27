import { GremlinError } from './gremlinError';
import { nearestWord } from './nearestWord';
import { Query, Step, Stream, Traversal } from './query';
import { whyNotHere } from './skydiveSteps';
import { StepArguments, TraversalUse } from './stepArguments';
import { ModifierDefinition, MODIFIERS, StepDefinition, STEPS } from './steps';
import { Call } from './syntax/syntaxTree';

/** Every step is a part of one SQL statement: a database plans that many with ease. */
const MAXIMUM_STEPS = 40;
/** Each of them may read every edge, and SQLite cannot be stopped meanwhile. */
const MAXIMUM_HOPS = 12;
const HOPS: ReadonlySet<string> = new Set<Step['step']>([
  'follow',
  'ends',
  'closure',
  'impact',
  'subGraph',
  'repeat',
  'shortestPath',
]);

const BY_NAME = new Map(STEPS.map(each => [each.name.toLowerCase(), each]));

const STREAM_WORDS: Record<Stream, string> = {
  graph: 'a graph',
  nodes: 'nodes',
  edges: 'edges',
  values: 'values',
  maps: 'maps or keys',
  number: 'a number',
  paths: 'paths',
  summary: 'the answer',
};

const MODIFIER_BY_NAME = new Map(
  MODIFIERS.map(each => [each.name.toLowerCase(), each]),
);

const USE_WORDS: Record<TraversalUse, string> = {
  where: 'within a condition',
  repeat: 'within Repeat',
};

/** A step in the making: what stands beside it may still change it. */
interface Waiting {
  call: Call;
  definition: ModifierDefinition;
}

function possibleNames(stream: Stream, use: TraversalUse | undefined): string {
  return STEPS.filter(
    each => each.streams[stream] && (!use || each.within?.includes(use)),
  )
    .map(each => each.name)
    .join(', ');
}

class Reader {
  readonly #text: string;
  readonly #names = new Set<string>();
  #steps = 0;
  #hops = 0;

  constructor(text: string) {
    this.#text = text;
  }

  chain(
    calls: readonly Call[],
    start: Stream,
    use?: TraversalUse,
  ): { steps: Step[]; stream: Stream } {
    const steps: Step[] = [];
    let waiting: Waiting[] = [];
    let stream = start;
    for (const call of calls) {
      if (++this.#steps > MAXIMUM_STEPS) {
        throw this.#error(call, {
          problem: `a query has at most ${MAXIMUM_STEPS} steps`,
          reason: 'bound',
        });
      }
      const modifier = MODIFIER_BY_NAME.get(call.name.toLowerCase());
      if (modifier) {
        this.#checkParentheses(call, modifier.name);
        const last = steps.at(-1);
        if (last?.step === modifier.modifies) {
          steps[steps.length - 1] = this.#modified(last, call, modifier, false);
        } else {
          waiting.push({ call, definition: modifier });
        }
        continue;
      }
      this.#checkRepeat(steps.at(-1));
      const definition = this.#definitionOf(call);
      const next = definition.streams[stream];
      if (!next) {
        throw this.#misplaced(call, definition, stream, use);
      }
      if (use && !definition.within?.includes(use)) {
        throw this.#error(call, {
          problem: `${definition.name} does not work ${USE_WORDS[use]}`,
          expected: `one of ${possibleNames(stream, use)}`,
        });
      }
      if (use && stream === 'values' && definition.name !== 'Is') {
        throw this.#error(call, {
          problem: `${definition.name} does not work behind Values within a condition`,
          expected: 'Is(…)',
        });
      }
      if (definition.bare && call.arguments) {
        throw this.#error(call, {
          problem: `${definition.name} takes no parentheses`,
        });
      }
      if (!definition.bare) {
        this.#checkParentheses(call, definition.name);
      }
      let step = {
        ...definition.read(this.#argumentsOf(call, stream)),
        at: call.at,
      } as Step;
      for (const each of waiting) {
        step = this.#modified(step, each.call, each.definition, true);
      }
      waiting = [];
      this.#checkNames(step);
      this.#checkPlace(step, steps.length);
      this.#checkKeys(step, stream);
      this.#count(step);
      steps.push(step);
      stream = next;
    }
    if (waiting.length > 0) {
      throw this.#lonely(waiting[0]);
    }
    this.#checkRepeat(steps.at(-1));
    return { steps, stream };
  }

  #argumentsOf(call: Call, stream: Stream): StepArguments {
    return new StepArguments(this.#text, call, (calls, use): Traversal => {
      const before = this.#hops;
      const { steps, stream: result } = this.chain(calls, stream, use);
      if (use === 'repeat') {
        if (result !== 'nodes') {
          throw this.#error(calls.at(-1)!, {
            problem: `what Repeat repeats ends in ${STREAM_WORDS[result]}, and has to end in nodes`,
            expected: 'OutV(), InV() or BothV() behind edges',
          });
        }
        // They count with what Times says.
        this.#hops = before;
      }
      return { steps, result };
    });
  }

  #modified(
    step: Step,
    call: Call,
    definition: ModifierDefinition,
    before: boolean,
  ): Step {
    if (step.step !== definition.modifies) {
      throw this.#lonely({ call, definition });
    }
    const values = this.#argumentsOf(call, 'nodes');
    const modified = definition.read(step, values, before);
    if (!modified) {
      throw this.#error(call, {
        problem: `${definition.name} is said twice here`,
      });
    }
    return modified;
  }

  #lonely({ call, definition }: Waiting): GremlinError {
    return this.#error(call, {
      problem: `${definition.name} belongs to ${
        definition.modifies === 'repeat'
          ? 'Repeat(…)'
          : 'Group() or GroupCount()'
      }, and none stands beside it`,
    });
  }

  #checkParentheses(call: Call, name: string): void {
    if (!call.arguments) {
      throw this.#error(call, {
        problem: `${name} needs parentheses`,
        expected: `${name}()`,
      });
    }
  }

  /** Without any of them it would never give anything. */
  #checkRepeat(step: Step | undefined): void {
    if (
      step?.step === 'repeat' &&
      step.times === undefined &&
      !step.until &&
      !step.emit
    ) {
      throw new GremlinError({
        text: this.#text,
        at: step.at,
        problem: 'Repeat does not say when to stop, nor what to give',
        expected: 'Times(n), Until(…) or Emit() behind it',
      });
    }
  }

  #count(step: Step): void {
    this.#hops += HOPS.has(step.step) ? 1 : 0;
    if (this.#hops > MAXIMUM_HOPS) {
      throw new GremlinError({
        text: this.#text,
        at: step.at,
        problem: `a query follows edges at most ${MAXIMUM_HOPS} times`,
        expected: 'Descendants, Ascendants, Neighbors or Repeat with a depth',
        reason: 'bound',
      });
    }
  }

  #definitionOf(call: Call): StepDefinition {
    const definition = BY_NAME.get(call.name.toLowerCase());
    if (!definition) {
      const why = whyNotHere(call.name);
      if (why !== undefined) {
        throw this.#error(call, { problem: why });
      }
      const names = [...STEPS, ...MODIFIERS].map(each => each.name);
      const near = nearestWord(call.name, names);
      throw this.#error(call, {
        problem: `there is no step ${JSON.stringify(call.name)}`,
        suggestion: near,
        expected: near === undefined ? `one of ${names.join(', ')}` : undefined,
      });
    }
    return definition;
  }

  #misplaced(
    call: Call,
    definition: StepDefinition,
    stream: Stream,
    use: TraversalUse | undefined,
  ): GremlinError {
    const follows = Object.keys(definition.streams).map(
      each => STREAM_WORDS[each as Stream],
    );
    const possible = possibleNames(stream, use);
    return this.#error(call, {
      problem: `${definition.name} works on ${follows.join(
        ' or ',
      )}, and here is ${STREAM_WORDS[stream]}`,
      expected: possible === '' ? 'the end' : `one of ${possible}`,
    });
  }

  /** A query is of one moment: a part of it at another time would join what never was together. */
  #checkPlace(step: Step, place: number): void {
    if (step.step === 'at' && place !== 1) {
      throw new GremlinError({
        text: this.#text,
        at: step.at,
        problem: 'At works only directly behind the G that begins the query',
        expected: 'G.At(…) at the beginning',
      });
    }
  }

  /** Values and maps have no fields to tell them apart by. */
  #checkKeys(step: Step, stream: Stream): void {
    const takesKeys = stream === 'nodes' || stream === 'edges';
    if (step.step === 'dedup' && step.keys.length > 0 && !takesKeys) {
      throw new GremlinError({
        text: this.#text,
        at: step.at,
        problem: `Dedup takes fields on nodes and edges, and here is ${STREAM_WORDS[stream]}`,
        expected: 'Dedup()',
      });
    }
    const needsKey =
      (step.step === 'aggregate' && takesKeys && !step.key) ||
      ((step.step === 'aggregate' || step.step === 'group') &&
        !takesKeys &&
        step.key);
    if (needsKey) {
      throw new GremlinError({
        text: this.#text,
        at: step.at,
        problem: takesKeys
          ? 'of which field is not said'
          : `a field is taken of nodes and edges, and here is ${STREAM_WORDS[stream]}`,
        expected: takesKeys
          ? "a field, such as 'K8s.Replicas'"
          : 'nothing in the parentheses',
      });
    }
  }

  /** `Select` can only name what an `As` before it has named. */
  #checkNames(step: Step): void {
    if (step.step === 'as') {
      this.#names.add(step.name);
    }
    if (step.step === 'select') {
      const unknown = step.names.find(name => !this.#names.has(name));
      if (unknown !== undefined) {
        throw new GremlinError({
          text: this.#text,
          at: step.at,
          problem: `no As(${JSON.stringify(
            unknown,
          )}) stands before this Select`,
          suggestion: nearestWord(unknown, this.#names),
        });
      }
    }
  }

  #error(
    call: Call,
    rest: {
      problem: string;
      expected?: string;
      suggestion?: string;
      reason?: 'bound';
    },
  ): GremlinError {
    return new GremlinError({ text: this.#text, at: call.at, ...rest });
  }
}

/** Reads a whole query; throws `GremlinError`. */
export function readQuery(text: string, calls: readonly Call[]): Query {
  const { steps, stream } = new Reader(text).chain(calls, 'graph');
  return { text, steps, result: stream };
}
