import { Json } from '../kinds/observation';

/** One field in which both disagree; `undefined`: it has none. */
export interface FieldDifference {
  field: string;
  stored?: Json;
  fresh?: Json;
}

/** Something that the database and a fresh reading of the cluster disagree about. */
export interface Difference {
  what: 'node' | 'edge' | 'event' | 'kind' | 'cluster';
  /** A node's key, `<source> -<relation>-> <target>`, `<about> <reason> <source>`, or `Kind[.group]`. */
  subject: string;
  /** The node's key, or `Kind[.group]`. */
  about: string;
  /** `absent`: the database lacks it; `surplus`: the cluster does. */
  problem: 'absent' | 'surplus' | 'different';
  /** What is different, or what the one side has that the other lacks. */
  fields: FieldDifference[];
}

export interface Verification {
  cluster: string;
  /** No difference, none left open, and nothing cut. */
  isEqual: boolean;
  /** What stood unchanged on both sides for the whole patience, at most `limit`. */
  differences: Difference[];
  /** Differences that were found, but not looked at any further, because there were more than `limit`. */
  more: number;
  /** Subjects that still changed when time was up: the cluster changes faster than it can be compared there. */
  unsettled: string[];
  /** What could not be compared, in words: kinds that may not be read, verdicts that rest on expired events. */
  notCompared: string[];
  /** How much was compared. */
  nodes: number;
  edges: number;
  /** The database's revision when the comparison began and when it ended. */
  revisions: { from: number; to: number };
  milliseconds: number;
}

export interface VerifyOptions {
  /** How long a difference has to stand, on both sides as it was, to count. Milliseconds; default: 10,000. */
  patience?: number;
  /** How long to wait for the lists, and again for what still changes. Milliseconds; default: 600,000. */
  timeout?: number;
  /** Differences that are returned. Default: 1,000. */
  limit?: number;
  signal?: AbortSignal;
}

/** The cluster could not be read, so that there is nothing to compare with. */
export class VerifyError extends Error {
  readonly name = 'VerifyError';
}

/** One line for a person. */
export function differenceText(difference: Difference): string {
  const { what, subject, problem, fields } = difference;
  const said = fields
    .map(
      ({ field, stored, fresh }) =>
        `${field}: stored ${JSON.stringify(stored)}, cluster ${JSON.stringify(
          fresh,
        )}`,
    )
    .join('; ');
  const problems = {
    absent: 'is not stored',
    surplus: 'is stored, but not in the cluster',
    different: 'differs',
  };
  return `${what} ${subject} ${problems[problem]}${said && `: ${said}`}`;
}
