import { GremlinError, Place } from './gremlinError';
import { nearestWord } from './nearestWord';

/** The attributes of nodes and edges outside `Metadata` (`skydive.md` 3.2). */
export const ATTRIBUTES = [
  '@ID',
  '@Host',
  '@Origin',
  '@CreatedAt',
  '@UpdatedAt',
  '@DeletedAt',
  '@Revision',
] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

/** A dotted path into `Metadata`, or an attribute such as `@ID`. */
export interface FieldPath {
  /** As it was written. */
  readonly text: string;
  /** Without a leading `Metadata`; at least one. */
  readonly segments: readonly string[];
}

const MAXIMUM_SEGMENTS = 16;

/**
 * Reads `K8s.Ports.Port`, `Metadata.Name`, `@ID` or `K8s.Labels["app.kubernetes.io/name"]`: a segment in brackets and
 * quotes may hold dots. Throws `GremlinError`.
 */
export function parseFieldPath(
  written: string,
  query: string,
  at: Place,
): FieldPath {
  const fail = (problem: string, suggestion?: string) =>
    new GremlinError({
      text: query,
      at,
      problem,
      suggestion,
      expected:
        suggestion === undefined
          ? 'a field such as Name, K8s.Node or K8s.Labels["app.kubernetes.io/name"]'
          : undefined,
    });

  const segments: string[] = [];
  const token = /\[(?:"([^"]*)"|'([^']*)')\]|(\.?)([^.[\]]+)/y;
  while (token.lastIndex < written.length) {
    const first = token.lastIndex === 0;
    const match = token.exec(written);
    if (!match || (match[4] !== undefined && first === (match[3] === '.'))) {
      throw fail(`${JSON.stringify(written)} is no field`);
    }
    segments.push(match[1] ?? match[2] ?? match[4]);
  }
  if (segments.length > 1 && segments[0] === 'Metadata') {
    segments.shift();
  }
  if (segments.length === 0 || segments.includes('')) {
    throw fail(`${JSON.stringify(written)} is no field`);
  }
  if (segments.length > MAXIMUM_SEGMENTS) {
    throw fail(`a field has at most ${MAXIMUM_SEGMENTS} parts`);
  }
  const [first] = segments;
  if (
    first.startsWith('@') &&
    (segments.length > 1 || !ATTRIBUTES.some(each => each === first))
  ) {
    throw fail(
      `there is no attribute ${JSON.stringify(written)}`,
      nearestWord(first, ATTRIBUTES) ?? ATTRIBUTES.join(', '),
    );
  }
  return { text: written, segments };
}
