import { z } from 'zod';
import { RuleSet, ruleSetSchema } from './ruleSchema';

/** Rules that cannot be used: where they stand, and everything that is wrong with them. */
export class RulesError extends Error {
  /** `app-config.yaml kubernetesTopology.rules`, or the path of a file. */
  readonly where: string;
  readonly problems: readonly string[];

  constructor(where: string, problems: readonly string[]) {
    super(
      `The rules in ${where} cannot be used:\n${problems
        .map(problem => `  ${problem}`)
        .join('\n')}`,
    );
    this.name = 'RulesError';
    this.where = where;
    this.problems = problems;
  }
}

/**
 * Checks rules as they were read from YAML or configuration, and puts in what they leave to defaults.
 *
 * @param where as the reader of an error finds them
 * @throws RulesError that names every place and what was expected there
 */
export function parseRules(data: unknown, where: string): RuleSet {
  const parsed = ruleSetSchema.safeParse(data ?? {});
  if (!parsed.success) {
    throw new RulesError(
      where,
      parsed.error.issues.flatMap(issue => told(issue, data, [])),
    );
  }
  return parsed.data;
}

type Issue = z.core.$ZodIssue;
type Place = readonly PropertyKey[];

function told(issue: Issue, data: unknown, above: Place): string[] {
  const place = [...above, ...issue.path];
  const branch =
    issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
  return branch
    ? branch.flatMap(each => told(each, data, place))
    : [`${placeText(place)}: ${problemText(issue, valueAt(data, place))}`];
}

/** Of the ways to write something the one that was tried: whose type fits, with clearly the fewest mistakes. */
function meantBranch(branches: readonly Issue[][]): Issue[] | undefined {
  const [best, next] = branches
    .filter(issues => !issues.some(isOfOtherType))
    .sort((one, other) => mistakes(one) - mistakes(other));
  return best && next && mistakes(best) === mistakes(next) ? undefined : best;
}

function mistakes(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) =>
      sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );
}

function isOfOtherType(issue: Issue): boolean {
  if (issue.path.length > 0) {
    return false;
  }
  return issue.code === 'invalid_union'
    ? issue.errors.every(issues => issues.some(isOfOtherType))
    : issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields',
  record: 'fields',
};

function problemText(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? `is missing: expected ${TYPES[issue.expected] ?? issue.expected}`
        : `expected ${
            TYPES[issue.expected] ?? issue.expected
          }, but it is ${shown(value)}`;
    case 'invalid_value':
      return `expected ${issue.values
        .map(each => `'${String(each)}'`)
        .join(', ')}, but it is ${shown(value)}`;
    case 'unrecognized_keys':
      return issue.message;
    default:
      return value === undefined || issue.message.includes(String(value))
        ? issue.message
        : `${issue.message}, but it is ${shown(value)}`;
  }
}

/** Whole rules are not repeated in an error. */
function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : String(value);
}

function placeText(place: Place): string {
  const text = place
    .map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  return text.replace(/^\./, '') || 'the rules';
}

function valueAt(data: unknown, place: Place): unknown {
  return place.reduce<any>((value, step) => value?.[step], data);
}
