import { RE2JS } from 're2js';
import { isStorable } from './syntax/textLiteral';

/**
 * What a text must be like. It is matched in this process against the distinct values of a field, so it means the
 * same on every database, and in linear time (RE2).
 */
export interface TextPattern {
  /** As a query writes it, for messages. */
  readonly text: string;
  /** A text that every match contains: the database leaves out what has it not. */
  readonly mustContain?: string;
  matches(value: string): boolean;
}

/** Why a pattern cannot be read; `message` has no position. */
export class PatternError extends Error {}

const MAXIMUM_PATTERN = 1000;

/** Searches, as TinkerPop's `TextP.regex` does: `task-pv-*` finds `task-pv-pod`. Throws what is wrong as a text. */
export function regexPattern(pattern: string): TextPattern {
  if (pattern.length > MAXIMUM_PATTERN) {
    throw new PatternError(`it is longer than ${MAXIMUM_PATTERN} characters`);
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    throw new PatternError(
      String((error as Error).message).replace(/^error parsing regexp: /, ''),
    );
  }
  const prefix: unknown = compiled.re2().prefix;
  return {
    text: `Regex(${JSON.stringify(pattern)})`,
    mustContain:
      typeof prefix === 'string' && prefix.length > 0 && isStorable(prefix)
        ? prefix
        : undefined,
    matches: value => compiled.test(value),
  };
}

/** IPv4 addresses within a network; the value may carry a prefix length. Throws what is wrong as a text. */
export function ipv4RangePattern(network: string): TextPattern {
  const match = /^([0-9.]+)\/([0-9]{1,2})$/.exec(network);
  const base = match && ipv4Number(match[1]);
  const bits = Number(match?.[2]);
  if (base === null || base === undefined || bits > 32) {
    throw new PatternError('expected a network such as 10.1.0.0/16');
  }
  const size = 2 ** (32 - bits);
  const start = Math.floor(base / size);
  return {
    text: `Ipv4Range(${JSON.stringify(network)})`,
    matches: value => {
      const address = ipv4Number(value.replace(/\/[0-9]{1,2}$/, ''));
      return address !== undefined && Math.floor(address / size) === start;
    },
  };
}

function ipv4Number(text: string): number | undefined {
  const parts = text.split('.');
  if (
    parts.length !== 4 ||
    !parts.every(part => /^(0|[1-9][0-9]{0,2})$/.test(part) && +part <= 255)
  ) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
