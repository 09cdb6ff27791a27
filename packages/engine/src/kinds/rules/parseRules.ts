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
      parsed.error.issues.map(issue => told(issue, data, [])),
    );
  }
  return parsed.data;
}

type Issue = z.core.$ZodIssue;
type Place = readonly PropertyKey[];

function told(issue: Issue, data: unknown, above: Place): string {
  const place = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue.errors);
    if (branch) {
      return told(branch[0], data, place);
    }
  }
  return `${placeText(place)}: ${problemText(issue, valueAt(data, place))}`;
}

/** Of the ways to write something the one that was tried: whose type fits, with the fewest mistakes. */
function meantBranch(branches: readonly Issue[][]): Issue[] | undefined {
  return branches
    .filter(issues => !issues.some(isOfOtherType))
    .sort((one, other) => one.length - other.length)[0];
}

function isOfOtherType({ path, code }: Issue): boolean {
  return (
    path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
  );
}

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

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields',
  record: 'fields',
};

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
