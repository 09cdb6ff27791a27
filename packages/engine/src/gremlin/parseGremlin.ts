import { GremlinError } from './gremlinError';
import { nearestWord } from './nearestWord';
import { Query, Step, Stream } from './query';
import { whyNotHere } from './skydiveSteps';
import { StepArguments } from './stepArguments';
import { StepDefinition, STEPS } from './steps';
import { parseCalls } from './syntax/parser';
import { Call } from './syntax/syntaxTree';
import { isStorable } from './syntax/textLiteral';

export interface ParseBounds {
  /** Characters; default 10,000. */
  queryLength?: number;
}

/** Every step is a part of one SQL statement: a database plans that many with ease. */
const MAXIMUM_STEPS = 40;
/** Each of them may read every edge, and SQLite cannot be stopped meanwhile. */
const MAXIMUM_HOPS = 12;
const HOPS: ReadonlySet<string> = new Set<Step['step']>([
  'follow',
  'ends',
  'closure',
  'subGraph',
]);

const BY_NAME = new Map(STEPS.map(each => [each.name.toLowerCase(), each]));

const STREAM_WORDS: Record<Stream, string> = {
  graph: 'a graph',
  nodes: 'nodes',
  edges: 'edges',
  values: 'values',
  maps: 'maps or keys',
  number: 'a number',
};

/**
 * Reads a query of Skydive's Gremlin dialect (`skydive.md` section 3, `docs/query-language.md`). Letter case of steps
 * and predicates does not count. Throws `GremlinError` and nothing else.
 */
export function parseGremlin(text: string, bounds: ParseBounds = {}): Query {
  const maximum = bounds.queryLength ?? 10_000;
  if (text.length > maximum) {
    throw new GremlinError({
      text: text.slice(0, maximum),
      at: { offset: maximum, length: 1 },
      problem: `the query is longer than ${maximum} characters`,
      reason: 'bound',
    });
  }
  if (!isStorable(text)) {
    const offset = [...text].findIndex(character => !isStorable(character));
    throw new GremlinError({
      text: text.replace(/[\0\uD800-\uDFFF]/gu, '\uFFFD'),
      at: { offset: [...text].slice(0, offset).join('').length, length: 1 },
      problem: 'a NUL or half a character means nothing in this language',
    });
  }
  const calls = parseCalls(text);
  if (calls.length > MAXIMUM_STEPS) {
    throw new GremlinError({
      text,
      at: calls[MAXIMUM_STEPS].at,
      problem: `a query has at most ${MAXIMUM_STEPS} steps`,
      reason: 'bound',
    });
  }
  if (calls[0].name.toLowerCase() !== 'g') {
    throw new GremlinError({
      text,
      at: calls[0].at,
      problem: `a query does not begin with ${JSON.stringify(calls[0].name)}`,
      expected: '"G", with which every query begins',
    });
  }

  const steps: Step[] = [];
  const names = new Set<string>();
  let stream: Stream = 'graph';
  for (const call of calls) {
    const definition = definitionOf(text, call);
    const next: Stream | undefined = definition.streams[stream];
    if (!next) {
      throw misplaced(text, call, definition, stream);
    }
    if (definition.bare ? call.arguments : !call.arguments) {
      throw new GremlinError({
        text,
        at: call.at,
        problem: definition.bare
          ? `${definition.name} takes no parentheses`
          : `${definition.name} needs parentheses`,
        expected: definition.bare ? undefined : `${definition.name}()`,
      });
    }
    const step = {
      ...definition.read(new StepArguments(text, call)),
      at: call.at,
    } as Step;
    checkNames(text, step, names);
    checkPlace(text, step, steps.length);
    checkKeys(text, step, stream);
    steps.push(step);
    if (steps.filter(each => HOPS.has(each.step)).length > MAXIMUM_HOPS) {
      throw new GremlinError({
        text,
        at: step.at,
        problem: `a query follows edges at most ${MAXIMUM_HOPS} times`,
        expected: 'Descendants, Ascendants or Neighbors with a depth',
        reason: 'bound',
      });
    }
    stream = next;
  }
  return { text, steps, result: stream };
}

function definitionOf(text: string, call: Call): StepDefinition {
  const definition = BY_NAME.get(call.name.toLowerCase());
  if (!definition) {
    const why = whyNotHere(call.name);
    if (why !== undefined) {
      throw new GremlinError({
        text,
        at: call.at,
        problem: `Skydive's step ${call.name} ${why}`,
      });
    }
    const names = STEPS.map(each => each.name);
    const near = nearestWord(call.name, names);
    throw new GremlinError({
      text,
      at: call.at,
      problem: `there is no step ${JSON.stringify(call.name)}`,
      suggestion: near,
      expected: near === undefined ? `one of ${names.join(', ')}` : undefined,
    });
  }
  return definition;
}

function misplaced(
  text: string,
  call: Call,
  definition: StepDefinition,
  stream: Stream,
): GremlinError {
  const follows = Object.keys(definition.streams).map(
    each => STREAM_WORDS[each as Stream],
  );
  const possible = STEPS.filter(each => each.streams[stream]).map(
    each => each.name,
  );
  return new GremlinError({
    text,
    at: call.at,
    problem: `${definition.name} works on ${follows.join(
      ' or ',
    )}, and here is ${STREAM_WORDS[stream]}`,
    expected: `one of ${possible.join(', ')}`,
  });
}

/** A query is of one moment: a part of it at another time would join what never was together. */
function checkPlace(text: string, step: Step, place: number): void {
  if (step.step === 'at' && place !== 1) {
    throw new GremlinError({
      text,
      at: step.at,
      problem: 'At works only directly behind the G that begins the query',
      expected: 'G.At(…) at the beginning',
    });
  }
}

/** Values and maps have no fields to tell them apart by. */
function checkKeys(text: string, step: Step, stream: Stream): void {
  if (
    step.step === 'dedup' &&
    step.keys.length > 0 &&
    stream !== 'nodes' &&
    stream !== 'edges'
  ) {
    throw new GremlinError({
      text,
      at: step.at,
      problem: `Dedup takes fields on nodes and edges, and here is ${STREAM_WORDS[stream]}`,
      expected: 'Dedup()',
    });
  }
}

/** `Select` can only name what an `As` before it has named. */
function checkNames(text: string, step: Step, names: Set<string>): void {
  if (step.step === 'as') {
    names.add(step.name);
  }
  if (step.step === 'select') {
    const unknown = step.names.find(name => !names.has(name));
    if (unknown !== undefined) {
      throw new GremlinError({
        text,
        at: step.at,
        problem: `no As(${JSON.stringify(unknown)}) stands before this Select`,
        suggestion: nearestWord(unknown, names),
      });
    }
  }
}
