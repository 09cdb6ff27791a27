import { GremlinError } from '../gremlinError';
import { parseGremlin } from '../parseGremlin';
import { Query } from '../query';
import { GremlinAnswer } from '../result';
import { runGremlin, RunGremlinOptions } from '../runGremlin';
import { FixtureDictionary, FixtureGraph } from './fixtureGraph';
import { interpret, NotANumber } from './referenceInterpreter';

/** How often the reference and SQL were asked the same, and what came of it. */
export class Agreement {
  answered = 0;
  found = 0;
  notNumbers = 0;
  refused = 0;

  /** What both say; the same where a bound refuses, which the reference knows nothing of. */
  async ask(
    options: RunGremlinOptions,
    graph: FixtureGraph,
    dictionary: FixtureDictionary,
  ): Promise<{ expected: object; actual: object }> {
    const { text } = options;
    let query: Query;
    try {
      query = parseGremlin(text);
    } catch (error) {
      // The random queries are well formed.
      const { message } = error as Error;
      const expected = /at most|nested/.test(message) ? message : 'a bound';
      this.refused++;
      return {
        expected: { text, expected },
        actual: { text, expected: message },
      };
    }
    const actual = await actualOf(options);
    if ('refused' in actual) {
      this.refused++;
      return { expected: actual, actual };
    }
    const expected = expectedOf(query, graph, dictionary);
    this.answered++;
    if ('error' in expected) {
      this.notNumbers++;
    } else if (JSON.stringify(expected.value).length > 2) {
      this.found++;
    }
    return { expected: { text, ...expected }, actual: { text, ...actual } };
  }

  toString(): string {
    return `${this.answered} queries agree: ${this.found} find something, ${this.notNumbers} ask for numbers where there are none; ${this.refused} are refused by a bound`;
  }
}

type Outcome = { value: GremlinAnswer['value'] } | { error: string };

function expectedOf(
  query: Query,
  graph: FixtureGraph,
  dictionary: FixtureDictionary,
): Outcome {
  try {
    return { value: interpret(query, graph, dictionary) };
  } catch (error) {
    if (error instanceof NotANumber) {
      return { error: 'not a number' };
    }
    throw error;
  }
}

async function actualOf(
  options: RunGremlinOptions,
): Promise<Outcome | { refused: string }> {
  try {
    return { value: (await runGremlin(options)).value };
  } catch (error) {
    if (!(error instanceof GremlinError)) {
      throw error;
    }
    if (error.message.includes('is not a number')) {
      return { error: 'not a number' };
    }
    if (
      error.reason === 'bound' ||
      error.message.includes('Path() does not know') ||
      error.message.includes('Path() knows')
    ) {
      return { refused: error.message };
    }
    throw error;
  }
}
