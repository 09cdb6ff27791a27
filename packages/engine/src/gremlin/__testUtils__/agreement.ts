import { GremlinError } from '../gremlinError';
import { parseGremlin } from '../parseGremlin';
import { Query } from '../query';
import { GremlinAnswer } from '../result';
import { FixtureDictionary, FixtureGraph } from './fixtureGraph';
import { interpret, NotANumber } from './referenceInterpreter';

/** How often the reference and SQL were asked the same, and what came of it. */
export class Agreement {
  answered = 0;
  found = 0;
  notNumbers = 0;
  refused = 0;

  /** Fails unless both give the same answer, or both refuse. A bound of the compiler alone may refuse. */
  async check(
    text: string,
    graph: FixtureGraph,
    dictionary: FixtureDictionary,
    run: () => Promise<GremlinAnswer>,
  ): Promise<void> {
    let query: Query;
    try {
      query = parseGremlin(text);
    } catch (error) {
      // Only a bound: the random queries are well formed.
      expect({ text, error: (error as Error).message }).toEqual({
        text,
        error: expect.stringMatching(/at most|nested/),
      });
      this.refused++;
      return;
    }
    const expected = expectedOf(query, graph, dictionary);
    const actual = await actualOf(run);
    if ('refused' in actual) {
      this.refused++;
      return;
    }
    expect({ text, ...actual }).toEqual({ text, ...expected });
    this.answered++;
    if ('error' in expected) {
      this.notNumbers++;
    } else if (JSON.stringify(expected.value).length > 2) {
      this.found++;
    }
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
  run: () => Promise<GremlinAnswer>,
): Promise<Outcome | { refused: string }> {
  try {
    return { value: (await run()).value };
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
