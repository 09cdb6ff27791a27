import { GremlinError } from './gremlinError';
import { Query } from './query';
import { readQuery } from './readSteps';
import { parseCalls } from './syntax/parser';
import { isStorable } from './syntax/textLiteral';

export interface ParseBounds {
  /** Characters; default 10,000. */
  queryLength?: number;
}

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
  if (calls[0].name.toLowerCase() !== 'g') {
    throw new GremlinError({
      text,
      at: calls[0].at,
      problem: `a query does not begin with ${JSON.stringify(calls[0].name)}`,
      expected: '"G", with which every query begins',
    });
  }

  return readQuery(text, calls);
}
